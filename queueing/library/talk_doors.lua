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

-- call by difficult
doors.transition('hang_up', function(ctx, args)
  local c, by = calls.live(ctx, args[1]), args[2]
  local reason = 'technical'
  if by == 'caller' then
    reason = calls.left_reason(ctx, c)
  elseif by == 'agent' then
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
