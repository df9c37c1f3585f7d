-- What one function call knows and changes: its time, its ticks, its records.
--
-- Records (calls, agents) are read once, changed in memory and written once, at the end.
-- Indexes (sorted sets) are changed at once, because matching reads them. A function
-- therefore checks everything first and only then changes anything: an error that is
-- raised has changed nothing.
--
-- A field that is empty is not stored until it was something: half of a waiting call's
-- fields would be empty, and everybody who meets the call would read them.

local ABSENT = { __index = function() return '' end }

-- Of a whole number: %g would cut a time in microseconds after 14 digits.
function context.text(number)
  return string.format('%d', number)
end

function context.open(keys)
  local ctx = { q = keys[1], records = {}, touched = {}, durations = {}, server = '' }
  ctx.now = clock.now(ctx)
  return ctx
end

function context.fail(code, detail)
  error({ code = code, detail = detail }, 0)
end

-- What stands about the whole pool, read once.
function context.meta(ctx)
  if not ctx.meta then
    local row = redis.call('HMGET', ctx.q .. ':meta', 'tick', 'process', 'life', 'settles',
      'scarce', 'scarce-next')
    ctx.meta = {
      tick = tonumber(row[1] or '0'), process = row[2], life = tonumber(row[3] or '0'),
      settles = tonumber(row[4] or ''), scarce = row[5] or '', scarce_next = row[6] or nil,
    }
  end
  return ctx.meta
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

-- The version of everything that this function call changes.
function context.version(ctx)
  if not ctx.own_version then
    ctx.own_version = context.tick(ctx)
  end
  return ctx.own_version
end

function context.duration(ctx, name)
  local known = ctx.durations[name]
  if not known then
    known = tonumber(redis.call('HGET', ctx.q .. ':config', name) or DURATIONS[name])
    ctx.durations[name] = known
  end
  return known
end

local function new(ctx, kind, id)
  local record = { kind = kind, id = id, changes = false, before = false, is_new = false }
  ctx.records[kind .. ':' .. id] = record
  return setmetatable(record, ABSENT)
end

function context.load(ctx, kind, id)
  local key = kind .. ':' .. id
  local known = ctx.records[key]
  if known ~= nil then
    return known or nil
  end
  local flat = redis.call('HGETALL', ctx.q .. ':' .. key)
  if #flat == 0 then
    ctx.records[key] = false
    return nil
  end
  local record = new(ctx, kind, id)
  for i = 1, #flat, 2 do
    record[flat[i]] = flat[i + 1]
  end
  if kind == 'agent' then
    record.before = { record.state, record.call, record.token, record['until'],
      record.cool_until, record.wish }
  end
  return record
end

-- A record that is not there yet.
function context.record(ctx, kind, id)
  local record = new(ctx, kind, id)
  record.is_new = true
  return record
end

function context.set(ctx, record, field, value)
  local changes = record.changes
  if not changes then
    changes = {}
    record.changes = changes
    ctx.touched[#ctx.touched + 1] = record
  end
  record[field] = value
  changes[field] = value
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
  local flat, is_new = {}, record.is_new
  for field, value in pairs(record.changes) do
    if value ~= '' or not is_new then
      flat[#flat + 1] = field
      flat[#flat + 1] = value
    end
  end
  local key = ctx.q .. ':' .. record.kind .. ':' .. record.id
  redis.call('HSET', key, unpack(flat))
  if record.kind == 'agent' then
    agents.tell(ctx, record)
  elseif record.state == 'ended' then
    redis.call('PEXPIRE', key, ENDED_CALL_KEPT_MS)
  end
end

function context.flush(ctx)
  for _, record in ipairs(ctx.touched) do
    context.set(ctx, record, 'version', context.text(context.version(ctx)))
    write(ctx, record)
  end
  journal.deliver(ctx)
  if ctx.last then
    redis.call('HSET', ctx.q .. ':meta', 'tick', context.text(ctx.last))
  end
end
