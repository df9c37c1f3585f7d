-- Who could serve whom: per company and signature, the profiles of signed-in agents that
-- fit, those with the least surplus first.
--
-- The lists are caches: they follow from the profiles that have been present since the
-- directory named them (`<q>:present:<company>`, with how many agents are), and are made
-- anew when there is a first one (`<q>:presence` has a tick for each company's last first).
-- So a caller who needs a rare skill finds the few who have it, however many others are
-- idle, and thousands who need what nobody has cost a look-up each and no scan.

local RESERVE_RANK = 1000000
local LIST_LENGTH = 100
local KEPT = 5000

local lists, count = {}, 0

local function present(ctx, company)
  return ctx.q .. ':present:' .. company
end

-- How many levels a profile has in all, and the reserve after all others: for one call,
-- the least rank is the least surplus.
function able.rank(skills)
  return masks.count(skills) + (masks.words(skills).reserve and RESERVE_RANK or 0)
end

local function skills_of(profile)
  return string.match(profile, '|(.*)$')
end

local function first(one, other)
  if one.rank ~= other.rank then
    return one.rank < other.rank
  end
  return one.profile < other.profile
end

-- The first profiles of the list, and all of the last one's rank; `list.beyond` says from
-- which rank on others may fit that are not listed.
local function cut(found)
  local list = { ranks = {} }
  for i, one in ipairs(found) do
    if i > LIST_LENGTH and one.rank > found[i - 1].rank then
      list.beyond = one.rank
      break
    end
    list[i], list.ranks[i] = one.profile, one.rank
  end
  return list
end

local function list_of(ctx, company, signature)
  local found = {}
  for _, profile in ipairs(redis.call('HKEYS', present(ctx, company))) do
    local skills = skills_of(profile)
    if masks.fit(skills, signature) then
      found[#found + 1] = { profile = profile, rank = able.rank(skills) }
    end
  end
  table.sort(found, first)
  return cut(found)
end

-- The profiles that fit, in order, with their `ranks`.
function able.list(ctx, company, signature)
  local last = redis.call('HGET', ctx.q .. ':presence', company)
  local key = ctx.q .. ' ' .. company .. ' ' .. signature
  local list = lists[key]
  if not list or list.last ~= last then
    if not list then
      if count >= KEPT then
        lists, count = {}, 0
      end
      count = count + 1
    end
    list = list_of(ctx, company, signature)
    list.last = last
    lists[key] = list
  end
  return list
end

-- A profile has one signed-in agent more (+1) or less (-1) for these companies.
function able.count(ctx, profile, companies, by)
  for company in string.gmatch(companies, '[^,]+') do
    local is_new = by > 0 and redis.call('HEXISTS', present(ctx, company), profile) == 0
    redis.call('HINCRBY', present(ctx, company), profile, by)
    if is_new then
      redis.call('HSET', ctx.q .. ':presence', company, context.text(context.tick(ctx)))
    end
  end
end

-- An agent does not have this profile any more: it goes unless others are present with it.
function able.forget(ctx, profile, companies)
  for company in string.gmatch(companies, '[^,]+') do
    if redis.call('HGET', present(ctx, company), profile) == '0' then
      redis.call('HDEL', present(ctx, company), profile)
    end
  end
end

local function anybody(ctx, profiles, counts, signature)
  for i, profile in ipairs(profiles) do
    if counts[i] and counts[i] ~= '0' and not scarce.keeps(ctx, skills_of(profile), signature) then
      return true
    end
  end
  return false
end

-- Whether a signed-in agent could serve such a call, were all of them ready.
function able.somebody(ctx, company, signature)
  local list = able.list(ctx, company, signature)
  for from = 1, #list, 10 do
    local some = { unpack(list, from, math.min(from + 9, #list)) }
    local counts = redis.call('HMGET', present(ctx, company), unpack(some))
    if anybody(ctx, some, counts, signature) then
      return true
    end
  end
  if not list.beyond then
    return false
  end
  local flat = redis.call('HGETALL', present(ctx, company))
  for i = 1, #flat, 2 do
    local skills = skills_of(flat[i])
    if flat[i + 1] ~= '0' and masks.fit(skills, signature)
        and not scarce.keeps(ctx, skills, signature) then
      return true
    end
  end
  return false
end
