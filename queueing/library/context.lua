-- What one function call knows and changes: its time, its ticks, its records.
--
-- Records (calls, agents) are read once, changed in memory and written once, at the end.
-- Indexes (sorted sets) are changed at once, because matching reads them. A function
-- therefore checks everything first and only then changes anything: an error that is
-- raised has changed nothing.
--
-- A record is one packed value, read and written whole: a hash would be taken apart and
-- put together again by every function. A field that is empty is not in it.

local POOLS_KEPT = 100
local A_DAY = 86400 * 1000000
local ABSENT = { __index = function() return '' end }

-- Of a whole number: %g would cut a time in microseconds after 14 digits.
function context.text(number)
  return string.format('%d', number)
end

function context.open(keys)
  local ctx = { q = keys[1], records = {}, touched = {}, server = '' }
  ctx.now = clock.now(ctx)
  ctx.at = context.text(ctx.now)
  return ctx
end

function context.fail(code, detail)
  error({ code = code, detail = detail }, 0)
end

-- What stands about a whole pool and rarely changes; `standing` is the tick of the last time.
local STANDING = {
  'process', 'life', 'began', 'settles', 'scarce', 'scarce_next', 'configured', 'directory', 'presence',
}
local NUMBERS = { life = 0, began = 0, settles = false }

-- A cache only: what stands about each pool, as last read or written.
local pools, pools_count = {}, 0

local function read_standing(ctx, standing)
  local row = redis.call('HMGET', ctx.q .. ':meta', unpack(STANDING))
  local found = { standing = standing }
  for i, name in ipairs(STANDING) do
    found[name] = row[i] or ''
  end
  for name, absent in pairs(NUMBERS) do
    found[name] = tonumber(found[name]) or absent
  end
  return { __index = found }
end

local function standing_of(ctx, standing)
  local known = pools[ctx.q]
  if not known or known.__index.standing ~= standing then
    if pools_count >= POOLS_KEPT then
      pools, pools_count = {}, 0
    end
    known = read_standing(ctx, standing)
    pools[ctx.q], pools_count = known, pools_count + 1
  end
  return known
end

-- The last tick, and what stands about the whole pool: `process` and `directory` are '' and
-- `settles` is false where there is none.
function context.meta(ctx)
  if not ctx.meta then
    local row = redis.call('HMGET', ctx.q .. ':meta', 'tick', 'standing')
    ctx.meta = setmetatable({ tick = tonumber(row[1] or '0') }, standing_of(ctx, row[2] or ''))
  end
  return ctx.meta
end

-- Change what stands; nil takes it away.
function context.stand(ctx, name, value)
  local meta, key = context.meta(ctx), ctx.q .. ':meta'
  local text = type(value) == 'number' and context.text(value) or value
  if text then
    redis.call('HSET', key, name, text, 'standing', context.text(context.tick(ctx)))
  else
    redis.call('HDEL', key, name)
    redis.call('HSET', key, 'standing', context.text(context.tick(ctx)))
  end
  meta[name] = NUMBERS[name] == nil and (text or '') or value or NUMBERS[name]
end

-- Strictly increasing, and higher than before even when a failover lost the last ones:
-- fencing tokens, versions and event ids are ticks.
function context.tick(ctx)
  if not ctx.last then
    ctx.last = context.meta(ctx).tick
  end
  ctx.last = math.max(ctx.last + 1, ctx.now)
  return ctx.last
end

-- Every later tick is higher than this one, which data that are lost gave.
function context.reach(ctx, tick)
  ctx.last = math.max(ctx.last or context.meta(ctx).tick, tick)
end

-- The same of a tick that a server has heard of, if it can be: no clock is a day behind.
function context.catch_up(ctx, tick)
  if tick > context.meta(ctx).tick and tick < ctx.now + A_DAY then
    context.reach(ctx, tick)
  end
end

-- The version of everything that this function call changes.
function context.version(ctx)
  if not ctx.own_version then
    ctx.own_version = context.tick(ctx)
  end
  return ctx.own_version
