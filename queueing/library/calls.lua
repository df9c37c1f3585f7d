-- A call, from T0 to its end. Its T0 never changes; its deadline, by which callers are
-- served, only with a new leg.

local BACK = {
  queued = 'back_to_queued', connecting = 'back_to_connecting', answered = 'back_to_answered',
}

local function milliseconds(from, to)
  return math.floor((to - from) / 1000)
end

function calls.since(ctx, moment)
  return milliseconds(tonumber(moment), ctx.now)
end

-- A call that is not over, or an error.
function calls.live(ctx, id)
  local c = context.load(ctx, 'call', id)
  if not c then
    context.fail('unknown_call', id)
  end
  if c.state == 'ended' then
    context.fail('ended_call', id)
  end
  return c
end

-- What the call is, or was before it was lost.
function calls.stage(c)
  return c.state == 'lost' and c.was or c.state
end

-- The agent who accepted the call and is still in it, or nil.
function calls.partner(ctx, c)
  local stage = calls.stage(c)
  if stage == 'connecting' or stage == 'answered' then
    return agents.of(ctx, c.agent)
  end
  return nil
end

-- Whether nobody who is signed in could ever serve this call.
function calls.nobody(ctx, c)
  return idle.nobody(ctx, c.company, c.widest, c.banned)
end

-- A new record, in no index and told to nobody: what its service decides and what the
-- caller brings. `t0` is when its clock began. What a call does not have yet is empty.
function calls.new(ctx, id, wanted, own, t0)
  local now = context.text(t0)
  local fields = {
    state = 'queued', t0 = now, leg_t0 = now, attempts = '0', leg = '0', step = '0', rung = '0',
    why = 'first_offer', deadline = context.text(t0 + tonumber(wanted.allowance)),
  }
  for _, part in ipairs({ wanted, own }) do
    for field, value in pairs(part) do
      if value ~= '' then
        fields[field] = value
      end
    end
  end
  return context.record(ctx, 'call', id, fields)
end

function calls.enqueue(ctx, id, wanted, own)
  local c = calls.new(ctx, id, wanted, own, ctx.now)
  servers.hold(ctx, c)
  journal.call(ctx, 'call_queued', c,
    { 'topic', c.topic, 'variant', c.variant, 'mode', c.mode, 'relay', c.relay,
      't0_us', ctx.now })
  legs.prefer(ctx, c)
  if waiting.is_behind(ctx, c) then
    waiting.add(ctx, c)
  else
    calls.match(ctx, c)
  end
  promises.follow(ctx, c)
  if c.state == 'queued' and calls.nobody(ctx, c) then
    journal.call(ctx, 'no_one_there', c)
  end
  return c
end

-- A queued call that is in no index goes to the best idle agent, else it waits.
function calls.match(ctx, c)
  if c.state ~= 'queued' then
    return
  end
  widening.take(ctx, c)
  overflow.take(ctx, c)
  local agent = not ctx.settles and idle.best(ctx, c)
  if not agent then
    return waiting.add(ctx, c)
  end
  local a = agents.of(ctx, agent)
  idle.remove(ctx, a)
  offers.make(ctx, c, a)
end

-- Back to the queue, in no index yet: `calls.match` comes next. A lost call stays lost.
function calls.requeue(ctx, c, reason)
  local partner = calls.partner(ctx, c)
  context.step(ctx, c, 'requeue')
  legs.again(ctx, c)
  journal.call(ctx, 'call_requeued', c, { 'reason', reason })
  journal.tell_both(ctx, c, partner, 'requeued', 'call', c.id, 'agent', c.agent,
    'reason', reason)
  context.set(ctx, c, 'past', c.token)
  context.set(ctx, c, 'agent', '')
  context.set(ctx, c, 'agent_name', '')
  if c.state == 'lost' then
    context.set(ctx, c, 'was', 'queued')
    leases.set(ctx, c, tonumber(c.lost_at) + context.duration(ctx, 'caller_grace'))
  else
    leases.clear(ctx, c)
  end
end

