-- What agents ask for.

-- agent server connection
doors.transition('agent_connected', function(ctx, args)
  local a = agents.here(ctx, args[1])
  servers.move(ctx, a, args[2], args[3])
  if a.state == 'offline' then
    agents.connect(ctx, a)
  elseif a.state == 'lost' then
    agents.back(ctx, a)
  end
  return views.agent(ctx, a)
end)

-- agent
doors.transition('agent_ready', function(ctx, args)
  local a = agents.here(ctx, args[1])
  if a.state == 'ready' and a['until'] ~= '' then
    agents.rested(ctx, a, 'agent')
  elseif breaks.talking(a) and a.wish == 'break' then
    breaks.wish(ctx, a, '')
  elseif a.state ~= 'ready' then
    context.check(a, 'get_ready')
    breaks.check_cool(ctx, a)
    agents.get_ready(ctx, a, 'agent')
  end
  return views.agent(ctx, a)
end)

-- agent
doors.transition('agent_away', function(ctx, args)
  local a = agents.here(ctx, args[1])
  if a.state ~= 'away' then
    agents.away(ctx, a, 'agent', 'refused')
  end
  return views.agent(ctx, a)
end)

-- agent
doors.transition('agent_break', function(ctx, args)
  local a = agents.here(ctx, args[1])
  if a.state ~= 'break' then
    breaks.ask(ctx, a)
  end
  return views.agent(ctx, a)
end)

-- agent state by
doors.transition('agent_forced', function(ctx, args)
  local a = agents.known(ctx, args[1])
  breaks.force(ctx, a, args[2], args[3])
  return views.agent(ctx, a)
end)

-- agent
doors.transition('agent_offline', function(ctx, args)
  local a = agents.known(ctx, args[1])
  if a.state ~= 'offline' then
    agents.leave(ctx, a, 'agent')
  end
  return views.agent(ctx, a)
end)

-- agent connection
doors.transition('agent_lost', function(ctx, args)
  local a = agents.known(ctx, args[1])
  if a.state ~= 'offline' and a.state ~= 'lost' and a.connection == args[2] then
    legs.let_go(ctx, { a }, { agents.lose(ctx, a) })
  end
end)

-- agent call token
local function reservation(ctx, args)
  local a, c = agents.here(ctx, args[1]), offers.fenced(ctx, args[2], args[3])
  if c.agent ~= a.id then
    context.fail('stale_token', args[2] .. ' rings elsewhere')
  end
  return c, a
end

doors.transition('accept', function(ctx, args)
  local c, a = reservation(ctx, args)
  offers.accept(ctx, c, a)
  return views.call(ctx, c)
end)

doors.transition('refuse', function(ctx, args)
  local c, a = reservation(ctx, args)
  offers.refuse(ctx, c, a)
  agents.match(ctx, a)
end)

-- agent ready
doors.transition('wrap_up_done', function(ctx, args)
  local a = agents.here(ctx, args[1])
  if a.state ~= 'wrap_up' then
    context.fail('invalid_transition', 'wrap-up done in ' .. a.state)
  end
  if args[2] == '1' then
    breaks.check_cool(ctx, a)
    agents.get_ready(ctx, a, 'agent')
  elseif not breaks.take_wish(ctx, a, 'agent') then
    agents.pause(ctx, a, 'agent')
    legs.let_go(ctx, { a }, {})
  end
  return views.agent(ctx, a)
end)
