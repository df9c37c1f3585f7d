-- What one function call knows and changes: its time, its ticks, its records.
--
-- Records (calls, agents) are read once, changed in memory and written once, at the end.
-- Indexes (sorted sets) are changed at once, because matching reads them. A function
-- therefore checks everything first and only then changes anything: an error that is
-- raised has changed nothing.

-- %g would cut a time in microseconds after 14 digits
function context.text(number)
  return string.format('%.0f', number)
end

function context.open(keys)
  local ctx = { q = keys[1], records = {}, touched = {}, server = '' }
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

-- The version of everything that this function call changes.
function context.version(ctx)
  if not ctx.own_version then
    ctx.own_version = context.tick(ctx)
  end
  return ctx.own_version
end

function context.duration(ctx, name)
  if not ctx.durations then
    ctx.durations = {}
    local flat = redis.call('HGETALL', ctx.q .. ':config')
    for i = 1, #flat, 2 do
      ctx.durations[flat[i]] = tonumber(flat[i + 1])
    end
  end
  return ctx.durations[name] or DURATIONS[name]
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
  local record = context.record(ctx, kind, id)
  for i = 1, #flat, 2 do
    record[flat[i]] = flat[i + 1]
  end
  record.before = { record.state, record.call, record.token, record['until'],
    record.cool_until, record.wish }
  return record
end

function context.record(ctx, kind, id)
  local record = { kind = kind, id = id, changes = {}, before = {} }
  ctx.records[kind .. ':' .. id] = record
  return record
end

function context.set(ctx, record, field, value)
  if not next(record.changes) then
    ctx.touched[#ctx.touched + 1] = record
  end
  record[field] = value
  record.changes[field] = value
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

function context.flush(ctx)
  for _, record in ipairs(ctx.touched) do
    record.version = context.text(context.version(ctx))
    record.changes.version = record.version
    local flat = {}
    for field, value in pairs(record.changes) do
      flat[#flat + 1] = field
      flat[#flat + 1] = value
    end
    local key = ctx.q .. ':' .. record.kind .. ':' .. record.id
    redis.call('HSET', key, unpack(flat))
    if record.kind == 'agent' then
      agents.tell(ctx, record)
    elseif record.state == 'ended' then
      redis.call('PEXPIRE', key, ENDED_CALL_KEPT_MS)
    end
  end
  if ctx.last then
    redis.call('HSET', ctx.q .. ':meta', 'tick', context.text(ctx.last))
  end
end
