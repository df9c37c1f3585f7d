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

-- The first caller of a line whom this agent is not resting from, the caller's deadline and
-- that of the very first one, as texts. Unless `careful`, the very first one.
local function head(ctx, key, agent, careful)
  local first = redis.call('ZRANGE', key, '0', '0', 'WITHSCORES')
  if not careful or not first[1] or not leases.is_resting(ctx, first[1], agent) then
    return first[1], first[2], first[2]
  end
  local from = 1
  while true do
    local page = redis.call('ZRANGE', key, from, from + NEXT_PAGE - 1)
    for _, call in ipairs(page) do
      if not leases.is_resting(ctx, call, agent) then
        return call, redis.call('ZSCORE', key, call), first[2]
      end
    end
    if #page < NEXT_PAGE then
      return nil, nil, first[2]
    end
    from = from + NEXT_PAGE
  end
end

-- Looks at a line of these, which the agent may take: keeps its caller if that one is before
-- the best so far. Says whether no later line of the company can be before the best.
local function consider(ctx, lines, company, line, agent, careful, best)
  local call, deadline, first = head(ctx, alike(ctx, company, line), agent, careful)
  if best.call and tonumber(first) > best.at then
    return true
  end
  local at = tonumber(deadline)
  if call and (not best.call or at < best.at or (at == best.at and call < best.call)) then
    best.call, best.deadline, best.at = call, deadline, at
  end
  return best.deadline == first and redis.call('ZCOUNT', lines, first, first) == 1
end

-- The names of some of a company's lines: of those that may be before the best so far.
local function page_of(lines, from, size, best)
  if best.call then
    return redis.call('ZRANGEBYSCORE', lines, '-inf', best.deadline, 'LIMIT', from, size)
  end
  return redis.call('ZRANGE', lines, from, from + size - 1)
end

-- Names are read without their scores: most lines are not for this agent.
local function best_of(ctx, a, skills, company, careful, best)
  local lines, from, size = live(ctx, company), 0, FIRST_PAGE
  local has = masks.words(skills)
  while true do
    local page = page_of(lines, from, size, best)
    for i = 1, #page do
      local line = page[i]
      if masks.meets(has, masks.words(line)) and open_to(ctx, line, skills, a.id)
          and consider(ctx, lines, company, line, a.id, careful, best) then
        return
      end
    end
    if #page < size then
      return
    end
    from, size = from + size, NEXT_PAGE
  end
end

-- Those of an agent's companies where somebody waits.
local function companies_of(ctx, a)
  local all, found = {}, {}
  for company in string.gmatch(a.companies, '[^,]+') do
    all[#all + 1] = company
  end
  local waits = redis.call('SMISMEMBER', ctx.q .. ':waiting-companies', unpack(all))
  for i, company in ipairs(all) do
    if waits[i] == 1 then
      found[#found + 1] = company
    end
  end
  return found
end

local function search(ctx, a, companies, careful, best)
  local skills = string.match(a.profile, '|(.*)$')
  for _, company in ipairs(companies) do
    best_of(ctx, a, skills, company, careful, best)
  end
  return best
end

-- The caller whom this agent serves next; or nil. `found` is who was found for others, and
-- comes back changed if this one is before. Hardly anybody rests from somebody: only where
-- the first one does, all are asked.
function waiting.best(ctx, a, found)
  found = found or {}
  if a.companies == '' then
    return found.call
  end
  local companies = companies_of(ctx, a)
  local best = search(ctx, a, companies, false,
    { call = found.call, deadline = found.deadline, at = found.at })
  if best.call ~= found.call
      and leases.resting(ctx, context.load(ctx, 'call', best.call), a.id) then
    best = search(ctx, a, companies, true,
      { call = found.call, deadline = found.deadline, at = found.at })
  end
  found.call, found.deadline, found.at = best.call, best.deadline, best.at
  return best.call
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
  while true do
    local call = redis.call('ZRANGE', key, looked, looked)[1]
    looked = looked + 1
    if not call then
      return nil, nil, looked
    end
    local c = context.load(ctx, 'call', call)
    if idle.best(ctx, c) then
      return call, redis.call('ZSCORE', key, call), looked
    elseif c.rested == '' then
      return nil, nil, looked
    end
  end
end
