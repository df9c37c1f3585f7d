-- The callers who wait, in their order: deadline, then call id.
--
-- Calls of the same company and the same signature stand in one sorted set; a company's
-- live signatures stand in a second one, scored by their first caller. A
-- freed agent reads signatures, never callers one by one.

local FIRST_PAGE, NEXT_PAGE = 8, 32

local function alike(ctx, company, line)
  return ctx.q .. ':calls:' .. company .. ':' .. line
end

-- Where a call stands: with those of its signature, or of those for one agent alone.
function waiting.line(c)
  return c.only == '' and c.signature or c.signature .. '@' .. c.only
end

-- Whether an agent may take the calls of a line.
local function open_to(ctx, line, skills, agent)
  local at = string.find(line, '@', 1, true)
  if at and string.sub(line, at + 1) ~= agent then
    return false
  end
  return scarce.fit(ctx, skills, at and string.sub(line, 1, at - 1) or line)
end

local function live(ctx, company)
  return ctx.q .. ':live:' .. company
end

local function refresh(ctx, company, line)
  local head = redis.call('ZRANGE', alike(ctx, company, line), '0', '0', 'WITHSCORES')
  if head[1] then
    redis.call('ZADD', live(ctx, company), head[2], line)
  else
    redis.call('ZREM', live(ctx, company), line)
    if redis.call('EXISTS', live(ctx, company)) == 0 then
      redis.call('SREM', ctx.q .. ':waiting-companies', company)
    end
  end
end

function waiting.add(ctx, c)
  local line = waiting.line(c)
  local key = alike(ctx, c.company, line)
  redis.call('ZADD', key, c.deadline, c.id)
  redis.call('ZADD', ctx.q .. ':waiting:' .. c.company, c.deadline, c.id)
  if redis.call('ZRANK', key, c.id) == 0
      and redis.call('ZADD', live(ctx, c.company), c.deadline, line) == 1 then
    redis.call('SADD', ctx.q .. ':waiting-companies', c.company)
  end
  if ctx.settles and ctx.seeks then
    seeking.line(ctx, c.company, line, c.deadline)
  end
  overflow.lease(ctx, c)
  local due = widening.due(c)
  if due then
    redis.call('ZADD', ctx.q .. ':leases', context.text(due), 'widen ' .. c.id)
  end
end

function waiting.remove(ctx, c)
  local line = waiting.line(c)
  local key = alike(ctx, c.company, line)
  redis.call('ZREM', key, c.id)
  redis.call('ZREM', ctx.q .. ':waiting:' .. c.company, c.id)
  refresh(ctx, c.company, line)
  overflow.release(ctx, c)
  if c.widening ~= '' then
    redis.call('ZREM', ctx.q .. ':leases', 'widen ' .. c.id)
  end
end

-- Whether somebody waits who requires the same and may be offered to anybody: then nobody
-- who is ready fits a new call either, and none need be sought.
function waiting.is_behind(ctx, c)
  local head = redis.call('ZRANGE', alike(ctx, c.company, waiting.line(c)), 0, 0)[1]
  return head and redis.call('EXISTS', ctx.q .. ':rests:' .. head) == 0
end

-- 1 is next; nil while not waiting.
function waiting.position(ctx, company, call)
  local rank = redis.call('ZRANK', ctx.q .. ':waiting:' .. company, call)
  return rank and rank + 1
end

-- The first caller of a line whom this agent is not resting from, and whether that is the
-- very first one. Nearly always it is.
local function head(ctx, company, line, agent)
  local key = alike(ctx, company, line)
  local first = redis.call('ZRANGE', key, '0', '0')[1]
  if not first then
    return nil
  end
  if not leases.resting(ctx, first, agent) then
    return first
  end
  local from = 1
  while true do
    local page = redis.call('ZRANGE', key, from, from + NEXT_PAGE - 1)
    for _, call in ipairs(page) do
      if not leases.resting(ctx, call, agent) then
        return call, tonumber(redis.call('ZSCORE', key, call))
      end
    end
    if #page < NEXT_PAGE then
      return nil
    end
    from = from + NEXT_PAGE
  end
end

-- Looks at the line at this rank, which the agent may take: keeps its caller if that one is
-- before the best so far. Says whether no later line of the company can be before the best.
local function consider(ctx, key, rank, company, line, agent, best)
  local two = redis.call('ZRANGE', key, rank, rank + 1, 'WITHSCORES')
  local first_deadline = tonumber(two[2])
  if best.call and first_deadline > best.deadline then
    return true
  end
  local call, deadline = head(ctx, company, line, agent)
  deadline = deadline or first_deadline
  if call and (not best.call or deadline < best.deadline
      or (deadline == best.deadline and call < best.call)) then
    best.call, best.deadline = call, deadline
  end
  return best.deadline == first_deadline and two[4] ~= two[2]
end

-- Names are read without their scores: most lines are not for this agent.
local function best_of(ctx, a, skills, company, best)
  local key, from, size = live(ctx, company), 0, FIRST_PAGE
  local has = masks.words(skills)
  while true do
    local page = redis.call('ZRANGE', key, from, from + size - 1)
    for i = 1, #page do
      local line = page[i]
      if masks.meets(has, masks.words(line)) and open_to(ctx, line, skills, a.id)
          and consider(ctx, key, from + i - 1, company, line, a.id, best) then
        return
      end
    end
    if #page < size then
      return
    end
    from, size = from + size, NEXT_PAGE
  end
end

-- The caller whom this agent serves next, and the deadline; or nil. `best` is who was found
-- for others.
function waiting.best(ctx, a, best)
  best = best or {}
  local skills = string.match(a.profile, '|(.*)$')
  for company in string.gmatch(a.companies, '[^,]+') do
    best_of(ctx, a, skills, company, best)
  end
  return best.call, best.deadline
end

-- A company's lines, each with its first caller's deadline after it.
function waiting.lines(ctx, company)
  return redis.call('ZRANGE', live(ctx, company), 0, -1, 'WITHSCORES')
end

-- The first caller of a line and the deadline, or nil.
function waiting.first(ctx, company, line)
  return unpack(redis.call('ZRANGE', alike(ctx, company, line), 0, 0, 'WITHSCORES'))
end

-- The first caller of a line whom a ready agent fits and the deadline, or nil; and how many
-- were looked at. Whom a caller with no rests does not find, nobody behind finds either.
function waiting.first_served(ctx, company, line)
  local key, looked = alike(ctx, company, line), 0
  local signature, only = string.match(line, '^([^@]*)@?(.*)$')
  while true do
    local call = redis.call('ZRANGE', key, looked, looked)[1]
    looked = looked + 1
    if not call then
      return nil, nil, looked
    end
    local c = { id = call, company = company, signature = signature, only = only }
    if idle.best(ctx, c) then
      return call, redis.call('ZSCORE', key, call), looked
    elseif redis.call('EXISTS', ctx.q .. ':rests:' .. call) == 0 then
      return nil, nil, looked
    end
  end
end
