-- What callers ask for.

-- call service topic mode relay server connection variant prefer
doors.transition('enqueue', function(ctx, args)
  local wanted = services.wanted(ctx, args[2], args[3], args[4], args[8])
  if context.load(ctx, 'call', args[1]) then
    context.fail('call_exists', args[1])
  end
  return views.call(ctx, calls.enqueue(ctx, args[1], wanted, {
    mode = args[4], relay = args[5], server = args[6], connection = args[7], prefer = args[9],
  }))
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

-- call leg widens offers trigger permille
doors.transition('hasten', function(ctx, args)
  local c = calls.live(ctx, args[1])
  hasten.take(ctx, c, {
    leg = args[2], widens = args[3] == '1', offers = args[4] == '1', trigger = args[5],
    breach = tonumber(args[6]),
  })
  return views.call(ctx, c)
end)

-- call way
doors.transition('leave_another_way', function(ctx, args)
  local c = calls.live(ctx, args[1])
  overflow.leave(ctx, c, args[2])
  return views.call(ctx, c)
end)
