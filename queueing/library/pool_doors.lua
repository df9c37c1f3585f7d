-- What processes ask for, and looking.

redis.register_function {
  function_name = 'illico_version',
  callback = function() return { VERSION, HASH } end,
  flags = { 'no-writes' },
}

-- The steps of publishing, in this order (see `directory`); a version that is not being
-- written (any more) is answered -1.

-- version reserves
doors.action('publish', function(ctx, args)
  return directory.begin(ctx, args[1], args[2]) and 1 or -1
end)

local function step(name, act)
  doors.action(name, function(ctx, args)
    return directory.is_writing(ctx, args[1]) and act(ctx, args) or -1
  end)
end

-- version agents
step('publish_agents', function(ctx, args)
  directory.agents(ctx, args[2])
  return 0
end)

-- version limit: 1 until nobody is left who is not listed any more
step('publish_unlisted', function(ctx, args)
  return directory.unlist(ctx, tonumber(args[2])) and 0 or 1
end)

-- version services
step('publish_services', function(ctx, args)
  directory.services(ctx, args[2])
  return 0
end)

-- version
step('publish_switch', function(ctx, args)
  directory.switch(ctx, args[1])
  return 0
end)

-- 1 until whoever fits by a new plan of scarce skills is matched
doors.action('publish_match', function(ctx)
  return ctx.seeks and lives.go_on(ctx) and 1 or 0
end)

-- limit: 1 until nothing of older versions is left
doors.action('publish_forget', function(ctx, args)
  return idle.forget(ctx, tonumber(args[1])) and 0 or 1
end)

-- name microseconds …
doors.action('configure', function(ctx, args)
  context.configure(ctx, args)
  return 0
end)

-- server tick: the directory's version, the store's life
doors.action('heartbeat', function(ctx, args)
  context.catch_up(ctx, tonumber(args[2] or '0')) -- an older client says none
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
