-- Who could serve whom, in a company: what follows from the profiles that have been present
-- since the directory named them (`<q>:present:<company>` says how many agents each has,
-- `<q>:presence` when a company last had a first agent of a profile, `<q>:came:<company>`
-- when it had one of each). `presence`, among what stands about the pool, is the tick of the
-- last time that a profile had its first agent or lost its last.
--
-- Two caches, proved still right by that tick, and else mended by those who came since: a
-- company's profiles in the order of their rank, and of each signature the first that fit. So a caller who needs a rare skill finds
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

-- Whether a profile of this rank stands before another.
local function before(profile, rank, other, other_rank)
  return rank < other_rank or (rank == other_rank and profile < other)
end

-- How many of an ordered list stand before this profile, and whether it is in it.
local function place_of(list, profile, rank)
  local low, high = 0, #list
  while low < high do
    local middle = math.floor((low + high) / 2) + 1
    if before(list[middle], list.ranks[middle], profile, rank) then
      low = middle
    else
      high = middle - 1
    end
  end
  return low, list[low + 1] == profile
end

local function insert(list, profile, rank)
  local place, is_there = place_of(list, profile, rank)
  if not is_there then
    table.insert(list, place + 1, profile)
    table.insert(list.ranks, place + 1, rank)
  end
end

-- The profiles that have come since what was cached was right; nil if these are many, or
-- if it was noted by another process.
local function come_since(ctx, company, cached)
  if not cached or cached.last == '' or cached.life ~= context.meta(ctx).life then
    return nil
  end
  local new = redis.call('ZRANGEBYSCORE', ctx.q .. ':came:' .. company, '(' .. cached.last,
    '+inf', 'LIMIT', 0, LIST_LENGTH + 1)
  return #new <= LIST_LENGTH and new or nil
end

local function build(ctx, company)
  local known, ranks = redis.call('HKEYS', present(ctx, company)), {}
  for _, profile in ipairs(known) do
    ranks[profile] = able.rank(profile)
  end
  table.sort(known, function(one, other)
    return before(one, ranks[one], other, ranks[other])
  end)
  known.ranks = {}
  for i, profile in ipairs(known) do
    known.ranks[i] = ranks[profile]
  end
  return known
end

-- All profiles of a company, those of the least rank first; some of them forgotten since.
local function profiles_of(ctx, company, last)
  local key, life = ctx.q .. ' ' .. company, context.meta(ctx).life
  local known = companies[key]
  if known and known.last == last and known.life == life then
    return known
  end
  local new = come_since(ctx, company, known)
  if new then
    for _, profile in ipairs(new) do
      insert(known, profile, able.rank(profile))
    end
  else
    if companies_count >= COMPANIES_KEPT then
      companies, companies_count = {}, 0
    end
    known = build(ctx, company)
    companies[key], companies_count = known, companies_count + 1
  end
  known.last, known.life = last, life
  return known
end

-- The first profiles that fit, and all of the last one's rank. Goes on after the last one
-- that was looked at, `profile` of `rank`. `list.whole` says that it was the last of all.
local function extend(all, signature, list, length)
  local needs, from = masks.words(signature), 1
  if list.profile then
    local place, is_there = place_of(all, list.profile, list.rank)
    from = place + (is_there and 2 or 1)
  end
  for i = from, #all do
    local found, rank = #list, all.ranks[i]
    if found >= length and rank > list.ranks[found] then
      return
    end
    list.profile, list.rank = all[i], rank
    if masks.meets(masks.words(all[i]), needs) then
      list[found + 1], list.ranks[found + 1] = all[i], rank
    end
  end
  list.whole = true
end

-- Put in who has come since, as far as the list has looked.
local function add_new(list, new, signature)
  local needs = masks.words(signature)
  for _, profile in ipairs(new) do
    local rank = able.rank(profile)
    if masks.meets(masks.words(profile), needs)
        and (list.whole or not before(list.profile, list.rank, profile, rank)) then
      insert(list, profile, rank)
    end
  end
end

-- The profiles that fit, in order, with their `ranks`; not all, unless `whole`.
function able.list(ctx, company, signature)
  local key, meta = ctx.q .. ' ' .. company .. ' ' .. signature, context.meta(ctx)
  local list, life = lists[key], meta.life
  if list and list.seen == meta.presence and list.life == life then
    return list
  end
  local last = redis.call('HGET', ctx.q .. ':presence', company) or ''
  if list and list.last == last and list.life == life then
    list.seen, list.serves = meta.presence, nil
    return list
  end
  local new = come_since(ctx, company, list)
  if new then
    add_new(list, new, signature)
  else
    if lists_count >= LISTS_KEPT then
      lists, lists_count = {}, 0
    end
    list = { ranks = {} }
    extend(profiles_of(ctx, company, last), signature, list, LIST_LENGTH)
    lists[key], lists_count = list, lists_count + 1
  end
  list.last, list.life, list.seen, list.serves = last, life, meta.presence, nil
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
    local count = redis.call('HINCRBY', present(ctx, company), profile, by)
    if by ~= 0 and (count == 0 or count == by) then
      context.stand(ctx, 'presence', context.tick(ctx))
    end
    if is_new then
      local tick = context.text(context.tick(ctx))
      redis.call('HSET', ctx.q .. ':presence', company, tick)
      redis.call('ZADD', ctx.q .. ':came:' .. company, tick, profile)
    end
  end
end

-- An agent does not have this profile any more: it goes unless others are present with it.
function able.forget(ctx, profile, companies)
  for company in string.gmatch(companies, '[^,]+') do
    if redis.call('HGET', present(ctx, company), profile) == '0' then
      redis.call('HDEL', present(ctx, company), profile)
      redis.call('ZREM', ctx.q .. ':came:' .. company, profile)
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

local function look_for_somebody(ctx, company, signature, banned, list)
  local without, from, size = present_among(ctx, company, banned), 1, 4
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

-- Whether a signed-in agent could serve such a call, were all of them ready; beside those
-- whom the call is banned from. Where nobody is banned or kept, a list knows it by heart.
function able.somebody(ctx, company, signature, banned)
  local list = able.list(ctx, company, signature)
  if banned ~= '' or context.meta(ctx).scarce ~= '' then
    return look_for_somebody(ctx, company, signature, banned, list)
  end
  if list.serves == nil then
    list.serves = look_for_somebody(ctx, company, signature, '', list)
  end
  return list.serves
end
