-- The agents who are ready, grouped by profile.
--
-- Agents with the same skills, companies and reserve flag share a profile and one sorted
-- set, scored by since when they are idle. Each company's profiles with an idle agent are
-- another set. A new caller reads profiles, never agents one by one.

local FIRST_PAGE, NEXT_PAGE = 5, 32
local FEW = 24

local function members(ctx, profile)
  return ctx.q .. ':idle:' .. string.match(profile, '^%d+')
end

local function free(ctx, company)
  return ctx.q .. ':free:' .. company
end

local function each_company(a)
  return string.gmatch(a.companies, '[^,]+')
end

-- `<number>|<mask>`, and `r` for the reserve: the number is short and never changes, the
-- mask spares a look-up.
function idle.profile(ctx, mask, companies, reserve)
  local text = mask .. '|' .. companies .. '|' .. reserve
  local number = redis.call('HGET', ctx.q .. ':profiles', text)
  if not number then
    number = redis.call('HLEN', ctx.q .. ':profiles')
    redis.call('HSET', ctx.q .. ':profiles', text, number)
  end
  local skills = mask .. (reserve == '1' and 'r' or '')
  return number .. '|' .. skills
end

function idle.add(ctx, a)
  local key = members(ctx, a.profile)
  redis.call('ZADD', key, a.idle_since, a.id)
  if redis.call('ZCARD', key) == 1 then
    for company in each_company(a) do
      redis.call('SADD', free(ctx, company), a.profile)
    end
  end
end

function idle.remove(ctx, a)
  local key = members(ctx, a.profile)
  redis.call('ZREM', key, a.id)
  if redis.call('EXISTS', key) == 0 then
    for company in each_company(a) do
      redis.call('SREM', free(ctx, company), a.profile)
    end
  end
end

-- Whether an agent of this company is ready.
function idle.anybody(ctx, company)
  return redis.call('EXISTS', free(ctx, company)) == 1
end

-- The agent of a profile who is longest idle and not resting from this call.
local function longest(ctx, profile, c)
  local key, from, size = members(ctx, profile), 0, 1
  while true do
    local page = redis.call('ZRANGE', key, from, from + size - 1, 'WITHSCORES')
    for i = 1, #page, 2 do
      if not leases.resting(ctx, c, page[i]) then
        return page[i], tonumber(page[i + 1])
      end
    end
    if #page < 2 * size then
      return nil
    end
    from, size = from + size, FIRST_PAGE
  end
end

-- Whether an agent's skills and companies are those that a call requires.
function idle.fits(a, c)
  return masks.fit(a.profile or '', c.signature)
    and string.find(',' .. a.companies .. ',', ',' .. c.company .. ',', 1, true)
end

-- The one agent whom the call is for, if ready.
local function only(ctx, c)
  local a = agents.of(ctx, c.only)
  local free = a and a.state == 'ready' and a['until'] == ''
  local fits = free and idle.fits(a, c)
    and scarce.fit(ctx, a.profile, c.signature)
  return fits and not leases.resting(ctx, c, a.id) and a.id or nil
end

-- The profile's agent, if better than who was found before.
local function consider(ctx, c, profile, rank, best)
  if scarce.holds(ctx, profile, c.signature) then
    return
  end
  local agent, since = longest(ctx, profile, c)
  if agent and (not best.agent or since < best.since
      or (since == best.since and agent < best.agent)) then
    best.agent, best.since, best.rank = agent, since, rank
  end
end

-- Among the listed profiles from a place on; says whether nobody after them is better.
local function best_listed(ctx, c, list, from, best)
  local size = FIRST_PAGE
  while from <= #list do
    local last = math.min(from + size - 1, #list)
    local found = redis.call('SMISMEMBER', free(ctx, c.company), unpack(list, from, last))
    for i = from, last do
      if best.rank and list.ranks[i] > best.rank then
        return true
      end
      if found[i - from + 1] == 1 then
        consider(ctx, c, list[i], list.ranks[i], best)
      end
    end
    from, size = last + 1, NEXT_PAGE
  end
  return best.agent ~= nil
end

local function by_rank(one, other)
  return one.rank < other.rank
end

-- Among all with an idle agent, of whom there are few.
local function best_of_few(ctx, c, best)
  local fitting = {}
  for _, profile in ipairs(redis.call('SMEMBERS', free(ctx, c.company))) do
    if masks.fit(profile, c.signature) then
      fitting[#fitting + 1] = { profile = profile, rank = able.rank(profile) }
    end
  end
  table.sort(fitting, by_rank)
  for _, one in ipairs(fitting) do
    if best.rank and one.rank > best.rank then
      return
    end
    consider(ctx, c, one.profile, one.rank, best)
  end
end

-- The agent who serves this caller best, or nil. Few idle profiles are read, of many those
-- that fit are asked for.
function idle.best(ctx, c)
  if c.only ~= '' then
    return only(ctx, c)
  end
  local best = {}
  if redis.call('SCARD', free(ctx, c.company)) <= FEW then
    best_of_few(ctx, c, best)
    return best.agent
  end
  local list, from = able.list(ctx, c.company, c.signature), 1
  while not best_listed(ctx, c, list, from, best) and not list.whole do
    from = #list + 1
    able.more(ctx, c.company, c.signature, list)
  end
  return best.agent
end

-- An agent signs in (+1), or leaves (-1).
function idle.count(ctx, a, by)
  ctx.nobody = nil
  able.count(ctx, a.profile, a.companies, by)
  scarce.present(ctx, a, by > 0)
end

-- A profile that an agent has no more, while a version of the directory is being written:
-- who is here counts with it until all is written, so that nobody is told that nobody could
-- serve only because their needs change after the agents' skills.
function idle.forget_later(ctx, a)
  local here = a.state ~= 'offline' and '-1' or '0'
  redis.call('RPUSH', ctx.q .. ':forgotten', table.concat({ here, a.profile, a.companies }, ' '))
end

-- Forget some of them; says whether these were all.
function idle.forget(ctx, limit)
  local forgotten = redis.call('LPOP', ctx.q .. ':forgotten', limit) or {}
  for _, one in ipairs(forgotten) do
    local by, profile, companies = string.match(one, '^(%S+) (%S+) (.*)$')
    able.count(ctx, profile, companies, tonumber(by))
    able.forget(ctx, profile, companies)
  end
  return #forgotten < limit
end

-- Whether no signed-in agent could serve such a call, however long it waits; `banned`
-- names those who may never serve it.
function idle.nobody(ctx, company, widest, banned)
  ctx.nobody = ctx.nobody or {}
  local key = company .. ':' .. widest .. ':' .. banned
  if ctx.nobody[key] == nil then
    ctx.nobody[key] = not able.somebody(ctx, company, widest, banned)
  end
  return ctx.nobody[key]
end
