-- The moment at which a promise breaks: the clock of a leg has run for the service's target,
-- and the caller has seen nobody. It is noted then, whatever comes after.
--
-- While a clock runs for a caller who is there, it has a lease, `promise <call>`. Of a caller
-- who is lost nothing is noted before the return: who does not come back left at the loss.

local RUNS = { queued = true, offered = true, connecting = true }

-- The call's target in words of its service when its clock began; of none, no promise.
function promises.moment(c)
  return tonumber(c.leg_t0) + (tonumber(c.target) or 0)
end

local function break_it(ctx, c)
  context.set(ctx, c, 'settled', '1')
  journal.past(ctx, promises.moment(c), 'promise_broken', c,
    { 'leg', tonumber(c.leg), 'target_us', tonumber(c.target) })
end

-- Its state may be another one now.
function promises.follow(ctx, c)
  local runs = RUNS[c.state] and c.settled == '' and c.target ~= ''
  if runs and promises.moment(c) <= ctx.now then
    break_it(ctx, c)
    runs = false
  end
  if runs and c.promised == '' then
    redis.call('ZADD', ctx.q .. ':leases', context.text(promises.moment(c)), 'promise ' .. c.id)
    context.set(ctx, c, 'promised', '1')
  elseif not runs and c.promised ~= '' then
    redis.call('ZREM', ctx.q .. ':leases', 'promise ' .. c.id)
    context.set(ctx, c, 'promised', '')
  end
end

-- A new leg has a clock of its own.
function promises.begin(ctx, c)
  context.set(ctx, c, 'settled', '')
  context.set(ctx, c, 'promised', '')
  promises.follow(ctx, c)
end

-- The caller sees the agent: what comes later breaks nothing.
function promises.settle(ctx, c)
  context.set(ctx, c, 'settled', '1')
  promises.follow(ctx, c)
end

-- Its lease is over.
promises.due = promises.follow