function calls.lease_connecting(ctx, c, a)
  if c.call_back == '1' then
    return call_backs.summon(ctx, c, a)
  end
  local name = c.mode == 'text' and 'first_words' or 'connect'
  leases.set(ctx, c, ctx.now + context.duration(ctx, name))
  if a.state == 'connecting' then
    context.set(ctx, a, 'until', c['until'])
  end
end

-- T1, unless the call already has one; then only the agent is a new one.
function calls.answer(ctx, c, evidence, browser_ms, forwarded_at)
  local a, again = agents.of(ctx, c.agent), c.t1 ~= ''
  local gone = c.call_back == '1' and c.server == ''
  context.step(ctx, c, 'answer')
  call_backs.finish(ctx, c)
  if c.state == 'lost' then
    context.set(ctx, c, 'was', 'answered')
  else
    leases.clear(ctx, c)
  end
  if not again then
    context.set(ctx, c, 't1', context.text(ctx.now))
    context.set(ctx, c, 'evidence', evidence)
  end
  agents.answer(ctx, a)
  journal.call(ctx, 'call_answered', c, {
    'evidence', evidence, 'browser_ms', tonumber(browser_ms) or '',
    'forwarded_at_us', tonumber(forwarded_at) or '',
    'wait_ms', milliseconds(tonumber(c.t0), tonumber(c.t1)), 'again', again,
    'leg', tonumber(c.leg), 'leg_wait_ms', calls.since(ctx, c.leg_t0),
  })
  promises.settle(ctx, c)
  hasten.answered(ctx, c, a)
  journal.tell_both(ctx, c, a, 'answered', 'call', c.id, 'agent', a.id,
    'token', c.token, 't1', c.t1, 'evidence', c.evidence)
  if gone then
    calls.lose(ctx, c) -- seen, by a caller whose page is gone: it has the grace to come back
  end
end

-- The caller's connection is gone. A ringing agent is freed, an accepted one waits.
function calls.lose(ctx, c)
  if c.call_back == '1' then
    return call_backs.unplug(ctx, c)
  end
  local freed
  local partner = calls.partner(ctx, c)
  if c.state == 'queued' then
    waiting.remove(ctx, c)
  elseif c.state == 'offered' then
    freed = agents.of(ctx, c.agent)
    offers.close(ctx, c, freed, 'cancelled')
    context.set(ctx, c, 'agent', '')
    context.set(ctx, c, 'agent_name', '')
  end
  context.set(ctx, c, 'was', partner and c.state or 'queued')
  context.step(ctx, c, 'lose')
  context.set(ctx, c, 'lost_at', context.text(ctx.now))
  promises.follow(ctx, c)
  context.set(ctx, c, 'alone', calls.nobody(ctx, c) and '1' or '')
  local grace = context.duration(ctx, partner and 'talk_grace' or 'caller_grace')
  leases.set(ctx, c, ctx.now + grace)
  journal.call(ctx, 'caller_lost', c, { 'was', c.was })
  if partner then
    journal.tell(ctx, partner.server, 'caller_lost', 'call', c.id)
    if partner.state == 'connecting' then
      context.set(ctx, partner, 'until', c['until'])
    end
  end
  if freed then
    agents.match(ctx, freed)
  end
end

-- A caller's newest connection. Only a caller who comes in person ends a call-back.
function calls.present(ctx, c, server, connection, comes)
  servers.move(ctx, c, server, connection)
  if c.state == 'lost' then
    calls.back(ctx, c)
  elseif c.call_back == '1' and comes then
    call_backs.come(ctx, c)
  end
end

function calls.back(ctx, c)
  context.step(ctx, c, BACK[c.was])
  context.set(ctx, c, 'was', '')
  leases.clear(ctx, c)
  journal.call(ctx, 'caller_back', c,
    { 'state', c.state, 'lost_ms', calls.since(ctx, c.lost_at) })
  context.set(ctx, c, 'lost_at', '')
  promises.follow(ctx, c)
  local partner = calls.partner(ctx, c)
  if partner then
    journal.tell(ctx, partner.server, 'caller_back', 'call', c.id)
  end
  if c.state == 'connecting' then
    calls.lease_connecting(ctx, c, partner)
  end
  calls.match(ctx, c)
end

