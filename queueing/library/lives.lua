-- One life of the store: a server process and the data that it found.
--
-- After a restart or a failover another process goes on with the data, and the last
-- writes may be missing: a talk that began, a call that ended. So a new life settles
-- first. Nobody is offered to anybody and no lease ends until every signaling server that
-- may still live has presented the people whom it holds, or `settle` is over; then what
-- fits is matched. Data that were lost altogether know no such server: there, the first
-- caller who comes back by ticket makes the pool settle.

local FEW = 8

-- This process's own id, read once: what an upvalue holds is never copied to replicas.
local own

local function of_process()
  if not own then
    own = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
  end
  return own
end

local function settle(ctx, expiry)
  ctx.settles = expiry
  redis.call('HSET', ctx.q .. ':meta', 'settles', context.text(expiry))
end

-- The servers that an earlier life knew get the time to say that they live.
local function await_servers(ctx)
  local expiry = context.text(ctx.now + context.duration(ctx, 'server_lease'))
  for _, member in ipairs(redis.call('ZRANGE', ctx.q .. ':leases', 0, -1)) do
    local server = string.match(member, '^server (.*)$')
    if server then
      redis.call('ZADD', ctx.q .. ':leases', expiry, member)
      redis.call('SADD', ctx.q .. ':awaited', server)
    end
  end
end

local function begin(ctx, is_first)
  ctx.life = context.tick(ctx)
  redis.call('HSET', ctx.q .. ':meta', 'process', of_process(), 'life', context.text(ctx.life))
  if not is_first then
    await_servers(ctx)
    settle(ctx, ctx.now + context.duration(ctx, 'settle'))
  end
end

-- Reads what every function needs to know of the pool.
function lives.open(ctx)
  local meta = context.meta(ctx)
  ctx.life = meta.life
  ctx.settles = meta.settles -- until when, or nil
  if meta.process ~= of_process() then
    begin(ctx, not meta.process)
  end
end

-- Somebody comes back whom these data never knew: others may, and may be talking.
function lives.doubt(ctx)
  local expiry = ctx.life + context.duration(ctx, 'settle')
  if not ctx.settles and ctx.now < expiry then
    settle(ctx, expiry)
  end
end

-- This server has presented everybody whom it holds; whom it did not is gone. Says
-- whether that was all: at most `limit` are lost at once.
function lives.presented(ctx, server, life, limit)
  if life ~= context.text(ctx.life) then
    return true -- of an earlier life; it will hear of this one
  end
  if not servers.lose_unpresented(ctx, server, limit) then
    return false
  end
  redis.call('SREM', ctx.q .. ':awaited', server)
  if ctx.settles and redis.call('EXISTS', ctx.q .. ':awaited') == 0 then
    settle(ctx, math.min(ctx.settles, ctx.now))
  end
  return true
end

-- The end of settling: matches what fits, earliest deadline first, at most `limit` pairs.
-- A signature whose first few callers all found nobody is passed over.
local function match_all(ctx, limit)
  local made, misses = 0, {}
  for _, each in ipairs(waiting.earliest(ctx, limit)) do
    local c = context.load(ctx, 'call', each.call)
    local missed = misses[each.signature] or 0
    if missed < FEW and idle.best(ctx, c) then
      waiting.remove(ctx, c)
      calls.match(ctx, c)
      made = made + 1
    else
      misses[each.signature] = missed + 1
    end
    if made >= limit then
      break
    end
  end
  return made
end

-- A sweep while the pool settles, or ends to; as many as `limit` ask for another one.
function lives.sweep(ctx, limit)
  if ctx.now < ctx.settles then
    return 0
  end
  ctx.settles = nil
  local made = match_all(ctx, limit)
  if made < limit then
    redis.call('HDEL', ctx.q .. ':meta', 'settles')
    redis.call('DEL', ctx.q .. ':awaited')
  end
  return made
end
