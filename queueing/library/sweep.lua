-- Ends what is due, and looks whether a match was ever missed.

local RECONCILE_EVERY_US = 1000000

local function call_due(ctx, c)
  if c.state == 'offered' then
    offers.time_out(ctx, c)
  elseif c.state == 'connecting' and c.call_back == '1' then
    calls.finish(ctx, c, 'call_back_missed', 'caller', false)
  elseif c.state == 'connecting' then
    calls.no_frame(ctx, c)
  elseif c.state == 'lost' then
    calls.finish(ctx, c, calls.lost_reason(ctx, c), 'caller', false)
  end
end

local function agent_due(ctx, a)
  if a.state == 'wrap_up' then
    if not breaks.take_wish(ctx, a, 'lease') then
      agents.get_ready(ctx, a, 'lease')
    end
  elseif a.state == 'ready' then
    agents.rested(ctx, a, 'lease')
  elseif a.state == 'lost' then
    agents.leave(ctx, a, 'lost')
  end
end

local function pair_due(ctx, call, agent)
  leases.end_rest(ctx, call, agent)
  local c = context.load(ctx, 'call', call)
  if c and c.state == 'queued' and idle.best(ctx, c) then
    waiting.remove(ctx, c)
    calls.match(ctx, c)
  end
end

local function widen_due(ctx, c)
  waiting.remove(ctx, c)
  calls.match(ctx, c)
end

local function only_due(ctx, c)
  legs.set_free(ctx, c)
  calls.match(ctx, c)
end

local function overflow_due(ctx, c)
  overflow.take(ctx, c)
  overflow.release(ctx, c)
  overflow.lease(ctx, c)
end

local OF_RECORDS = {
  agent = agent_due, call = call_due, callback = call_backs.due, only = only_due,
  overflow = overflow_due, promise = promises.due, widen = widen_due,
}

local function parts(member)
  return string.match(member, '^(%a+) (.*)$')
end

local function record_of(ctx, kind, id)
  return context.load(ctx, kind == 'agent' and kind or 'call', id)
end

-- Says whether something of it is left for the next sweep.
local function due(ctx, member, limit)
  local kind, rest = parts(member)
  if kind == 'server' then
    return not servers.lose(ctx, rest, limit)
  elseif kind == 'pair' then
    pair_due(ctx, string.match(rest, '^(%S+) (%S+)$'))
    return false
  end
  local record = record_of(ctx, kind, rest)
  if record then
    OF_RECORDS[kind](ctx, record)
  end
  return false
end

-- Since when it is over, if it is.
local function expired(ctx, member)
  local expiry = redis.call('ZSCORE', ctx.q .. ':leases', member)
  return expiry and tonumber(expiry) <= ctx.now and expiry
end

-- A lease whose end changed nothing is a fault, counted. Left there, it would be the first
-- of each sweep to come, and enough of them would let no other lease end.
local function drop(ctx, member)
  local kind, id = parts(member)
  local record = record_of(ctx, kind, id)
  if record and record.kind == kind then
    leases.clear(ctx, record)
  end
  redis.call('ZREM', ctx.q .. ':leases', member)
  redis.call('HINCRBY', ctx.q .. ':meta', 'violations', 1)
end

-- No caller may wait while an agent who fits is idle. Every transition keeps this true;
-- what is found here, a piece a sweep, is a fault, repaired and counted.
local function reconcile(ctx)
  if seeking.is_over(ctx) then
    local last = tonumber(redis.call('HGET', ctx.q .. ':meta', 'reconciled') or '0')
    if ctx.now - last < RECONCILE_EVERY_US then
      return
    end
    redis.call('HSET', ctx.q .. ':meta', 'reconciled', context.text(ctx.now))
    seeking.begin(ctx)
  end
  seeking.piece(ctx, true)
end

-- As many as `limit` ask for another sweep at once.
function sweep.run(ctx, limit)
  if ctx.settles then
    return lives.sweep(ctx, limit)
  end
  local members = redis.call('ZRANGEBYSCORE', ctx.q .. ':leases', '-inf',
    context.text(ctx.now), 'LIMIT', 0, limit)
  local is_left = false
  for _, member in ipairs(members) do
    -- an earlier one of this sweep may have renewed or ended it
    local since = expired(ctx, member)
    if since and due(ctx, member, limit) then
      is_left = true
    elseif since and expired(ctx, member) == since then
      drop(ctx, member)
    end
  end
  if #members < limit then -- a rest that is over, its lease not ended yet, is no fault
    reconcile(ctx)
  end
  return is_left and limit or #members
end
