-- Everything that a pool holds, in one moment, for people who look and for checks. Each
-- row is a list of strings; its first says what it is. At most so many records: a large
-- pool must not stand still because somebody looks.

local LEASES_A_RECORD = 5

local function add_record(ctx, rows, kind, id)
  local row = { kind, id }
  for field, value in pairs(context.load(ctx, kind, id) or {}) do
    if field ~= 'kind' and field ~= 'id' then
      row[#row + 1] = field
      row[#row + 1] = value
    end
  end
  if #row > 2 then
    rows[#rows + 1] = row
  end
end

local function zset(ctx, rows, key, ...)
  local page = redis.call('ZRANGE', ctx.q .. ':' .. key, 0, -1, 'WITHSCORES')
  local row = { ... }
  for i = 1, #page do
    row[#row + 1] = page[i]
  end
  rows[#rows + 1] = row
end

-- Collects each id once, and never more than the limit.
local function collector(limit)
  local known, ids = {}, {}
  return ids, function(id)
    if id ~= '' and not known[id] and #ids < limit then
      known[id] = true
      ids[#ids + 1] = id
    end
  end
end

local function held_by(ctx, members, kind, limit, add)
  for _, member in ipairs(members) do
    local server = string.match(member, '^server (.*)$')
    if server then
      local key = ctx.q .. ':server:' .. server .. ':' .. kind .. 's'
      for _, id in ipairs(redis.call('ZRANGE', key, 0, limit)) do
        add(id)
      end
    end
  end
end

local function agent_ids(ctx, members, limit)
  local ids, add = collector(limit)
  for _, id in ipairs(redis.call('SRANDMEMBER', ctx.q .. ':agents', limit)) do
    add(id)
  end
  held_by(ctx, members, 'agent', limit, add)
  for _, member in ipairs(members) do
    add(string.match(member, '^agent (.*)$') or '') -- not listed any more, and lost
  end
  return ids
end

local function call_ids(ctx, members, companies, limit)
  local ids, add = collector(limit)
  for _, company in ipairs(companies) do
    for _, id in ipairs(redis.call('ZRANGE', ctx.q .. ':waiting:' .. company, 0, limit)) do
      add(id)
    end
  end
  for _, member in ipairs(members) do
    add(string.match(member, '^call (.*)$') or string.match(member, '^callback (.*)$') or '')
  end
  held_by(ctx, members, 'call', limit, add)
  return ids
end

-- Whether these were all.
local function records(ctx, rows, members, companies, limit)
  local agents_found = agent_ids(ctx, members, limit)
  local calls_found = call_ids(ctx, members, companies, limit)
  for _, id in ipairs(agents_found) do
    add_record(ctx, rows, 'agent', id)
  end
  for _, id in ipairs(calls_found) do
    add_record(ctx, rows, 'call', id)
    zset(ctx, rows, 'rests:' .. id, 'rests', id)
  end
  return #agents_found < limit and #calls_found < limit
end

local function indexes(ctx, rows, companies)
  for _, company in ipairs(companies) do
    zset(ctx, rows, 'waiting:' .. company, 'waiting', company)
    zset(ctx, rows, 'live:' .. company, 'live', company)
    for _, signature in ipairs(redis.call('ZRANGE', ctx.q .. ':live:' .. company, 0, -1)) do
      zset(ctx, rows, 'calls:' .. company .. ':' .. signature, 'calls', company, signature)
    end
  end
  local profiles = redis.call('HGETALL', ctx.q .. ':profiles')
  for i = 1, #profiles, 2 do
    zset(ctx, rows, 'idle:' .. profiles[i + 1], 'idle', profiles[i + 1])
  end
  zset(ctx, rows, 'leases', 'leases')
end

function inventory.rows(ctx, limit)
  local companies = redis.call('SMEMBERS', ctx.q .. ':waiting-companies')
  local members = redis.call('ZRANGE', ctx.q .. ':leases', 0, LEASES_A_RECORD * limit)
  local rows = {
    { 'now', context.text(ctx.now) },
    { 'meta', unpack(redis.call('HGETALL', ctx.q .. ':meta')) },
    { 'skills', unpack(redis.call('HGETALL', ctx.q .. ':skills')) },
  }
  for _, service in ipairs(redis.call('SMEMBERS', ctx.q .. ':services')) do
    local counts = redis.call('HGETALL', ctx.q .. ':count:' .. service)
    rows[#rows + 1] = { 'count', service, unpack(counts) }
  end
  local all = records(ctx, rows, members, companies, limit)
  if all and #members <= LEASES_A_RECORD * limit then
    rows[#rows + 1] = { 'whole' }
    indexes(ctx, rows, companies)
  end
  return rows
end
