-- A new clock for a call that was answered, and a call that waits for one agent alone.

local FIRST_PLACE_US = 86400 * 1000000
local AT_WORK = {
  ready = true, offered = true, connecting = true, in_call = true, wrap_up = true,
}

-- The call leaves its agent, who writes notes, and waits for another; in no index.
local function begin(ctx, c, a, reason, facts)
  facts[#facts + 1], facts[#facts + 2] = 'leg', tonumber(c.leg) + 1
  journal.call(ctx, reason == 'transferred' and 'call_transferred' or reason, c, facts)
  calls.requeue(ctx, c, reason)
  context.set(ctx, c, 'why', reason == 'transferred' and 'transfer' or reason)
  context.set(ctx, c, 'leg', context.text(tonumber(c.leg) + 1))
  context.set(ctx, c, 'leg_t0', context.text(ctx.now))
  context.set(ctx, c, 'rung', '0')
  context.set(ctx, c, 'attempts', '0')
  overflow.begin(ctx, c)
  promises.begin(ctx, c)
  agents.finish(ctx, a, c)
end

local function new_deadline(ctx, c)
  context.set(ctx, c, 'deadline', context.text(ctx.now + tonumber(c.allowance)))
end

-- Before everybody who was understood, and never to this agent again.
function legs.not_understood(ctx, c)
  local a = agents.of(ctx, c.agent)
  leases.ban(ctx, c, a)
  begin(ctx, c, a, 'not_understood', {})
  context.set(ctx, c, 'deadline', context.text(tonumber(c.t0) - FIRST_PLACE_US))
  calls.match(ctx, c)
end

-- `wanted` is what the service requires (`services.wanted`).
function legs.to_service(ctx, c, a, wanted)
  leases.rest(ctx, c, a)
  begin(ctx, c, a, 'transferred', { 'to_service', wanted.service, 'topic', wanted.topic })
  for field, value in pairs(wanted) do
    context.set(ctx, c, field, value)
  end
  context.set(ctx, c, 'step', '0')
  promises.begin(ctx, c)
  new_deadline(ctx, c)
  calls.match(ctx, c)
end

function legs.to_agent(ctx, c, a, to)
  begin(ctx, c, a, 'transferred', { 'to_agent', to.id })
  new_deadline(ctx, c)
  legs.wait_for(ctx, c, to, 'only')
  calls.match(ctx, c)
end

-- Whether this agent is at work and could be offered the call.
function legs.could_take(ctx, c, to)
  return to and to.listed == '1' and AT_WORK[to.state]
    and not leases.resting(ctx, c, to.id) and idle.fits(to, c)
end

local function waiting_for(ctx, agent)
  return ctx.q .. ':only:' .. agent
end

-- The call is for this agent alone, until the duration of this name is over, it has rung
-- there, or the agent is not at work any more.
function legs.wait_for(ctx, c, to, duration)
  context.set(ctx, c, 'only', to.id)
  redis.call('SADD', waiting_for(ctx, to.id), c.id)
  local expiry = context.text(ctx.now + context.duration(ctx, duration))
  redis.call('ZADD', ctx.q .. ':leases', expiry, 'only ' .. c.id)
end

-- For everybody again; the call is in no index.
function legs.open(ctx, c)
  if c.only ~= '' then
    redis.call('SREM', waiting_for(ctx, c.only), c.id)
    context.set(ctx, c, 'only', '')
    redis.call('ZREM', ctx.q .. ':leases', 'only ' .. c.id)
  end
end

-- For everybody again, from wherever it waits: its turn is to be matched.
function legs.set_free(ctx, c)
  if c.state == 'queued' then
    waiting.remove(ctx, c)
  end
  legs.open(ctx, c)
end

local function earlier(one, other)
  local a, b = tonumber(one.deadline), tonumber(other.deadline)
  return a < b or (a == b and one.id < other.id)
end

-- These agents are not at work any more, or cannot do what they could. Whoever waits for
-- one of them alone, in vain now, goes on beside the calls that they give back (`back`, in
-- no index): the earliest deadline first.
function legs.let_go(ctx, gone, back)
  for _, a in ipairs(gone) do
    for _, id in ipairs(redis.call('SMEMBERS', waiting_for(ctx, a.id))) do
      local c = context.load(ctx, 'call', id)
      if not legs.could_take(ctx, c, a) then
        legs.set_free(ctx, c)
        back[#back + 1] = c
      end
    end
  end
  table.sort(back, earlier)
  for _, c in ipairs(back) do
    calls.match(ctx, c)
  end
end

-- A new caller asks for an agent, who is waited for if at work.
function legs.prefer(ctx, c)
  local to = c.prefer ~= '' and agents.of(ctx, c.prefer)
  if to and legs.could_take(ctx, c, to) then
    legs.wait_for(ctx, c, to, 'prefer')
  end
end

-- What the agent at whom it rings is told of the reason.
function legs.why(c, agent)
  if c.call_back == '1' then
    return 'call_back'
  end
  local first = c.why == 'first_offer'
  return first and c.prefer == agent and 'preferred' or c.why
end

-- It goes back for another reason than a new leg.
function legs.again(ctx, c)
  if c.why == 'first_offer' then
    context.set(ctx, c, 'why', 'again')
  end
end
