-- An agent, from signing in to leaving.

local BACK = {
  away = 'back_to_away', ready = 'back_to_ready', connecting = 'back_to_connecting',
  in_call = 'back_to_in_call', wrap_up = 'back_to_wrap_up', ['break'] = 'back_to_break',
}

-- An agent of this or an earlier directory, or an error.
function agents.known(ctx, id)
  local a = context.load(ctx, 'agent', id)
  if not a then
    context.fail('unknown_agent', id)
  end
  return a
end

-- An agent whom the directory lists, or who has something to finish: a call, or the notes
-- about one; or an error.
function agents.here(ctx, id)
  local a = agents.known(ctx, id)
  if a.listed ~= '1' and a.call == '' and agents.stage(a) ~= 'wrap_up' then
    context.fail('unknown_agent', id)
  end
  return a
end

-- An agent to whom a call points: always there.
function agents.of(ctx, id)
  return context.load(ctx, 'agent', id)
end

-- What the agent is doing, or did before being lost.
function agents.stage(a)
  return a.state == 'lost' and a.was or a.state
end

-- To the agent's server, once per function call, if anything that shows has changed.
function agents.tell(ctx, a)
  local before = context.before(ctx, a)
  if before == true then
    return -- new in the directory: at no server
  end
  if before[1] ~= a.state or before[2] ~= a.call or before[3] ~= a.token
      or before[4] ~= a['until'] or before[5] ~= a.cool_until or before[6] ~= a.wish then
    local left = ctx.left and ctx.left[a.id] or ''
    journal.tell(ctx, a.server ~= '' and a.server or left, 'agent_changed',
      'agent', a.id, 'state', a.state, 'call', a.call, 'token', a.token,
      'until', a['until'], 'cool_until', a.cool_until, 'wish', a.wish)
  end
end

-- A ready agent who is in no index takes the wished break or the next caller, else waits
-- for one; nobody is offered to an agent who rests after missed offers.
function agents.match(ctx, a)
  if a.state ~= 'ready' or breaks.take_wish(ctx, a, 'agent') or a['until'] ~= '' then
    return
  end
  local call = (not ctx.settles or ctx.seeks) and waiting.best(ctx, a)
  if not call then
    idle.add(ctx, a)
    return scarce.settle(ctx)
  end
  local c = context.load(ctx, 'call', call)
  waiting.remove(ctx, c)
  offers.make(ctx, c, a)
end

-- Ready, and not at rest after missed offers.
function agents.free(a)
  return a.state == 'ready' and a['until'] == ''
end

-- Out of the index of idle agents, if in it.
function agents.unlist(ctx, a)
  if agents.free(a) then
    idle.remove(ctx, a)
  end
end

-- Without a call again: ready (in no index yet), or lost and ready when back.
function agents.release(ctx, a, keeps_turn)
  context.step(ctx, a, 'release')
  if a.state == 'lost' then
    context.set(ctx, a, 'was', 'ready')
  else
    context.set(ctx, a, 'until', '')
  end
  if not keeps_turn then
    context.set(ctx, a, 'idle_since', context.text(ctx.now))
  end
  context.set(ctx, a, 'call', '')
  context.set(ctx, a, 'token', '')
end

function agents.answer(ctx, a)
  context.step(ctx, a, 'answer')
  if a.state == 'lost' then
    context.set(ctx, a, 'was', 'in_call')
  else
    context.set(ctx, a, 'until', '')
  end
end

-- The call is over: wrap-up after a talk, ready at once without one.
function agents.finish(ctx, a, c, difficult)
  if agents.stage(a) == 'connecting' then
    return agents.release(ctx, a)
  end
  local expiry = breaks.after_talk(ctx, a, c, difficult)
  context.step(ctx, a, 'finish')
  context.set(ctx, a, 'wrap_up_until', context.text(expiry))
  context.set(ctx, a, 'call', '')
  context.set(ctx, a, 'token', '')
  if a.state == 'lost' then
    context.set(ctx, a, 'was', 'wrap_up')
  else
    leases.set(ctx, a, expiry)
  end
  journal.agent(ctx, 'wrap_up_started', a, { 'expires_at_us', expiry }, c)
end

function agents.connect(ctx, a)
  context.step(ctx, a, 'connect')
  context.set(ctx, a, 'misses', '0')
  idle.count(ctx, a, 1)
  journal.agent(ctx, 'agent_state', a, { 'state', 'away', 'reason', 'connected' })
end

-- Ready by the agent's own word.
function agents.get_ready(ctx, a, by)
  local wrapped = a.state == 'wrap_up'
  context.step(ctx, a, 'get_ready')
  leases.clear(ctx, a)
  breaks.wish(ctx, a, '')
  context.set(ctx, a, 'misses', '0')
  context.set(ctx, a, 'idle_since', context.text(ctx.now))
  if wrapped then
    journal.agent(ctx, 'wrap_up_done', a, { 'ready', true, 'by', by })
  else
    journal.agent(ctx, 'agent_state', a, { 'state', 'ready', 'reason', by })
  end
  agents.match(ctx, a)
end

