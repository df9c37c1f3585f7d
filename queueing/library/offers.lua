-- One call rings at one agent, fenced by a token that no later offer repeats.

local ENDS = {
  refused = 'refuse', timed_out = 'time_out', cancelled = 'cancel', rescinded = 'rescind',
}

-- The call is queued and in no index, the agent ready and in no index.
function offers.make(ctx, c, a)
  local token = context.text(context.tick(ctx))
  local expiry = ctx.now + context.duration(ctx, 'offer')
  context.step(ctx, c, 'offer')
  legs.open(ctx, c)
  context.set(ctx, c, 'agent', a.id)
  context.set(ctx, c, 'agent_name', a.name)
  context.set(ctx, c, 'token', token)
  context.set(ctx, c, 'reservation', 'pending')
  context.set(ctx, c, 'offered_at', context.text(ctx.now))
  context.step(ctx, a, 'offer')
  context.set(ctx, a, 'call', c.id)
  context.set(ctx, a, 'token', token)
  context.set(ctx, a, 'until', context.text(expiry))
  leases.set(ctx, c, expiry)
  journal.call(ctx, 'offer_made', c, { 'expires_at_us', expiry })
  journal.tell(ctx, a.server, 'offered', 'call', c.id, 'agent', a.id, 'token', token,
    'expires_at', context.text(expiry), 'service', c.service, 'company', c.company,
    'topic', c.topic, 'mode', c.mode, 't0', c.t0, 'why', legs.why(c, a.id))
  journal.tell(ctx, c.server, 'call_ringing', 'call', c.id)
end

-- The ringing is over without this agent, who is ready again but in no index yet. The
-- call is left as it was: the caller of this function takes it further.
function offers.close(ctx, c, a, how)
  local to = TRANSITIONS.reservation[c.reservation][ENDS[how]]
  context.set(ctx, c, 'reservation', to)
  leases.clear(ctx, c)
  widening.rang(ctx, c)
  journal.call(ctx, 'offer_' .. how, c, { 'rang_ms', calls.since(ctx, c.offered_at) })
  journal.tell(ctx, a.server, 'offer_ended', 'call', c.id, 'agent', a.id,
    'token', c.token, 'how', how)
  agents.release(ctx, a, how == 'cancelled')
end

-- The reservation that this token fences, or an error and nothing changed.
function offers.fenced(ctx, call, token)
  local c = calls.live(ctx, call)
  if c.token ~= token or c.agent == '' then
    context.fail('stale_token', 'the newest token of ' .. call .. ' is another one')
  end
  return c
end

function offers.accept(ctx, c, a)
  if not TRANSITIONS.reservation[c.reservation].accept then
    context.fail('invalid_transition', 'accept in ' .. c.reservation)
  end
  context.set(ctx, c, 'reservation', TRANSITIONS.reservation[c.reservation].accept)
  context.step(ctx, c, 'accept')
  widening.rang(ctx, c)
  context.step(ctx, a, 'accept')
  context.set(ctx, a, 'misses', '0')
  calls.lease_connecting(ctx, c, a)
  journal.call(ctx, 'call_accepted', c, { 'rang_ms', calls.since(ctx, c.offered_at) })
  journal.tell_both(ctx, c, a, 'accepted', 'call', c.id, 'agent', a.id,
    'agent_name', a.name, 'token', c.token, 'relay', c.relay, 'call_back', c.call_back)
end

function offers.refuse(ctx, c, a)
  if not TRANSITIONS.reservation[c.reservation].refuse then
    context.fail('invalid_transition', 'refuse in ' .. c.reservation)
  end
  context.set(ctx, a, 'misses', '0')
  offers.close(ctx, c, a, 'refused')
  leases.rest(ctx, c, a)
  calls.requeue(ctx, c, 'refused')
  calls.match(ctx, c)
end

function offers.time_out(ctx, c)
  local a = agents.of(ctx, c.agent)
  local misses = tonumber(a.misses) + 1
  context.set(ctx, a, 'misses', context.text(misses))
  offers.close(ctx, c, a, 'timed_out')
  leases.rest(ctx, c, a)
  calls.requeue(ctx, c, 'timed_out')
  if misses >= MISSED_OFFERS_LIMIT and a.independent ~= '1' then
    agents.pause(ctx, a, 'missed_offers')
    return legs.let_go(ctx, { a }, { c })
  end
  if misses >= MISSED_OFFERS_LIMIT then
    agents.rest(ctx, a) -- before the match: counted among the ready no more
    return calls.match(ctx, c)
  end
  calls.match(ctx, c)
  agents.match(ctx, a)
end
