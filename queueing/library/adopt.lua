-- What the store forgot and people still know: a failover may have lost the last writes,
-- a power cut a second of them, a disk all. A caller's ticket brings the call back with
-- its T0; whoever is in a talk brings the talk back, fenced by its token.

local TO_READY = {
  offline = { 'connect', 'get_ready' }, away = { 'get_ready' }, ['break'] = { 'get_ready' },
  wrap_up = { 'get_ready' }, ready = {},
}

local function number(text)
  return tonumber(text ~= '' and text or '0')
end

-- The caller has left to be called back, nobody knows any more when.
local function leave(ctx, c)
  journal.call(ctx, 'call_left', c,
    { 'way', 'call_back', 'leg', tonumber(c.leg), 'adopted', true })
  call_backs.begin(ctx, c)
end

-- A call that these data do not know, in no index: a call-back whose caller has left, or
-- lost until somebody comes for it. A ticket alone may be of a call that ended long ago.
local function remember(ctx, told)
  local t0 = math.min(tonumber(told.t0), ctx.now)
  if not told.is_here and t0 <= ctx.now - ENDED_CALL_KEPT_MS * 1000 then
    context.fail('unknown_call', told.call)
  end
  local wanted = services.wanted(ctx, told.service, told.topic, told.mode, told.variant)
  local c = calls.new(ctx, told.call, wanted, { mode = told.mode, relay = told.relay }, t0)
  journal.past(ctx, t0, 'call_queued', c,
    { 'topic', c.topic, 'variant', c.variant, 'mode', c.mode, 'relay', c.relay,
      't0_us', t0, 'adopted', true })
  if told.has_left then
    leave(ctx, c)
  else
    context.set(ctx, c, 'state', 'lost')
    context.set(ctx, c, 'was', 'queued')
    context.set(ctx, c, 'lost_at', context.text(ctx.now))
    leases.set(ctx, c, ctx.now + context.duration(ctx, 'caller_grace'))
  end
  promises.follow(ctx, c)
  lives.doubt(ctx)
  return c
end

-- The call of a ticket: known and not over, or known again. That its caller has left to be
-- called back may be all that was forgotten.
function adopt.call(ctx, told)
  local c = context.load(ctx, 'call', told.call)
  if not c then
    c = remember(ctx, told)
    calls.match(ctx, c)
    return c
  end
  local stage = calls.stage(calls.live(ctx, told.call))
  if told.has_left and c.call_back == '' and (stage == 'queued' or stage == 'offered') then
    leave(ctx, c)
  end
  return c
end

-- Whether these data know that this talk is over, or that a newer one began.
local function is_past(c, a, told)
  local token = number(told.token)
  return number(c.past or '') >= token or number(c.token) > token
    or (a.call ~= c.id and number(a.token) > token)
end

local function is_in_it(c, a, told)
  local stage = calls.stage(c)
  return c.agent == a.id and c.token == told.token
    and (stage == 'connecting' or stage == 'answered')
end

-- Whoever else has the call gives it back; the call is queued or lost, in no index. Says
-- which agent is free again.
local function take_from_others(ctx, c, a, told)
  local other = c.agent ~= '' and agents.of(ctx, c.agent) or nil
  if c.state == 'queued' then
    waiting.remove(ctx, c)
  elseif c.state == 'offered' and (c.agent ~= a.id or c.token ~= told.token) then
    offers.close(ctx, c, other, 'rescinded')
    calls.requeue(ctx, c, 'rescinded')
    return other
  elseif calls.partner(ctx, c) then
    calls.requeue(ctx, c, 'agent_lost')
    agents.release(ctx, other)
    return other
  end
  return nil
end

-- The agent gives back any other call; ready in no index, or lost. Says which call.
local function free(ctx, a, c)
  local other = a.call ~= '' and a.call ~= c.id and context.load(ctx, 'call', a.call) or nil
  if other and a.state == 'offered' then
    offers.close(ctx, other, a, 'rescinded')
    calls.requeue(ctx, other, 'rescinded')
  elseif other then
    calls.requeue(ctx, other, 'agent_lost')
    agents.release(ctx, a)
  else
    agents.unlist(ctx, a)
  end
  if a.state == 'offline' then
    idle.count(ctx, a, 1)
  end
  leases.clear(ctx, a)
  for _, event in ipairs(TO_READY[a.state] or {}) do
    context.step(ctx, a, event)
  end
  return other
end