end

-- A cache only: each pool's durations since they were last told.
local told, told_count = {}, 0

local function durations(ctx)
  local since = context.meta(ctx).configured
  local known = told[ctx.q]
  if not known or known.since ~= since then
    if told_count >= POOLS_KEPT then
      told, told_count = {}, 0
    end
    known = { since = since, of = {} }
    local flat = redis.call('HGETALL', ctx.q .. ':config')
    for i = 1, #flat, 2 do
      known.of[flat[i]] = tonumber(flat[i + 1])
    end
    told[ctx.q], told_count = known, told_count + 1
  end
  return known.of
end

function context.duration(ctx, name)
  return durations(ctx)[name] or DURATIONS[name]
end

-- How long things last in this pool, from now on.
function context.configure(ctx, flat)
  redis.call('HSET', ctx.q .. ':config', unpack(flat))
  context.stand(ctx, 'configured', context.tick(ctx))
end

function context.load(ctx, kind, id)
  local key = kind .. ':' .. id
  local known = ctx.records[key]
  if known ~= nil then
    return known or nil
  end
  local packed = redis.call('GET', ctx.q .. ':' .. key)
  if not packed then
    ctx.records[key] = false
    return nil
  end
  local record = setmetatable(cmsgpack.unpack(packed), ABSENT)
  ctx.records[key] = record
  return record
end

-- What an agent's server shows of the agent, before the first change.
local function shown(a)
  return { a.state, a.call, a.token, a['until'], a.cool_until, a.wish }
end

-- It is written in the end.
local function touch(ctx, record)
  ctx.touched[#ctx.touched + 1] = record
  ctx.touched[record] = record.kind == 'agent' and shown(record) or true
end

-- A record that is not there yet, of fields that are not empty.
function context.record(ctx, kind, id, fields)
  fields.kind, fields.id = kind, id
  ctx.records[kind .. ':' .. id] = setmetatable(fields, ABSENT)
  ctx.touched[#ctx.touched + 1] = fields
  ctx.touched[fields] = true
  return fields
end

function context.set(ctx, record, field, value)
  if not ctx.touched[record] then
    touch(ctx, record)
  end
  record[field] = value ~= '' and value or nil
end

function context.is_touched(ctx, record)
  return ctx.touched[record] ~= nil
end

-- What an agent's server was shown, if anything has changed; `true` of a new record.
function context.before(ctx, record)
  return ctx.touched[record]
end

function context.step(ctx, record, event)
  local to = TRANSITIONS[record.kind][record.state][event]
  if not to then
    context.fail('invalid_transition', event .. ' in ' .. record.state)
  end
  if record.kind == 'agent' and (record.state == 'ready') ~= (to == 'ready') then
    scarce.ready(ctx, record, to == 'ready')
  end
  context.set(ctx, record, 'state', to)
end

-- Like `step`, but only says whether it would be possible; for checks before changes.
function context.check(record, event)
  if not TRANSITIONS[record.kind][record.state][event] then
    context.fail('invalid_transition', event .. ' in ' .. record.state)
  end
end

local function write(ctx, record)
  local key = ctx.q .. ':' .. record.kind .. ':' .. record.id
  if record.state == 'ended' then
    redis.call('SET', key, cmsgpack.pack(record), 'PX', ENDED_CALL_KEPT_MS)
  else
    redis.call('SET', key, cmsgpack.pack(record))
  end
end

function context.keep_tick(ctx)
  if ctx.last then
    redis.call('HSET', ctx.q .. ':meta', 'tick', context.text(ctx.last))
  end
end

function context.flush(ctx)
  for _, record in ipairs(ctx.touched) do
    record.version = context.text(context.version(ctx))
    write(ctx, record)
    if record.kind == 'agent' then
      agents.tell(ctx, record)
    end
  end
  journal.record(ctx)
  journal.deliver(ctx)
  context.keep_tick(ctx)
end
