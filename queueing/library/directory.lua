-- Who offers what and who can do what, in versions: a newer one replaces an older one.

local function known(ctx, kind)
  local ids = {}
  for _, id in ipairs(redis.call('SMEMBERS', ctx.q .. ':' .. kind .. 's')) do
    ids[id] = true
  end
  return ids
end

local function publish_service(ctx, places, entry)
  local key = ctx.q .. ':service:' .. entry.id
  local flat = {
    'company', entry.company, 'allowance', entry.allowance,
    'target', entry.target,
    'mask', masks.of(ctx, places, entry.needs),
    'widening', widening.text(ctx, places, entry.widening),
    'cool_down', entry.cool_down, 'wrap_up', entry.wrap_up,
  }
  for variant, levels in pairs(entry.variants) do
    flat[#flat + 1] = 'variant:' .. variant
    flat[#flat + 1] = masks.of(ctx, places, levels)
  end
  for topic, levels in pairs(entry.topics) do
    flat[#flat + 1] = 'topic:' .. topic
    flat[#flat + 1] = masks.of(ctx, places, levels)
  end
  redis.call('DEL', key)
  redis.call('HSET', key, unpack(flat))
  redis.call('SADD', ctx.q .. ':services', entry.id)
end

local function new_agent(ctx, id)
  local a = context.record(ctx, 'agent', id)
  local fields = {
    state = 'offline', was = '', server = '', connection = '', call = '', token = '',
    ['until'] = '', idle_since = '0', independent = '', misses = '0', name = '', listed = '',
    companies = '', profile = '', rank = '0', cool_until = '', wish = '',
  }
  for field, value in pairs(fields) do
    context.set(ctx, a, field, value)
  end
  return a
end

-- Put the agent under a profile, in whatever state; a ready one is in no index after it.
local function equip(ctx, a, mask, companies, reserve)
  local profile, rank = idle.profile(ctx, mask, companies, reserve)
  if profile == a.profile and companies == a.companies then
    return false
  end
  agents.unlist(ctx, a)
  if a.state ~= 'offline' then
    idle.count(ctx, a, -1)
  end
  context.set(ctx, a, 'companies', companies)
  context.set(ctx, a, 'profile', profile)
  context.set(ctx, a, 'rank', context.text(rank))
  if a.state ~= 'offline' then
    idle.count(ctx, a, 1)
  end
  return true
end

local function publish_agent(ctx, places, entry)
  local a = context.load(ctx, 'agent', entry.id) or new_agent(ctx, entry.id)
  redis.call('SADD', ctx.q .. ':agents', entry.id)
  if a.name ~= entry.name then
    context.set(ctx, a, 'name', entry.name)
  end
  if a.independent ~= entry.independent then
    context.set(ctx, a, 'independent', entry.independent)
  end
  if a.listed ~= '1' then
    context.set(ctx, a, 'listed', '1')
  end
  local mask = masks.of(ctx, places, entry.skills)
  return equip(ctx, a, mask, entry.companies, entry.reserve), a
end

local function remove_rest(ctx, services, listed)
  for id in pairs(services) do
    redis.call('DEL', ctx.q .. ':service:' .. id)
    redis.call('SREM', ctx.q .. ':services', id)
  end
  local changed = {}
  for id in pairs(listed) do
    local a = context.load(ctx, 'agent', id)
    context.set(ctx, a, 'listed', '')
    redis.call('SREM', ctx.q .. ':agents', id)
    if equip(ctx, a, '', '', '0') then
      changed[#changed + 1] = a
    end
  end
  return changed
end

-- The version that is held, or -1.
function directory.version(ctx)
  return tonumber(redis.call('HGET', ctx.q .. ':meta', 'directory') or '-1')
end

-- Waiting calls keep the needs they came with; an agent who is no longer listed keeps a
-- call in progress and is offered none.
function directory.publish(ctx, version, text)
  if tonumber(version) <= directory.version(ctx) then
    return false
  end
  local entries, places = cjson.decode(text), masks.places(ctx)
  local services, listed = known(ctx, 'service'), known(ctx, 'agent')
  local changed = {}
  for _, entry in ipairs(entries.services) do
    publish_service(ctx, places, entry)
    services[entry.id] = nil
  end
  for _, entry in ipairs(entries.agents) do
    local moved, a = publish_agent(ctx, places, entry)
    if moved then
      changed[#changed + 1] = a
    end
    listed[entry.id] = nil
  end
  for _, a in ipairs(remove_rest(ctx, services, listed)) do
    changed[#changed + 1] = a
  end
  redis.call('HSET', ctx.q .. ':meta', 'directory', version)
  table.sort(changed, function(one, other) return one.id < other.id end)
  for _, a in ipairs(changed) do
    agents.match(ctx, a)
  end
  return true
end