local function accept_call(ctx, c, told)
  if c.state == 'lost' then
    context.set(ctx, c, 'was', 'connecting')
    return leases.set(ctx, c, ctx.now + context.duration(ctx, 'talk_grace'))
  end
  if c.state == 'queued' then
    context.step(ctx, c, 'offer')
    legs.open(ctx, c)
  end
  context.step(ctx, c, 'accept')
end

local function accept_agent(ctx, a)
  if a.state == 'lost' then
    return context.set(ctx, a, 'was', 'connecting')
  end
  if a.state == 'ready' then
    context.step(ctx, a, 'offer')
  end
  context.step(ctx, a, 'accept')
end

-- A call-back, or not, as told; queued or lost, in no index. Nobody is lost who has left.
local function leave_or_come(ctx, c, told)
  if not told.has_left then
    call_backs.finish(ctx, c)
  elseif c.call_back == '' then
    if c.state == 'lost' then
      context.step(ctx, c, 'back_to_queued')
      context.set(ctx, c, 'was', '')
      context.set(ctx, c, 'lost_at', '')
      leases.clear(ctx, c)
    end
    leave(ctx, c)
  end
end

local function accept(ctx, c, a, told)
  leave_or_come(ctx, c, told)
  accept_call(ctx, c, told)
  promises.follow(ctx, c)
  accept_agent(ctx, a)
  context.set(ctx, c, 'agent', a.id)
  context.set(ctx, c, 'agent_name', a.name)
  context.set(ctx, c, 'token', told.token)
  context.set(ctx, c, 'reservation', 'accepted')
  context.set(ctx, a, 'call', c.id)
  context.set(ctx, a, 'token', told.token)
  context.set(ctx, a, 'misses', '0')
  if c.state == 'connecting' then
    calls.lease_connecting(ctx, c, a)
  end
  journal.call(ctx, 'call_accepted', c, { 'adopted', true })
  journal.tell_both(ctx, c, a, 'accepted', 'call', c.id, 'agent', a.id,
    'agent_name', a.name, 'token', c.token, 'relay', c.relay)
end

-- T1 as it was told, if it was. It may be that of an earlier leg.
local function answer(ctx, c, a, told)
  local again = c.t1 ~= ''
  if not again and told.t1 ~= '' then
    context.set(ctx, c, 't1', told.t1)
    context.set(ctx, c, 'evidence', told.evidence)
    promises.settle(ctx, c)
  end
  if told.state ~= 'answered' or calls.stage(c) ~= 'connecting' then
    return
  end
  context.step(ctx, c, 'answer')
  call_backs.finish(ctx, c)
  if c.state == 'lost' then
    context.set(ctx, c, 'was', 'answered')
  else
    leases.clear(ctx, c)
  end
  agents.answer(ctx, a)
  promises.settle(ctx, c)
  hasten.answered(ctx, c, a)
  journal.past(ctx, tonumber(c.t1), 'call_answered', c, {
    'evidence', told.evidence, 'again', again, 'adopted', true,
    'wait_ms', math.floor((tonumber(c.t1) - tonumber(c.t0)) / 1000),
  })
  journal.tell_both(ctx, c, a, 'answered', 'call', c.id, 'agent', a.id,
    'token', c.token, 't1', c.t1, 'evidence', c.evidence)
end

-- Whoever has not come back yet has the grace to do so.
local function lose_absent(ctx, c, a)
  if a.state == 'lost' then
    leases.set(ctx, a, ctx.now + context.duration(ctx, 'agent_grace'))
  elseif a.server == '' then
    legs.let_go(ctx, { a }, { agents.lose(ctx, a) })
  end
  if c.state ~= 'lost' and c.server == '' and c.call_back == '' then
    calls.lose(ctx, c)
  end
end

-- A talk that one of its two sides is still in.
function adopt.talk(ctx, told)
  local a = agents.known(ctx, told.agent)
  local known = context.load(ctx, 'call', told.call)
  local c = known and calls.live(ctx, told.call)
  if c and is_past(c, a, told) then
    context.fail('stale_token', told.call .. ' went on without this talk')
  end
  if not c and a.call ~= '' and number(a.token) > number(told.token) then
    context.fail('stale_token', told.agent .. ' is in a newer talk')
  end
  context.reach(ctx, number(told.token))
  c = c or remember(ctx, told)
  local freed, left
  if not is_in_it(c, a, told) then
    freed = take_from_others(ctx, c, a, told)
    left = free(ctx, a, c)
    accept(ctx, c, a, told)
  end
  answer(ctx, c, a, told)
  lose_absent(ctx, c, a)
  if freed and freed.id ~= a.id then
    agents.match(ctx, freed)
  end
  if left then
    calls.match(ctx, left)
  end
  return c
end
