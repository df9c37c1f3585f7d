-- What callers ask for.

-- call service topic mode relay server connection
doors.transition('enqueue', function(ctx, args)
  local service = redis.call('HMGET', ctx.q .. ':service:' .. args[2],
    'company', 'mask', 'topic:' .. args[3])
  if not service[1] then
    context.fail('unknown_service', args[2])
  end
  if args[3] ~= '' and not service[3] then
    context.fail('unknown_topic', args[3])
  end
  if context.load(ctx, 'call', args[1]) then
    context.fail('call_exists', args[1])
  end
  local c = calls.enqueue(ctx, args[1], {
    service = args[2], company = service[1], topic = args[3], mode = args[4],
    relay = args[5], server = args[6], connection = args[7],
    mask = masks.union(service[2], service[3] or ''),
  })
  return views.call(ctx, c)
end)

-- call server connection
doors.transition('resume', function(ctx, args)
  local c = calls.live(ctx, args[1])
  servers.move(ctx, c, args[2], args[3])
  if c.state == 'lost' then
    calls.back(ctx, c)
  end
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
