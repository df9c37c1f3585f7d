-- Who could serve whom, in a company: what follows from the profiles that have been present
-- since the directory named them (`<q>:present:<company>` says how many agents each has,
-- `<q>:presence` when a company last had a first agent of a profile).
--
-- Two caches, proved still right by one look-up: a company's profiles in the order of their
-- rank, and of each signature the first that fit. So a caller who needs a rare skill finds
-- who has it, however many others are idle, and thousands who need what nobody has cost a
-- look-up each and no scan.

local RESERVE_RANK = 1000000
local LIST_LENGTH = 24
local LISTS_KEPT, COMPANIES_KEPT = 10000, 200

local lists, lists_count = {}, 0
local companies, companies_count = {}, 0

local function present(ctx, company)
  return ctx.q .. ':present:' .. company
end

-- How many levels a profile has in all, and the reserve after all others: for one call,
-- the least rank is the least surplus.
function able.rank(profile)
  return masks.count(profile) + (masks.words(profile).reserve and RESERVE_RANK or 0)
end

-- All profiles of a company, those of the least rank first.
local function profiles_of(ctx, company, last)
  local key = ctx.q .. ' ' .. company
  local known = companies[key]
  if known and known.last == last then
    return known
  end
  if companies_count >= COMPANIES_KEPT then
    companies, companies_count = {}, 0
  end
  known = redis.call('HKEYS', present(ctx, company))
  local ranks, words = {}, {}
  for _, profile in ipairs(known) do
    ranks[profile] = able.rank(profile)
  end
  table.sort(known, function(one, other)
    local a, b = ranks[one], ranks[other]
    return a < b or (a == b and one < other)
  end)
  for i, profile in ipairs(known) do
    ranks[i], words[i] = ranks[profile], masks.words(profile)
    ranks[profile] = nil
  end
  known.last, known.ranks, known.words = last, ranks, words
  companies[key], companies_count = known, companies_count + 1
  return known
end

-- The place up to which a list has looked at them. Those forgotten since, of which nothing
-- is noted, have moved the others forward.
local function place_of(all, list)
  local at = math.min(list.seen, #all)
  while at > 0 and (all.ranks[at] > list.rank
      or (all.ranks[at] == list.rank and all[at] > list.profile)) do
    at = at - 1
  end
  return at
end

-- The first profiles that fit, and all of the last one's rank. Goes on from the last one
-- that was looked at: its place `seen`, its `profile` and `rank`. `list.whole` says that it
-- was the last of all.
local function extend(all, signature, list, length)
  local words, ranks, needs = all.words, all.ranks, masks.words(signature)
  for i = place_of(all, list) + 1, #all do
    local found = #list
    if found >= length and ranks[i] > list.ranks[found] then
      return
    end
    list.seen, list.profile, list.rank = i, all[i], ranks[i]
    if masks.meets(words[i], needs) then
      list[found + 1], list.ranks[found + 1] = all[i], ranks[i]
    end
  end
  list.whole = true
end

-- The profiles that fit, in order, with their `ranks`; not all, unless `whole`.
function able.list(ctx, company, signature)
  local key = ctx.q .. ' ' .. company .. ' ' .. signature
  local last = redis.call('HGET', ctx.q .. ':presence', company) or ''
  local list = lists[key]
  if not list or list.last ~= last then
    if lists_count >= LISTS_KEPT then
      lists, lists_count = {}, 0
    end
    list = { ranks = {}, seen = 0, last = last }
    extend(profiles_of(ctx, company, last), signature, list, LIST_LENGTH)
    lists[key], lists_count = list, lists_count + 1
  end
  return list
end

-- The list again, with as many more.
function able.more(ctx, company, signature, list)
  local all = profiles_of(ctx, company, list.last)
  extend(all, signature, list, #list + LIST_LENGTH)
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

local function anybody(ctx, list, from, last, counts, signature, without)
  for i = from, last do
    local count = (tonumber(counts[i - from + 1]) or 0) - (without[list[i]] or 0)
    if count > 0 and not scarce.keeps(ctx, list[i], signature) then
      return true
    end
  end
  return false
end

-- How many agents of each profile are signed in for this company among those named.
local function present_among(ctx, company, names)
  local found = {}
  for id in string.gmatch(names, '[^,]+') do
    local a = context.load(ctx, 'agent', id)
    if a and a.state ~= 'offline'
        and string.find(',' .. a.companies .. ',', ',' .. company .. ',', 1, true) then
      found[a.profile] = (found[a.profile] or 0) + 1
    end
  end
  return found
end

-- Whether a signed-in agent could serve such a call, were all of them ready; beside those
-- whom the call is banned from.
function able.somebody(ctx, company, signature, banned)
  local without = present_among(ctx, company, banned)
  local list, from, size = able.list(ctx, company, signature), 1, 4
  while true do
    while from <= #list do
      local last = math.min(from + size - 1, #list)
      local counts = redis.call('HMGET', present(ctx, company), unpack(list, from, last))
      if anybody(ctx, list, from, last, counts, signature, without) then
        return true
      end
      from, size = last + 1, LIST_LENGTH
    end
    if list.whole then
      return false
    end
    able.more(ctx, company, signature, list)
  end
end
