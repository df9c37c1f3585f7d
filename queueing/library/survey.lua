-- A pool in figures, read a piece at a time so that nobody waits for it: how many agents
-- of each profile are in which state, how many callers stand where, what was counted.

local LINE_POINTS = 32
local OUTLOOK_KEPT_MS = 10000

-- A page of the agents: the next cursor, then how many of a profile, companies and state.
function survey.crews(ctx, cursor, page)
  local found = redis.call('SSCAN', ctx.q .. ':agents', cursor, 'COUNT', page)
  local counts, rows = {}, { { found[1] } }
  for _, id in ipairs(found[2]) do
    local a = context.load(ctx, 'agent', id) or {}
    local profile, companies, state = a.profile or '', a.companies or '', a.state or ''
    local key = profile .. ' ' .. companies .. ' ' .. state
    if not counts[key] then
      counts[key] = { profile, companies, state, 0 }
      rows[#rows + 1] = counts[key]
    end
    counts[key][4] = counts[key][4] + 1
  end
  for i = 2, #rows do
    rows[i][4] = context.text(rows[i][4])
  end
  return rows
end

-- The deadlines of a line: of every caller of a short one, of every so many-th of a long.
local function points(key, length)
  local found = {}
  if length <= LINE_POINTS then
    local page = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
    for i = 2, #page, 2 do
      found[#found + 1] = page[i]
    end
    return found
  end
  for i = 0, LINE_POINTS - 1 do
    local rank = math.floor(i * length / LINE_POINTS)
    found[#found + 1] = redis.call('ZRANGE', key, rank, rank, 'WITHSCORES')[2]
  end
  return found
end

-- The lines of one company: name, service of the first caller, length, deadlines.
function survey.lines(ctx, company)
  local rows = {}
  for _, signature in ipairs(redis.call('ZRANGE', ctx.q .. ':live:' .. company, 0, -1)) do
    local key = ctx.q .. ':calls:' .. company .. ':' .. signature
    local length = redis.call('ZCARD', key)
    if length > 0 then
      local c = context.load(ctx, 'call', redis.call('ZRANGE', key, 0, 0)[1]) or {}
      rows[#rows + 1] = {
        signature, c.service or '', c.t0 or '0', context.text(length),
        unpack(points(key, length)),
      }
    end
  end
  return rows
end

-- What is told of the pool as a whole; which companies have callers who wait, and which
-- services there are to be asked about.
function survey.figures(ctx)
  return {
    { 'now', context.text(ctx.now) },
    { 'meta', unpack(redis.call('HGETALL', ctx.q .. ':meta')) },
    { 'companies', unpack(redis.call('SMEMBERS', ctx.q .. ':waiting-companies')) },
    { 'services', unpack(redis.call('SMEMBERS', ctx.q .. ':services')) },
    {
      'leases', context.text(redis.call('ZCARD', ctx.q .. ':leases')),
      redis.call('ZRANGE', ctx.q .. ':leases', 0, 0, 'WITHSCORES')[2],
    },
  }
end

-- What was counted of each of these services.
function survey.counted(ctx, services)
  local rows, get = {}, {}
  for n = 0, TALLIES.answered_later do
    get[3 * n + 1], get[3 * n + 2], get[3 * n + 3] = 'GET', 'i64', '#' .. n
  end
  for _, service in ipairs(services) do
    local counts = redis.call('HGETALL', ctx.q .. ':count:' .. service)
    rows[#rows + 1] = { 'count', service, unpack(counts) }
    local tally = redis.call('BITFIELD_RO', ctx.q .. ':tally:' .. service, unpack(get))
    for i = 1, #tally do
      tally[i] = context.text(tally[i])
    end
    rows[#rows + 1] = { 'tally', service, unpack(tally) }
  end
  return rows
end

-- One process estimates for all: true for it, and until it has been silent for a while.
function survey.lead(ctx, process, kept_ms)
  local key = ctx.q .. ':estimator'
  local leader = redis.call('GET', key)
  if leader and leader ~= process then
    return false
  end
  redis.call('SET', key, process, 'PX', kept_ms)
  if not leader then
    redis.call('DEL', ctx.q .. ':outlook') -- what another one said
  end
  return true
end

-- line text …: what its callers may expect, an empty text takes it back; says of how many
-- lines something is known now.
function survey.announce(ctx, fields)
  local key, new = ctx.q .. ':outlook', {}
  for i = 1, #fields, 2 do
    if fields[i + 1] == '' then
      redis.call('HDEL', key, fields[i])
    else
      new[#new + 1] = fields[i]
      new[#new + 1] = fields[i + 1]
    end
  end
  if #new > 0 then
    redis.call('HSET', key, unpack(new))
  end
  redis.call('PEXPIRE', key, OUTLOOK_KEPT_MS)
  return redis.call('HLEN', key)
end

local function target_of(ctx, known, service)
  if not known[service] then
    local target = redis.call('HGET', ctx.q .. ':service:' .. service, 'target')
    known[service] = tonumber(target or '0')
  end
  return known[service]
end

-- Of each call that is queued: where it stands, whom it waits for, by when; then what is
-- expected of the lines named. Others are left out.
function survey.waits(ctx, ids)
  local rows, targets, lines = { { 'now', context.text(ctx.now) } }, {}, {}
  for _, id in ipairs(ids) do
    local c = context.load(ctx, 'call', id)
    local position = c and c.state == 'queued' and waiting.position(ctx, c.company, id)
    if position then
      local line = c.company .. ' ' .. waiting.line(c)
      lines[line] = true
      rows[#rows + 1] = {
        'call', id, context.text(position), calls.nobody(ctx, c) and '1' or '0', line,
        c.deadline, context.text(tonumber(c.leg_t0) + target_of(ctx, targets, c.service)),
      }
    end
  end
  for line in pairs(lines) do
    local outlook = redis.call('HGET', ctx.q .. ':outlook', line)
    rows[#rows + 1] = { 'line', line, outlook or '' }
  end
  return rows
end
