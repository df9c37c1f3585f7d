-- The agents who are ready, grouped by profile, and the profiles of the signed-in ones.
--
-- Agents with the same skills, companies and reserve flag share a profile and one sorted
-- set, scored by since when they are idle. Each company's profiles stand in a second one,
-- scored by rank (how many levels the profile has; reserve after all others): for one
-- call, the least rank is the least surplus. A new caller reads profiles, never agents
-- one by one.

local FIRST_PAGE, NEXT_PAGE = 8, 32
local RESERVE_RANK = 1000000

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
  if reserve == '1' then
    return number .. '|' .. mask .. 'r', masks.count(mask) + RESERVE_RANK
  end
  return number .. '|' .. mask, masks.count(mask)
end

function idle.add(ctx, a)
  redis.call('ZADD', members(ctx, a.profile), a.idle_since, a.id)
  for company in each_company(a) do
    redis.call('ZADD', free(ctx, company), a.rank, a.profile)
  end
end

function idle.remove(ctx, a)
  redis.call('ZREM', members(ctx, a.profile), a.id)
  if redis.call('EXISTS', members(ctx, a.profile)) == 0 then
    for company in each_company(a) do
      redis.call('ZREM', free(ctx, company), a.profile)
    end
  end
end

-- The agent of a profile who is longest idle and not resting from this call.
local function longest(ctx, profile, call)
  local key, from = members(ctx, profile), 0
  while true do
    local page = redis.call('ZRANGE', key, from, from + FIRST_PAGE - 1, 'WITHSCORES')
    for i = 1, #page, 2 do
      if not leases.resting(ctx, call, page[i]) then
        return page[i], tonumber(page[i + 1])
      end
    end
    if #page < 2 * FIRST_PAGE then
      return nil
    end
    from = from + FIRST_PAGE
  end
end

-- Whether an agent's skills and companies are those that a call requires.
function idle.fits(a, c)
  return masks.fit(string.match(a.profile, '|(.*)$') or '', c.signature)
    and string.find(',' .. a.companies .. ',', ',' .. c.company .. ',', 1, true)
end

-- The one agent whom the call is for, if ready.
local function only(ctx, c)
  local a = agents.of(ctx, c.only)
  local free = a and a.state == 'ready' and a['until'] == ''
  local fits = free and idle.fits(a, c)
    and scarce.fit(ctx, string.match(a.profile, '|(.*)$'), c.signature)
  return fits and not leases.resting(ctx, c.id, a.id) and a.id or nil
end

-- The agent who serves this caller best, or nil.
function idle.best(ctx, c)
  if c.only ~= '' then
    return only(ctx, c)
  end
  local from, size = 0, FIRST_PAGE
  local best = {}
  local limit = masks.words(c.signature).reserve and math.huge or RESERVE_RANK
  while true do
    local page = redis.call('ZRANGE', free(ctx, c.company), from, from + size - 1, 'WITHSCORES')
    for i = 1, #page, 2 do
      local rank = tonumber(page[i + 1])
      if rank >= limit or (best.rank and rank > best.rank) then
        return best.agent
      end
      if scarce.fit(ctx, string.match(page[i], '|(.*)$'), c.signature) then
        local agent, since = longest(ctx, page[i], c.id)
        if agent and (not best.since or since < best.since
            or (since == best.since and agent < best.agent)) then
          best.agent, best.since, best.rank = agent, since, rank
        end
      end
    end
    if #page < 2 * size then
      return best.agent
    end
    from, size = from + size, NEXT_PAGE
  end
end

local function count(ctx, profile, companies, by)
  ctx.nobody = nil
  for company in string.gmatch(companies, '[^,]+') do
    local key = ctx.q .. ':present:' .. company
    if redis.call('HINCRBY', key, profile, by) <= 0 then
      redis.call('HDEL', key, profile)
    end
  end
end

-- An agent signs in (+1), or leaves (-1).
function idle.count(ctx, a, by)
  count(ctx, a.profile, a.companies, by)
  scarce.present(ctx, a, by > 0)
end

-- A profile that an agent has no more, while a version of the directory is being written:
-- it counts as signed in until all is written, so that nobody is told that nobody could
-- serve only because their needs change after the agents' skills.
function idle.forget_later(ctx, a)
  redis.call('RPUSH', ctx.q .. ':forgotten', a.profile .. ' ' .. a.companies)
end

-- Forget some of them; says whether these were all.
function idle.forget(ctx, limit)
  local forgotten = redis.call('LPOP', ctx.q .. ':forgotten', limit) or {}
  for _, one in ipairs(forgotten) do
    local profile, companies = string.match(one, '^(%S*) (.*)$')
    count(ctx, profile, companies, -1)
  end
  return #forgotten < limit
end

-- Whether no signed-in agent could serve such a call, however long it waits.
function idle.nobody(ctx, company, widest)
  ctx.nobody = ctx.nobody or {}
  local key = company .. ':' .. widest
  if ctx.nobody[key] == nil then
    ctx.nobody[key] = true
    for _, profile in ipairs(redis.call('HKEYS', ctx.q .. ':present:' .. company)) do
      if scarce.could_fit(ctx, string.match(profile, '|(.*)$'), widest) then
        ctx.nobody[key] = false
        break
      end
    end
  end
  return ctx.nobody[key]
end
