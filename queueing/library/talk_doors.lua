-- What is asked about a call between two people.

-- call token evidence browser_ms forwarded_at
doors.transition('answered', function(ctx, args)
  local c = offers.fenced(ctx, args[1], args[2])
  if calls.stage(c) ~= 'answered' then
    if calls.stage(c) ~= 'connecting' then
      context.fail('invalid_transition', 'answer in ' .. calls.stage(c))
    end
    calls.answer(ctx, c, args[3], args[4], args[5])
  end
  return views.call(ctx, c)
end)

-- call token
doors.transition('media_failed', function(ctx, args)
  local c = offers.fenced(ctx, args[1], args[2])
  if calls.stage(c) ~= 'connecting' then
    context.fail('invalid_transition', 'media failed in ' .. calls.stage(c))
  end
  calls.no_frame(ctx, c)
end)

-- call away_from to
doors.transition('move_call', function(ctx, args)
  local c = calls.live(ctx, args[1])
  if c.relay == args[2] and args[2] ~= args[3] then
    calls.move(ctx, c, args[3])
  end
  return views.call(ctx, c)
end)

-- The call that this agent has by this token, or an error.
local function own_call(ctx, agent, call, token)
  local c = offers.fenced(ctx, call, token)
  if c.agent ~= agent then
    context.fail('stale_token', call .. ' is with somebody else')
  end
  return c
end

-- call by difficult agent token
doors.transition('hang_up', function(ctx, args)
  local c, by = calls.live(ctx, args[1]), args[2]
  local reason = 'technical'
  if by == 'caller' then
    reason = calls.left_reason(ctx, c)
  elseif by == 'agent' then
    own_call(ctx, args[4], args[1], args[5])
    if not calls.partner(ctx, c) then
      context.fail('invalid_transition', 'agent hangs up in ' .. calls.stage(c))
    end
    reason = 'agent_hung_up'
  end
  calls.finish(ctx, c, reason, by, args[3] == '1')
  return views.call(ctx, c)
end)

-- kind company service call facts
doors.transition('note', function(ctx, args)
  journal.note(ctx, args[1], args[2], args[3], args[4], args[5])
end)

-- The answered call that this agent has by this token, or an error.
local function own_talk(ctx, agent, call, token)
  local c = own_call(ctx, agent, call, token)
  if calls.stage(c) ~= 'answered' then
    context.fail('invalid_transition', 'transfer in ' .. calls.stage(c))
  end
  return c, agents.of(ctx, agent)
end

-- agent call token service topic
doors.transition('transfer_to_service', function(ctx, args)
  local c, a = own_talk(ctx, args[1], args[2], args[3])
  -- whoever speaks in a variant is not understood without it
  local variant = c.mode == 'text' and '' or c.variant
  local wanted = services.wanted(ctx, args[4], args[5], c.mode, variant)
  if wanted.company ~= c.company then
    context.fail('other_company', args[4])
  end
  legs.to_service(ctx, c, a, wanted)
  return views.call(ctx, c)
end)

-- agent call token to
doors.transition('transfer_to_agent', function(ctx, args)
  local c, a = own_talk(ctx, args[1], args[2], args[3])
  local to = args[4] ~= a.id and context.load(ctx, 'agent', args[4])
  if not legs.could_take(ctx, c, to) then
    context.fail('agent_unavailable', args[4])
  end
  legs.to_agent(ctx, c, a, to)
  return views.call(ctx, c)
end)
