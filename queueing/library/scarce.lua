-- Skills of which some idle agents are kept for those who need them.
--
-- The plan (`scarce` in `<q>:meta`) says of each such skill's place how many: `place:keep`,
-- joined by spaces. While no more agents with the skill than these are ready, they are
-- held: only calls that need a scarce skill of theirs, and calls whose widening called the
-- reserve, are offered to them. Two sets a place, of the ready and of the signed-in agents
-- who have it, are all that this costs, and nothing where there is no plan.

-- Before a plan that is not in force yet, so that one which keeps nobody is a text, too.
local NEW_PLAN = ' '

-- A cache only: what a plan's text says never changes.
local plans, plans_count = {}, 0

local function parse(text)
  local whole = { of = {}, places = {}, keeps = {} }
  for place, keep in string.gmatch(text, '(%d+):(%d+)') do
    whole[#whole + 1] = { place = tonumber(place), keep = tonumber(keep) }
    whole.places[#whole] = tonumber(place)
    whole.keeps[tonumber(place)] = tonumber(keep)
  end
  return whole
end

local function plan_of(text)
  if not plans[text] then
    if plans_count >= 100 then
      plans, plans_count = {}, 0
    end
    plans[text], plans_count = parse(text), plans_count + 1
  end
  return plans[text]
end

local function plan(ctx)
  return plan_of(context.meta(ctx).scarce)
end

-- The plan in force and the one that is being written: who has a skill of either is listed.
local function listing(ctx)
  local meta = context.meta(ctx)
  return plan_of(meta.scarce .. meta.scarce_next)
end

-- The parts of a plan about these skills.
local function among(whole, skills)
  local found = whole.of[skills]
  if not found then
    found = {}
    for _, one in ipairs(whole) do
      if masks.has(skills, one.place) then
        found[#found + 1] = one
      end
    end
    whole.of[skills] = found
  end
  return found
end

-- The places of the plan.
function scarce.places(ctx)
  return plan(ctx).places
end

local function key(ctx, kind, place)
  return ctx.q .. ':' .. kind .. ':' .. string.format('%.0f', place)
end

local function count(ctx, kind, place)
  return redis.call('SCARD', key(ctx, kind, place))
end

-- Whether the plan's agents with these skills are held from calls of this signature,
-- while so many of them are ready (or, for good, signed in).
local function held(ctx, kind, skills, signature)
  local mine = among(plan(ctx), skills)
  if not mine[1] or masks.words(signature).reserve then
    return false
  end
  for _, one in ipairs(mine) do
    if masks.needs(signature, one.place) then
      return false
    end
  end
  for _, one in ipairs(mine) do
    if count(ctx, kind, one.place) <= one.keep then
      return true
    end
  end
  return false
end

-- Whether ready agents with these skills may be offered calls of this signature now.
function scarce.fit(ctx, skills, signature)
  return masks.fit(skills, signature) and not held(ctx, 'scarce-ready', skills, signature)
end

-- Whether ready agents with these skills are kept from calls of this signature now.
function scarce.holds(ctx, skills, signature)
  return held(ctx, 'scarce-ready', skills, signature)
end

-- Whether they always would be, with those who are signed in.
function scarce.keeps(ctx, skills, signature)
  return held(ctx, 'scarce-present', skills, signature)
end

-- Of one more ready agent than are kept, all are free.
local function note_freed(ctx, place)
  local keep = plan(ctx).keeps[place]
  if keep and count(ctx, 'scarce-ready', place) == keep + 1 then
    ctx.freed = ctx.freed or {}
    ctx.freed[place] = keep
  end
end

local function list(ctx, kind, a, listed)
  local meta = context.meta(ctx)
  if meta.scarce == '' and meta.scarce_next == '' then
    return -- hardly any pool has such a plan, and every transition comes by here
  end
  for _, one in ipairs(among(listing(ctx), a.profile)) do
    local name = key(ctx, kind, one.place)
    local changed = redis.call(listed and 'SADD' or 'SREM', name, a.id) == 1
    if changed and listed and kind == 'scarce-ready' then
      note_freed(ctx, one.place)
    end
  end
end

-- The agent has become ready, or is no longer.
function scarce.ready(ctx, a, is_ready)
  list(ctx, 'scarce-ready', a, is_ready)
end

-- The agent has signed in, or left.
function scarce.present(ctx, a, is_present)
  list(ctx, 'scarce-present', a, is_present)
end

-- Who waits first among those whom a ready agent with this skill may be offered.
local function first_for(ctx, place)
  local best = {}
  for _, id in ipairs(redis.call('SMEMBERS', key(ctx, 'scarce-ready', place))) do
    waiting.best(ctx, context.load(ctx, 'agent', id), best)
  end
  return best.call and context.load(ctx, 'call', best.call)
end

local function settle(ctx, place, keep)
  while count(ctx, 'scarce-ready', place) > keep do
    local c = first_for(ctx, place)
    if not c then
      return
    end
    waiting.remove(ctx, c)
    calls.match(ctx, c)
    if c.state == 'queued' then
      return -- the sweep counts this
    end
  end
end

-- One more ready agent may free the others, as many as are kept: whoever waits for them is
-- matched. Where more were ready already, nobody waits for them.
function scarce.settle(ctx)
  local freed, settles = ctx.freed, ctx.settles
  if not freed or (settles and not ctx.seeks) then
    return -- all is matched when the pool's life has begun
  end
  ctx.freed, ctx.settles = nil, nil
  for _, one in ipairs(plan(ctx)) do
    if freed[one.place] then
      settle(ctx, one.place, one.keep)
    end
  end
  ctx.settles = settles
end

-- A plan that is not in force yet: a list of skills and how many of each are kept.
function scarce.prepare(ctx, places, reserves)
  local texts = {}
  for i, one in ipairs(reserves) do
    texts[i] = string.format('%.0f:%.0f', masks.place(ctx, places, one.skill), one.keep)
  end
  local text, meta = table.concat(texts, ' '), context.meta(ctx)
  if text ~= meta.scarce or meta.scarce_next ~= '' then
    context.stand(ctx, 'scarce_next', text ~= meta.scarce and NEW_PLAN .. text or nil)
  end
end

-- List an agent who may have become scarce by the plan that is being written.
function scarce.enrol(ctx, a)
  if context.meta(ctx).scarce_next ~= '' and a.state ~= 'offline' then
    scarce.present(ctx, a, true)
    if agents.free(a) then
      scarce.ready(ctx, a, true)
    end
  end
end

-- The plan that was written comes into force. Whom the old one held alone is free, and
-- whoever needs what is scarce only now may be offered to its holders.
function scarce.switch(ctx)
  local meta = context.meta(ctx)
  if meta.scarce_next == '' then
    return
  end
  local old = plan(ctx)
  context.stand(ctx, 'scarce', string.sub(meta.scarce_next, #NEW_PLAN + 1))
  context.stand(ctx, 'scarce_next', nil)
  for _, one in ipairs(old) do
    if not plan(ctx).keeps[one.place] then
      redis.call('UNLINK', key(ctx, 'scarce-ready', one.place),
        key(ctx, 'scarce-present', one.place))
    end
  end
  if not ctx.settles or ctx.seeks then
    lives.seek(ctx)
  end
end
