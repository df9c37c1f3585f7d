-- What callers ask for.

-- call service topic mode relay server connection variant prefer
doors.transition('enqueue', function(ctx, args)
  local entry = services.wanted(ctx, args[2], args[3], args[4], args[8])
  if context.load(ctx, 'call', args[1]) then
    context.fail('call_exists', args[1])
  end
  entry.prefer = args[9]
  entry.mode, entry.relay, entry.server, entry.connection = args[4], args[5], args[6], args[7]
  return views.call(ctx, calls.enqueue(ctx, args[1], entry))
end)

-- call server connection comes
doors.transition('resume', function(ctx, args)
  local c = calls.live(ctx, args[1])
  calls.present(ctx, c, args[2], args[3], args[4] ~= '0')
  return views.call(ctx, c)
end)

-- call connection
doors.transition('caller_lost', function(ctx, args)
  local c = context.load(ctx, 'call', args[1])
  if not c then
    context.fail('unknown_call', args[1])
  end
  if c.state ~= 'ended' and c.state ~= 'lost' and c.connection == args[2] then
    calls.lose(ctx, c)
  end
end)

-- call
doors.transition('not_understood', function(ctx, args)
  local c = calls.live(ctx, args[1])
  if c.state ~= 'answered' then
    context.fail('invalid_transition', 'not understood in ' .. c.state)
  end
  legs.not_understood(ctx, c)
  return views.call(ctx, c)
end)

-- call way
doors.transition('leave_another_way', function(ctx, args)
  local c = calls.live(ctx, args[1])
  overflow.leave(ctx, c, args[2])
  return views.call(ctx, c)
end)