-- Its pictures pass another relay from now on; nothing else changes. Both people's servers
-- hear of it, also of an agent at whom it only rings.
function calls.move(ctx, c, to)
  local from = c.relay
  context.set(ctx, c, 'relay', to)
  journal.call(ctx, 'call_moved', c, { 'from', from, 'relay', to })
  journal.tell_both(ctx, c, c.agent ~= '' and agents.of(ctx, c.agent), 'call_moved',
    'call', c.id, 'relay', to)
end

-- Accepted, but no frame came. Once more with somebody else, or the end.
function calls.no_frame(ctx, c)
  local a = agents.of(ctx, c.agent)
  local attempts = tonumber(c.attempts) + 1
  context.set(ctx, c, 'attempts', context.text(attempts))
  journal.call(ctx, 'media_failed', c, { 'attempts', attempts })
  if attempts >= MEDIA_ATTEMPTS_LIMIT then
    return calls.finish(ctx, c, 'technical', 'system', false)
  end
  leases.rest(ctx, c, a)
  calls.requeue(ctx, c, 'no_frame')
  agents.release(ctx, a)
  if a.state == 'ready' and a.wish == 'break' then
    breaks.take(ctx, a, 'agent') -- before the match: counted among the ready no more
    return legs.let_go(ctx, { a }, { c })
  end
  calls.match(ctx, c)
  agents.match(ctx, a)
end

-- Whether nobody signed in could serve the caller, when the caller was last there.
local function alone(ctx, c)
  if c.state == 'lost' then
    return c.alone == '1'
  end
  return calls.nobody(ctx, c)
end

-- Why a call ends when the caller does not come back.
function calls.lost_reason(ctx, c)
  if c.was ~= 'queued' or c.t1 ~= '' then
    return 'caller_lost'
  end
  return alone(ctx, c) and 'no_one_there' or 'lost_waiting'
end

-- Why a call ends when the caller hangs up.
function calls.left_reason(ctx, c)
  if c.t1 ~= '' then
    return 'caller_hung_up'
  end
  return alone(ctx, c) and 'no_one_there' or 'abandoned'
end

-- A caller who was lost and did not come back left at that moment: nobody waits or pays
-- for a grace. What was seen after it is the end.
local function ended_at(ctx, c)
  if c.state ~= 'lost' then
    return ctx.now
  end
  return math.max(tonumber(c.lost_at), tonumber(c.t1) or 0)
end

function calls.finish(ctx, c, reason, by, difficult)
  local partner, freed = calls.partner(ctx, c), nil
  if c.state == 'queued' then
    waiting.remove(ctx, c)
  elseif c.state == 'offered' then
    freed = agents.of(ctx, c.agent)
    offers.close(ctx, c, freed, 'cancelled')
    context.set(ctx, c, 'agent', '')
    context.set(ctx, c, 'agent_name', '')
  end
  local moment = ended_at(ctx, c)
  context.step(ctx, c, 'end')
  promises.follow(ctx, c)
  leases.clear(ctx, c)
  leases.end_rests(ctx, c.id)
  legs.open(ctx, c)
  call_backs.finish(ctx, c)
  context.set(ctx, c, 'reason', reason)
  context.set(ctx, c, 'ended_at', context.text(moment))
  hasten.left(ctx, c, false)
  local answered = c.t1 ~= ''
  local waited_until = answered and tonumber(c.t1) or moment
  journal.call(ctx, 'call_ended', c, {
    'reason', reason, 'by', by, 'difficult', difficult,
    'waited_ms', milliseconds(tonumber(c.t0), waited_until),
    'talk_ms', answered and milliseconds(tonumber(c.t1), moment) or 0,
    't0_us', tonumber(c.t0), 't1_us', tonumber(c.t1) or '', 'ended_at_us', moment,
    'attempts', tonumber(c.attempts),
  })
  journal.tell_both(ctx, c, partner, 'ended', 'call', c.id, 'agent', c.agent,
    'reason', reason, 't0', c.t0, 't1', c.t1, 'token', c.token, 'relay', c.relay)
  servers.let_go(ctx, c)
  if partner then
    agents.finish(ctx, partner, c, difficult)
  end
  if partner or freed then
    agents.match(ctx, partner or freed)
  end
end