-- After missed offers, somebody whom nobody else may send away is offered none for a time.
function agents.rest(ctx, a)
  local expiry = ctx.now + context.duration(ctx, 'agent_rest')
  context.set(ctx, a, 'misses', '0')
  leases.set(ctx, a, expiry)
  scarce.ready(ctx, a, false)
  journal.agent(ctx, 'agent_state', a,
    { 'state', 'ready', 'reason', 'missed_offers', 'rests_until_us', expiry })
end

-- The rest is over, by its lease or by the agent's own word.
function agents.rested(ctx, a, by)
  leases.clear(ctx, a)
  scarce.ready(ctx, a, true)
  context.set(ctx, a, 'idle_since', context.text(ctx.now))
  journal.agent(ctx, 'agent_state', a, { 'state', 'ready', 'reason', by })
  agents.match(ctx, a)
end

-- Away; the agent is in no index (see `agents.away` for one who is).
function agents.pause(ctx, a, reason)
  local wrapped = a.state == 'wrap_up'
  context.step(ctx, a, 'pause')
  leases.clear(ctx, a)
  breaks.wish(ctx, a, '')
  context.set(ctx, a, 'misses', '0')
  if wrapped then
    journal.agent(ctx, 'wrap_up_done', a, { 'ready', false, 'by', reason })
  else
    journal.agent(ctx, 'agent_state', a, { 'state', 'away', 'reason', reason })
  end
end

-- Does `act`, which the event leads to, with the agent in no index. A ringing call ends as
-- `how` says and goes on to somebody else.
function agents.step_aside(ctx, a, event, how, act)
  if a.state ~= 'offered' then
    context.check(a, event)
    agents.unlist(ctx, a)
    act()
    return legs.let_go(ctx, { a }, {})
  end
  local c = context.load(ctx, 'call', a.call)
  offers.close(ctx, c, a, how)
  if how == 'refused' then
    leases.rest(ctx, c, a)
  end
  act()
  calls.requeue(ctx, c, how)
  legs.let_go(ctx, { a }, { c })
end

function agents.away(ctx, a, reason, how)
  agents.step_aside(ctx, a, 'pause', how, function()
    agents.pause(ctx, a, reason)
  end)
end

-- The agent's connection is gone. A call in progress waits for the agent's grace; a ringing
-- one is given back, in no index, for `legs.let_go`, which comes next.
function agents.lose(ctx, a)
  local requeued
  if a.state == 'offered' then
    requeued = context.load(ctx, 'call', a.call)
    offers.close(ctx, requeued, a, 'rescinded')
    calls.requeue(ctx, requeued, 'agent_lost')
  else
    agents.unlist(ctx, a)
  end
  local was, c = a.state, nil
  context.step(ctx, a, 'lose')
  context.set(ctx, a, 'was', was)
  leases.set(ctx, a, ctx.now + context.duration(ctx, 'agent_grace'))
  if a.call ~= '' then
    c = context.load(ctx, 'call', a.call)
    journal.tell(ctx, c.server, 'agent_lost', 'call', c.id)
  end
  journal.agent(ctx, 'agent_lost', a, { 'was', was }, c)
  return requeued
end

function agents.back(ctx, a)
  context.step(ctx, a, BACK[a.was])
  context.set(ctx, a, 'was', '')
  leases.clear(ctx, a)
  local c = a.call ~= '' and context.load(ctx, 'call', a.call) or nil
  journal.agent(ctx, 'agent_back', a, { 'state', a.state }, c)
  if c then
    journal.tell(ctx, c.server, 'agent_back', 'call', c.id)
  end
  if a.state == 'connecting' and c.state == 'connecting' then
    context.set(ctx, a, 'until', c['until'])
  elseif a.state == 'wrap_up' then
    leases.set(ctx, a, tonumber(a.wrap_up_until))
  elseif a.state == 'ready' then
    context.set(ctx, a, 'idle_since', context.text(ctx.now))
    agents.match(ctx, a)
  end
end

-- Signed out, or lost for too long. Nobody whom this agent served is lost with them.
function agents.leave(ctx, a, reason)
  local c = a.call ~= '' and context.load(ctx, 'call', a.call) or nil
  if a.state == 'offered' then
    offers.close(ctx, c, a, 'rescinded')
    calls.requeue(ctx, c, 'rescinded')
  elseif c then
    if agents.stage(a) == 'in_call' then
      breaks.after_talk(ctx, a, c)
    end
    calls.requeue(ctx, c, 'agent_lost')
    agents.release(ctx, a)
  else
    agents.unlist(ctx, a)
  end
  context.step(ctx, a, 'leave')
  leases.clear(ctx, a)
  breaks.wish(ctx, a, '')
  context.set(ctx, a, 'was', '')
  ctx.left = ctx.left or {}
  ctx.left[a.id] = a.server -- who is told of it all the same
  servers.let_go(ctx, a)
  context.set(ctx, a, 'server', '')
  context.set(ctx, a, 'connection', '')
  idle.count(ctx, a, -1)
  journal.agent(ctx, 'agent_state', a, { 'state', 'offline', 'reason', reason })
  legs.let_go(ctx, { a }, { c })
end
