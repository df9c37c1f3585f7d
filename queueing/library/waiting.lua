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
local function line(c)
  return c.only == '' and c.signature or c.signature .. '@' .. c.only
end
waiting.line = line

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

local function refresh(ctx, company, signature)
  local head = redis.call('ZRANGE', alike(ctx, company, signature), 0, 0, 'WITHSCORES')
  if head[1] then
    redis.call('ZADD', live(ctx, company), head[2], signature)
  else
    redis.call('ZREM', live(ctx, company), signature)
    if redis.call('EXISTS', live(ctx, company)) == 0 then
      redis.call('SREM', ctx.q .. ':waiting-companies', company)
    end
  end
end

function waiting.add(ctx, c)
  local key = alike(ctx, c.company, line(c))
  redis.call('ZADD', key, c.deadline, c.id)
  redis.call('ZADD', ctx.q .. ':waiting:' .. c.company, c.deadline, c.id)
  redis.call('SADD', ctx.q .. ':waiting-companies', c.company)
  if redis.call('ZRANK', key, c.id) == 0 then
    redis.call('ZADD', live(ctx, c.company), c.deadline, line(c))
  end
  local due = widening.due(c)
  if due then
    redis.call('ZADD', ctx.q .. ':leases', context.text(due), 'widen ' .. c.id)
  end
end

function waiting.remove(ctx, c)
  local key = alike(ctx, c.company, line(c))
  local rank = redis.call('ZRANK', key, c.id)
  redis.call('ZREM', key, c.id)
  redis.call('ZREM', ctx.q .. ':waiting:' .. c.company, c.id)
  if rank == 0 then
    refresh(ctx, c.company, line(c))
  end
  if c.widening ~= '' then
    redis.call('ZREM', ctx.q .. ':leases', 'widen ' .. c.id)
  end
end

-- 1 is next; nil while not waiting.
function waiting.position(ctx, company, call)
  local rank = redis.call('ZRANK', ctx.q .. ':waiting:' .. company, call)
  return rank and rank + 1
end

-- The first caller of a signature whom this agent is not resting from.
local function head(ctx, company, signature, agent)
  local key, from = alike(ctx, company, signature), 0
  while true do
    local page = redis.call('ZRANGE', key, from, from + FIRST_PAGE - 1, 'WITHSCORES')
    for i = 1, #page, 2 do
      if not leases.resting(ctx, page[i], agent) then
        return page[i], tonumber(page[i + 1])
      end
    end
    if #page < 2 * FIRST_PAGE then
      return nil
    end
    from = from + FIRST_PAGE
  end
end

local function best_of(ctx, a, company, best)
  local from, size, skills = 0, FIRST_PAGE, string.match(a.profile, '|(.*)$')
  while true do
    local page = redis.call('ZRANGE', live(ctx, company), from, from + size - 1, 'WITHSCORES')
    for i = 1, #page, 2 do
      if best.deadline and tonumber(page[i + 1]) > best.deadline then
        return
      end
      if open_to(ctx, page[i], skills, a.id) then
        local call, deadline = head(ctx, company, page[i], a.id)
        if call and (not best.call or deadline < best.deadline
            or (deadline == best.deadline and call < best.call)) then
          best.call, best.deadline = call, deadline
        end
      end
    end
    if #page < 2 * size then
      return
    end
    from, size = from + size, NEXT_PAGE
  end
end

-- The caller whom this agent serves next, and the deadline; or nil.
function waiting.best(ctx, a)
  local best = {}
  for company in string.gmatch(a.companies, '[^,]+') do
    best_of(ctx, a, company, best)
  end
  return best.call, best.deadline
end

-- The first `limit` callers of each signature, all in their order: who each one is and
-- which signature it is of.
function waiting.earliest(ctx, limit)
  local found = {}
  for _, company in ipairs(redis.call('SMEMBERS', ctx.q .. ':waiting-companies')) do
    for _, signature in ipairs(redis.call('ZRANGE', live(ctx, company), 0, -1)) do
      local key = alike(ctx, company, signature)
      local page = redis.call('ZRANGE', key, 0, limit - 1, 'WITHSCORES')
      for i = 1, #page, 2 do
        found[#found + 1] = { call = page[i], deadline = tonumber(page[i + 1]), signature = key }
      end
    end
  end
  table.sort(found, function(one, other)
    return one.deadline < other.deadline
      or (one.deadline == other.deadline and one.call < other.call)
  end)
  return found
end
