-- What processes ask for, and looking.

redis.register_function {
  function_name = 'illico_version',
  callback = function() return { VERSION, HASH } end,
  flags = { 'no-writes' },
}

-- version entries
doors.action('publish', function(ctx, args)
  return directory.publish(ctx, args[1], args[2]) and 1 or 0
end)

-- name microseconds …
doors.action('configure', function(ctx, args)
  return redis.call('HSET', ctx.q .. ':config', unpack(args))
end)

-- server: the directory's version, the store's life
doors.action('heartbeat', function(ctx, args)
  servers.heartbeat(ctx, args[1])
  return { context.text(directory.version(ctx)), context.text(ctx.life) }
end)

-- server position: how far it has read its outbox, and will act on it
doors.action('seen', function(ctx, args)
  return redis.call('HSET', ctx.q .. ':server:' .. args[1], 'read', args[2])
end)

-- server limit
doors.action('begin', function(ctx, args)
  return servers.begin(ctx, args[1], tonumber(args[2]))
end)

-- limit
doors.action('sweep', function(ctx, args)
  return sweep.run(ctx, tonumber(args[1]))
end)

doors.look('life', function(ctx)
  return redis.call('HGET', ctx.q .. ':meta', 'life') or '0'
end)

doors.look('configured', function(ctx)
  return redis.call('HLEN', ctx.q .. ':config')
end)

doors.look('view', function(ctx, args)
  local c = context.load(ctx, 'call', args[1])
  return c and views.call(ctx, c) or {}
end)

doors.look('agent_view', function(ctx, args)
  local a = context.load(ctx, 'agent', args[1])
  return a and views.agent(ctx, a) or {}
end)
