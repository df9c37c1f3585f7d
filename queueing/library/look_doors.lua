-- What those ask for who look at a pool as a whole.

-- limit
doors.look('inventory', function(ctx, args)
  return inventory.rows(ctx, tonumber(args[1]))
end)
