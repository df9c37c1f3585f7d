-- Breaks, wishes for one, cool-downs that nothing shortens, and what a supervisor may do.

-- The agent has a break from now on; in no index.
function breaks.take(ctx, a, by)
  local wrapped = a.state == 'wrap_up'
  context.step(ctx, a, 'take_break')
  leases.clear(ctx, a)
  breaks.wish(ctx, a, '')
  context.set(ctx, a, 'misses', '0')
  if wrapped then
    journal.agent(ctx, 'wrap_up_done', a, { 'ready', false, 'by', by })
  end
  journal.agent(ctx, 'agent_state', a, { 'state', 'break', 'reason', by })
end

-- The state that the agent wants after the call in progress, or ''.
function breaks.wish(ctx, a, state)
  if (a.wish or '') ~= state then
    context.set(ctx, a, 'wish', state)
  end
end

function breaks.talking(a)
  return a.state == 'connecting' or a.state == 'in_call'
end

-- By the agent's own word: at once, or after the call in progress and its wrap-up.
function breaks.ask(ctx, a)
  if breaks.talking(a) then
    return breaks.wish(ctx, a, 'break')
  end
  agents.step_aside(ctx, a, 'take_break', 'refused', function()
    breaks.take(ctx, a, 'agent')
  end)
end

-- The end of a wrap-up without a word for or against being ready.
function breaks.take_wish(ctx, a, by)
  if a.wish ~= 'break' then
    return false
  end
  breaks.take(ctx, a, by)
  legs.let_go(ctx, { a }, {})
  return true
end

-- After a talk: until when nothing makes the agent ready, and how long notes may take.
function breaks.after_talk(ctx, a, c, difficult)
  local rest, notes = services.after_talk(ctx, c.service)
  if difficult then
    rest = math.max(rest, context.duration(ctx, 'difficult_cool_down'))
  end
  local cool = tonumber(a.cool_until or '') or 0
  if rest > 0 then
    cool = math.max(cool, ctx.now + rest)
    context.set(ctx, a, 'cool_until', context.text(cool))
  end
  return math.max(ctx.now + (notes or context.duration(ctx, 'wrap_up')), cool)
end

function breaks.check_cool(ctx, a)
  local cool = tonumber(a.cool_until or '')
  if cool and cool > ctx.now then
    context.fail('cooling_down', a.id .. ' until ' .. a.cool_until)
  end
end

-- A supervisor's act. It ends no break, and makes nobody ready.
function breaks.force(ctx, a, state, by)
  if a.independent == '1' then
    context.fail('independent_agent', a.id)
  end
  if a.state == state then
    return
  end
  if agents.stage(a) == 'break' then
    context.fail('invalid_transition', 'forced in break')
  end
  if state == 'away' and a.state ~= 'offered' then
    context.check(a, 'pause')
  end
  journal.agent(ctx, 'agent_forced', a, { 'state', state, 'by', by })
  if state == 'away' then
    return agents.away(ctx, a, 'forced', 'rescinded')
  end
  agents.leave(ctx, a, 'forced')
end
