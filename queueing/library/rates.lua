-- What estimates and metrics need of each service beside the events: how long a call
-- takes an agent, how long callers wait, who leaves. Each function is called after the
-- event of its name is written; one command adds to as many counters as are due.

local function add(ctx, service, ...)
  local words = { ... }
  local flat = {}
  for i = 1, #words, 2 do
    flat[#flat + 1] = 'INCRBY'
    flat[#flat + 1] = 'i64'
    flat[#flat + 1] = '#' .. TALLIES[words[i]]
    flat[#flat + 1] = context.text(words[i + 1])
  end
  redis.call('BITFIELD', ctx.q .. ':tally:' .. service, unpack(flat))
end

local function milliseconds(from, to)
  return math.max(0, math.floor((to - tonumber(from)) / 1000))
end

local function edge(waited)
  for _, seconds in ipairs(WAIT_EDGES) do
    if waited <= seconds * 1000000 then
      return 'answered_' .. seconds
    end
  end
  return 'answered_later'
end

-- The call takes the agent from its first ring on: nobody else can be served meanwhile.
function rates.call_accepted(ctx, c)
  local a = agents.of(ctx, c.agent)
  context.set(ctx, a, 'taken_at', c.offered_at)
  context.set(ctx, a, 'taken_by', c.service)
end

function rates.wrap_up_done(ctx, a)
  if a.taken_at and a.taken_at ~= '' then
    add(ctx, a.taken_by, 'handled', 1, 'handled_ms', milliseconds(a.taken_at, ctx.now))
    context.set(ctx, a, 'taken_at', '')
  end
end

-- Of the first answer alone: a later one of the same call has another clock.
function rates.call_answered(ctx, c)
  if tonumber(c.t1) == ctx.now then
    local waited = ctx.now - tonumber(c.t0)
    add(ctx, c.service, edge(waited), 1, 'answered_ms', milliseconds(c.t0, ctx.now))
  end
end

function rates.call_ended(ctx, c)
  if c.t1 == '' then
    add(ctx, c.service, 'left', 1, 'left_ms', milliseconds(c.t0, tonumber(c.ended_at)))
  end
end
