-- Who offers what and who can do what, in versions: a newer one replaces an older one.
--
-- A version is written in many small steps, so that nobody waits long for any of them.
-- Agents take their new entries one after another, each with all that follows from it;
-- services and the plan of scarce skills are set aside and come into force together at the
-- end. So a call never meets an agent older than its own needs; and since calls keep the
-- needs that they came with, an agent newer than a call is what every publish brings.

local function next_key(ctx, kind)
  return ctx.q .. ':' .. kind .. '-next'
end

-- The version that is held, or -1.
function directory.version(ctx)
  return tonumber(context.meta(ctx).directory) or -1
end

local function discard(ctx)
  for _, id in ipairs(redis.call('SMEMBERS', next_key(ctx, 'services'))) do
    redis.call('DEL', next_key(ctx, 'service') .. ':' .. id)
  end
  redis.call('DEL', next_key(ctx, 'services'), next_key(ctx, 'agents'), next_key(ctx, 'gone'))
end

-- Says whether this version is to be written. Of two, the newer is: the older one's steps
-- do nothing from then on. The same version may be written by several at once.
function directory.begin(ctx, version, reserves)
  local writing = tonumber(redis.call('HGET', ctx.q .. ':meta', 'writing') or '-1')
  if tonumber(version) <= directory.version(ctx) or tonumber(version) < writing then
    return false
  end
  if tonumber(version) > writing then
    discard(ctx)
    redis.call('HSET', ctx.q .. ':meta', 'writing', version)
    scarce.prepare(ctx, masks.places(ctx), cjson.decode(reserves))
  end
  return true
end

function directory.is_writing(ctx, version)
  return redis.call('HGET', ctx.q .. ':meta', 'writing') == version
end

local function new_agent(ctx, id)
  return context.record(ctx, 'agent', id,
    { state = 'offline', idle_since = '0', misses = '0' })
end

-- Put the agent under a profile, in whatever state, with all that follows; also from
-- calls that the agent gave back (`back`, in no index).
local function equip(ctx, a, mask, companies, reserve, back)
  local profile = idle.profile(ctx, mask, companies, reserve)
  if profile == a.profile and companies == a.companies then
    return
  end
  local free, here = agents.free(a), a.state ~= 'offline'
  if free then
    idle.remove(ctx, a)
    scarce.ready(ctx, a, false)
  end
  if here then
    scarce.present(ctx, a, false)
  end
  if a.companies ~= '' then
    idle.forget_later(ctx, a)
  end
  context.set(ctx, a, 'companies', companies)
  context.set(ctx, a, 'profile', profile)
  if here then
    idle.count(ctx, a, 1)
  end
  if free then
    scarce.ready(ctx, a, true)
    agents.match(ctx, a)
  end
  legs.let_go(ctx, { a }, back)
end

local function publish_agent(ctx, places, entry)
  local a = context.load(ctx, 'agent', entry.id) or new_agent(ctx, entry.id)
  -- among the listed at once: a version that is never finished leaves nobody unseen
  redis.call('SADD', ctx.q .. ':agents', entry.id)
  redis.call('SADD', next_key(ctx, 'agents'), entry.id)
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
  equip(ctx, a, mask, entry.companies, entry.reserve, {})
  scarce.enrol(ctx, a)
end

-- A few agents: each costs up to a match.
function directory.agents(ctx, text)
  local places = masks.places(ctx)
  for _, entry in ipairs(cjson.decode(text)) do
    publish_agent(ctx, places, entry)
  end
end

-- Set services aside; waiting calls keep the needs they came with.
function directory.services(ctx, text)
  local places = masks.places(ctx)
  for _, entry in ipairs(cjson.decode(text)) do
    local flat = {
      'company', entry.company, 'allowance', entry.allowance, 'target', entry.target,
      'mask', masks.of(ctx, places, entry.needs),
      'widening', widening.text(ctx, places, entry.widening),
      'overflow', entry.overflow, 'cool_down', entry.cool_down, 'wrap_up', entry.wrap_up,
    }
    for variant, levels in pairs(entry.variants) do
      flat[#flat + 1] = 'variant:' .. variant
      flat[#flat + 1] = masks.of(ctx, places, levels)
    end
    for topic, levels in pairs(entry.topics) do
      flat[#flat + 1] = 'topic:' .. topic
      flat[#flat + 1] = masks.of(ctx, places, levels)
    end
    local key = next_key(ctx, 'service') .. ':' .. entry.id
    redis.call('DEL', key)
    redis.call('HSET', key, unpack(flat))
    redis.call('SADD', next_key(ctx, 'services'), entry.id)
  end
end

-- Such an agent finishes a call in progress and is offered none; what rings goes on.
local function unlist_agent(ctx, a)
  local back = {}
  context.set(ctx, a, 'listed', '')
  redis.call('SREM', ctx.q .. ':agents', a.id)
  if a.state == 'offered' then
    back[1] = context.load(ctx, 'call', a.call)
    offers.close(ctx, back[1], a, 'rescinded')
    calls.requeue(ctx, back[1], 'rescinded')
  end
  equip(ctx, a, '', '', '0', back)
end

-- A few agents whom the new version does not list any more. Says whether nobody is left.
function directory.unlist(ctx, limit)
  local gone = next_key(ctx, 'gone')
  if redis.call('EXISTS', gone) == 0 and redis.call('SDIFFSTORE', gone, ctx.q .. ':agents',
      next_key(ctx, 'agents')) == 0 then
    return true
  end
  for _, id in ipairs(redis.call('SPOP', gone, limit)) do
    unlist_agent(ctx, context.load(ctx, 'agent', id))
  end
  return false
end

-- Everything that was set aside comes into force.
function directory.switch(ctx, version)
  for _, id in ipairs(redis.call('SDIFF', ctx.q .. ':services', next_key(ctx, 'services'))) do
    redis.call('DEL', ctx.q .. ':service:' .. id)
  end
  for _, id in ipairs(redis.call('SMEMBERS', next_key(ctx, 'services'))) do
    redis.call('RENAME', next_key(ctx, 'service') .. ':' .. id, ctx.q .. ':service:' .. id)
  end
  redis.call('DEL', ctx.q .. ':services')
  if redis.call('EXISTS', next_key(ctx, 'services')) == 1 then
    redis.call('RENAME', next_key(ctx, 'services'), ctx.q .. ':services')
  end
  redis.call('DEL', next_key(ctx, 'agents'))
  context.stand(ctx, 'directory', version)
  redis.call('HDEL', ctx.q .. ':meta', 'writing')
  scarce.switch(ctx)
end
