-- The functions that others call. The first key is the pool's tag; the first argument of
-- every transition is its request id, and a request that was already done is answered
-- again, not done again.

local REQUEST_KEPT_MS = 60000

local function replay(ctx, key)
  local stored = redis.call('GET', key)
  return stored and cmsgpack.unpack(stored)
end

local function refused(problem)
  if type(problem) == 'table' and problem.code then
    return redis.error_reply('QUEUE ' .. problem.code .. ' ' .. problem.detail)
  end
  error(problem, 0)
end

-- `act(ctx, args)` checks, changes and returns a flat list of strings.
local function transition(name, act)
  redis.register_function('illico_' .. name, function(keys, args)
    local ctx = context.open(keys)
    local key = ctx.q .. ':request:' .. name .. ':' .. table.remove(args, 1)
    local reply = replay(ctx, key)
    if reply then
      return reply
    end
    local done, result = pcall(act, ctx, args)
    if not done then
      return refused(result)
    end
    reply = result or {}
    context.flush(ctx)
    redis.call('SET', key, cmsgpack.pack(reply), 'PX', REQUEST_KEPT_MS)
    return reply
  end)
end

-- Without a request id: doing it twice is the same as doing it once.
local function action(name, act)
  redis.register_function('illico_' .. name, function(keys, args)
    local ctx = context.open(keys)
    local result = act(ctx, args)
    context.flush(ctx)
    return result
  end)
end

local function look(name, act)
  redis.register_function {
    function_name = 'illico_' .. name,
    callback = function(keys, args)
      return act(context.open(keys), args)
    end,
    flags = { 'no-writes' },
  }
end

redis.register_function {
  function_name = 'illico_version',
  callback = function() return { VERSION, HASH } end,
  flags = { 'no-writes' },
}

-- call service topic mode relay server connection
transition('enqueue', function(ctx, args)
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
transition('resume', function(ctx, args)
  local c = calls.live(ctx, args[1])
  servers.move(ctx, c, args[2], args[3])
  if c.state == 'lost' then
    calls.back(ctx, c)
  end
  return views.call(ctx, c)
end)

-- call connection
transition('caller_lost', function(ctx, args)
  local c = context.load(ctx, 'call', args[1])
  if not c then
    context.fail('unknown_call', args[1])
  end
  if c.state ~= 'ended' and c.state ~= 'lost' and c.connection == args[2] then
    calls.lose(ctx, c)
  end
end)

-- agent server connection
transition('agent_connected', function(ctx, args)
  local a = agents.listed(ctx, args[1])
  servers.move(ctx, a, args[2], args[3])
  if a.state == 'offline' then
    agents.connect(ctx, a)
  elseif a.state == 'lost' then
    agents.back(ctx, a)
  end
  return views.agent(ctx, a)
end)

-- agent
transition('agent_ready', function(ctx, args)
  local a = agents.listed(ctx, args[1])
  if a.state ~= 'ready' then
    context.check(a, 'get_ready')
    agents.get_ready(ctx, a, 'agent')
  end
  return views.agent(ctx, a)
end)

-- agent
transition('agent_away', function(ctx, args)
  local a = agents.listed(ctx, args[1])
  if a.state ~= 'away' then
    agents.away(ctx, a)
  end
  return views.agent(ctx, a)
end)

-- agent
transition('agent_offline', function(ctx, args)
  local a = context.load(ctx, 'agent', args[1])
  if not a then
    context.fail('unknown_agent', args[1])
  end
  if a.state ~= 'offline' then
    agents.leave(ctx, a, 'agent')
  end
  return views.agent(ctx, a)
end)

-- agent connection
transition('agent_lost', function(ctx, args)
  local a = context.load(ctx, 'agent', args[1])
  if not a then
    context.fail('unknown_agent', args[1])
  end
  if a.state ~= 'offline' and a.state ~= 'lost' and a.connection == args[2] then
    agents.lose(ctx, a)
  end
end)

-- agent call token
local function reservation(ctx, args)
  local a, c = agents.listed(ctx, args[1]), offers.fenced(ctx, args[2], args[3])
  if c.agent ~= a.id then
    context.fail('stale_token', args[2] .. ' rings elsewhere')
  end
  return c, a
end

transition('accept', function(ctx, args)
  local c, a = reservation(ctx, args)
  offers.accept(ctx, c, a)
  return views.call(ctx, c)
end)

transition('refuse', function(ctx, args)
  local c, a = reservation(ctx, args)
  offers.refuse(ctx, c, a)
  agents.match(ctx, a)
end)

-- call token evidence browser_ms forwarded_at
transition('answered', function(ctx, args)
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
transition('media_failed', function(ctx, args)
  local c = offers.fenced(ctx, args[1], args[2])
  if calls.stage(c) ~= 'connecting' then
    context.fail('invalid_transition', 'media failed in ' .. calls.stage(c))
  end
  calls.no_frame(ctx, c)
end)

-- call by difficult
transition('hang_up', function(ctx, args)
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

-- agent ready
transition('wrap_up_done', function(ctx, args)
  local a = agents.listed(ctx, args[1])
  if a.state ~= 'wrap_up' then
    context.fail('invalid_transition', 'wrap-up done in ' .. a.state)
  end
  if args[2] == '1' then
    agents.get_ready(ctx, a, 'agent')
  else
    agents.pause(ctx, a, 'agent')
  end
  return views.agent(ctx, a)
end)

-- kind company service call facts
transition('note', function(ctx, args)
  journal.note(ctx, args[1], args[2], args[3], args[4], args[5])
end)

-- version entries
action('publish', function(ctx, args)
  return directory.publish(ctx, args[1], args[2]) and 1 or 0
end)

-- name microseconds …
action('configure', function(ctx, args)
  return redis.call('HSET', ctx.q .. ':config', unpack(args))
end)

-- server
action('heartbeat', function(ctx, args)
  servers.heartbeat(ctx, args[1])
  return directory.version(ctx)
end)

-- server limit
action('begin', function(ctx, args)
  return servers.begin(ctx, args[1], tonumber(args[2]))
end)

-- limit
action('sweep', function(ctx, args)
  return sweep.run(ctx, tonumber(args[1]))
end)

look('view', function(ctx, args)
  local c = context.load(ctx, 'call', args[1])
  return c and views.call(ctx, c) or {}
end)

look('agent_view', function(ctx, args)
  local a = context.load(ctx, 'agent', args[1])
  return a and views.agent(ctx, a) or {}
end)

look('positions', function(ctx, args)
  return views.positions(ctx, args)
end)
