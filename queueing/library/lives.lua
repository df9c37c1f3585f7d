-- One life of the store: a server process and the data that it found.
--
-- After a restart or a failover another process goes on with the data, and the last
-- writes may be missing: a talk that began, a call that ended. So a new life settles
-- first. Nobody is offered to anybody and no lease ends until every signaling server that
-- may still live has presented the people whom it holds, or `settle` is over; then what
-- fits is matched (see `seeking`). Data that were lost altogether know no such server: there, the first
-- caller who comes back by ticket makes the pool settle.

-- This process's own id, read once: what an upvalue holds is never copied to replicas.
local own

local function of_process()
  if not own then
    own = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
  end
  return own
end

local function settle(ctx, expiry)
  ctx.settles, ctx.seeks = expiry, false
  context.stand(ctx, 'settles', expiry)
end

-- What the data that were found do not hold was forgotten: the ledger hears up to which tick
-- they do. At once, because a function that is refused writes nothing in the end.
local function tell(ctx, after)
  local facts = '{"after":' .. context.text(after) .. ',"life":' .. context.text(ctx.life) .. '}'
  journal.note(ctx, 'life_began', '', '', '', facts)
  journal.record(ctx)
  context.keep_tick(ctx)
end

local function begin(ctx, is_first)
  local after = context.meta(ctx).tick
  ctx.life = context.tick(ctx)
  context.stand(ctx, 'process', of_process())
  context.stand(ctx, 'life', ctx.life)
  context.stand(ctx, 'began', ctx.now) -- its tick may be ahead of a clock that is behind
  tell(ctx, after)
  if not is_first then
    servers.await(ctx)
    settle(ctx, ctx.now + context.duration(ctx, 'settle'))
  end
end

-- Reads what every function needs to know of the pool.
function lives.open(ctx)
  local meta = context.meta(ctx)
  ctx.life = meta.life
  ctx.settles = meta.settles or nil -- until when; 0 while it is matched what fits
  ctx.seeks = meta.settles == 0
  if meta.process ~= of_process() then
    begin(ctx, meta.process == '')
  end
end

-- Whether so much of a time to settle is left; more than all of it is none, but a clock
-- that was set back.
function lives.lasts(ctx, left)
  return left > 0 and left <= context.duration(ctx, 'settle')
end

-- Somebody comes back whom these data never knew: others may, and may be talking.
function lives.doubt(ctx)
  local left = context.meta(ctx).began + context.duration(ctx, 'settle') - ctx.now
  if (not ctx.settles or ctx.seeks) and lives.lasts(ctx, left) then
    settle(ctx, ctx.now + left)
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
  local waits = ctx.settles and not ctx.seeks
  if waits and redis.call('EXISTS', ctx.q .. ':awaited') == 0 then
    settle(ctx, math.min(ctx.settles, ctx.now))
  end
  return true
end

-- Look for everybody who fits, in pieces. Meanwhile a caller who comes waits for the turn,
-- an agent who comes takes the first caller who fits.
function lives.seek(ctx)
  settle(ctx, 0)
  ctx.seeks = true
  redis.call('DEL', ctx.q .. ':awaited')
  seeking.begin(ctx)
end

-- A piece of that; says whether something is left of it.
function lives.go_on(ctx)
  local settles = ctx.settles
  ctx.settles = nil
  seeking.piece(ctx, false)
  if not seeking.is_over(ctx) then
    ctx.settles = settles
    return true
  end
  ctx.seeks = false
  context.stand(ctx, 'settles', nil)
  return false
end

-- A sweep while the pool settles, or ends to; `limit` asks for another one at once.
function lives.sweep(ctx, limit)
  if not ctx.seeks then
    if lives.lasts(ctx, ctx.settles - ctx.now) then
      return 0
    end
    lives.seek(ctx)
  end
  lives.go_on(ctx)
  return limit
end
