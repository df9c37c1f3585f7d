-- What those ask for who look at a pool as a whole, and what they tell the rest.

-- limit
doors.look('inventory', function(ctx, args)
  return inventory.rows(ctx, tonumber(args[1]))
end)

-- cursor page
doors.look('crews', function(ctx, args)
  return survey.crews(ctx, args[1], args[2])
end)

-- company
doors.look('lines', function(ctx, args)
  return survey.lines(ctx, args[1])
end)

doors.look('figures', function(ctx)
  return survey.figures(ctx)
end)

-- service …
doors.look('counted', function(ctx, args)
  return survey.counted(ctx, args)
end)

-- call …
doors.look('waits', function(ctx, args)
  return survey.waits(ctx, args)
end)

doors.look('alerts', function(ctx)
  return alerts.rows(ctx)
end)

-- service alert holds facts
doors.action('set_alert', function(ctx, args)
  return alerts.set(ctx, args[1], args[2], args[3] == '1', args[4]) and 1 or 0
end)

-- text milliseconds
doors.action('foretell', function(ctx, args)
  redis.call('SET', ctx.q .. ':forecast', args[1], 'PX', args[2])
  return 0
end)

doors.look('forecast', function(ctx)
  local text = redis.call('GET', ctx.q .. ':forecast')
  return text and { { text } } or {}
end)

-- company most
doors.look('endangered', function(ctx, args)
  return hasten.endangered(ctx, args[1], tonumber(args[2]))
end)

-- process milliseconds
doors.action('lead', function(ctx, args)
  return survey.lead(ctx, args[1], args[2]) and 1 or 0
end)

-- line text …
doors.action('announce', function(ctx, args)
  return survey.announce(ctx, args)
end)
