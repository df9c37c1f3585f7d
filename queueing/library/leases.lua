-- Every state that must not last has a lease: one sorted set, scored by expiry. The
-- sweeper ends what is due, not its owner.
--
-- Members: `call <id>`, `agent <id>`, `pair <call> <agent>`, `server <id>`,
-- `widen <call>`, `only <call>`, `overflow <call>`, `callback <call>`, `promise <call>`.

-- The greatest whole number that a score holds exactly.
local FOREVER = '9007199254740991'

function leases.set(ctx, record, expiry)
  context.set(ctx, record, 'until', context.text(expiry))
  redis.call('ZADD', ctx.q .. ':leases', context.text(expiry), record.kind .. ' ' .. record.id)
end

function leases.clear(ctx, record)
  if record['until'] ~= '' then
    context.set(ctx, record, 'until', '')
    redis.call('ZREM', ctx.q .. ':leases', record.kind .. ' ' .. record.id)
  end
end

-- This agent is not asked again for this call until the pair's rest is over.
function leases.rest(ctx, c, a)
  context.set(ctx, c, 'rested', '1')
  local expiry = context.text(ctx.now + context.duration(ctx, 'pair_rest'))
  redis.call('ZADD', ctx.q .. ':rests:' .. c.id, expiry, a.id)
  redis.call('ZADD', ctx.q .. ':leases', expiry, 'pair ' .. c.id .. ' ' .. a.id)
end

-- This agent is never asked again for this call; its record names all such agents.
function leases.ban(ctx, c, a)
  leases.end_rest(ctx, c.id, a.id)
  context.set(ctx, c, 'rested', '1')
  context.set(ctx, c, 'banned', (c.banned ~= '' and c.banned .. ',' or '') .. a.id)
  redis.call('ZADD', ctx.q .. ':rests:' .. c.id, FOREVER, a.id)
end

-- `rested` spares everybody else the look-up.
function leases.resting(ctx, c, agent)
  return c.rested ~= '' and leases.is_resting(ctx, c.id, agent)
end

-- The same of a call whose record nobody has read.
function leases.is_resting(ctx, call, agent)
  local expiry = redis.call('ZSCORE', ctx.q .. ':rests:' .. call, agent)
  return expiry and tonumber(expiry) > ctx.now
end

function leases.end_rest(ctx, call, agent)
  redis.call('ZREM', ctx.q .. ':rests:' .. call, agent)
  redis.call('ZREM', ctx.q .. ':leases', 'pair ' .. call .. ' ' .. agent)
end

function leases.end_rests(ctx, call)
  local key = ctx.q .. ':rests:' .. call
  for _, agent in ipairs(redis.call('ZRANGE', key, 0, -1)) do
    redis.call('ZREM', ctx.q .. ':leases', 'pair ' .. call .. ' ' .. agent)
  end
  redis.call('DEL', key)
end
