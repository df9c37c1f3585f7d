-- How others call a function. The first key is the pool's tag; the first argument of
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
function doors.transition(name, act)
  redis.register_function('illico_' .. name, function(keys, args)
    local ctx = context.open(keys)
    lives.open(ctx)
    local key = ctx.q .. ':request:' .. name .. ':' .. table.remove(args, 1)
    local reply = replay(ctx, key)
    if reply then
      -- a write: whoever then waits for its copy waits for what the request did, too
      redis.call('PEXPIRE', key, REQUEST_KEPT_MS)
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
function doors.action(name, act)
  redis.register_function('illico_' .. name, function(keys, args)
    local ctx = context.open(keys)
    lives.open(ctx)
    local result = act(ctx, args)
    context.flush(ctx)
    return result
  end)
end

function doors.look(name, act)
  redis.register_function {
    function_name = 'illico_' .. name,
    callback = function(keys, args)
      return act(context.open(keys), args)
    end,
    flags = { 'no-writes' },
  }
end
