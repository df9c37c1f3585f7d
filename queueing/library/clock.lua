-- One clock for everybody: the store's own, in whole microseconds.

function clock.now(ctx)
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000000 + tonumber(time[2])
end
