-- Other ways out of a long wait, offered by elapsed time.
--
-- A call carries the steps of its service in its words when its clock began:
-- `<µs after leg_t0>:<way>,<way>`, joined by spaces (`!` for the time: in danger, the last of
-- them, and `warned` once it is taken); `overflowed` of the others are taken. They
-- are for a caller who waits: while it rings somebody is coming, and who has chosen to be
-- called back waits no more.

-- When the step after those taken is due, its ways, or nil.
local function due(c)
  local at, taken = 0, (tonumber(c.overflowed) or 0)
  for after, ways in string.gmatch(c.overflow, '(%d+):(%S+)') do
    if at == taken then
      return tonumber(c.leg_t0) + tonumber(after), ways
    end
    at = at + 1
  end
  return nil
end

local function union(one, other)
  local known, ways = {}, {}
  for way in string.gmatch(one .. ',' .. other, '[^,]+') do
    if not known[way] then
      known[way] = true
      ways[#ways + 1] = way
    end
  end
  table.sort(ways)
  return ways
end

local function without(ways, unwanted)
  local kept = {}
  for way in string.gmatch(ways, '[^,]+') do
    if way ~= unwanted then
      kept[#kept + 1] = way
    end
  end
  return table.concat(kept, ',')
end

local function tell(ctx, c, offered)
  if c.mode == 'text' then
    offered = without(offered, 'text')
  end
  if offered ~= c.ways then
    context.set(ctx, c, 'ways', offered)
    journal.call(ctx, 'overflow_offered', c, { 'ways', union(offered, '') })
    journal.tell(ctx, c.server, 'overflow_offered', 'call', c.id, 'ways', offered)
  end
end

-- Whether something is left to be offered in danger, to a caller who is there.
function overflow.has_danger(c)
  return c.warned == '' and c.call_back ~= '1' and string.find(c.overflow, '!:', 1, true) ~= nil
end

-- Offer that now; there is something, and the call is queued.
function overflow.take_danger(ctx, c)
  context.set(ctx, c, 'warned', '1')
  tell(ctx, c, table.concat(union(c.ways, string.match(c.overflow, '!:(%S+)')), ','))
end

-- Offer what is due; the call is queued.
function overflow.take(ctx, c)
  if c.overflow == '' or c.call_back == '1' then
    return
  end
  local offered = c.ways
  local at, ways = due(c)
  while at and at <= ctx.now do
    offered = table.concat(union(offered, ways), ',')
    context.set(ctx, c, 'overflowed', context.text((tonumber(c.overflowed) or 0) + 1))
    at, ways = due(c)
  end
  tell(ctx, c, offered)
end

-- The call stands in an index from now on.
function overflow.lease(ctx, c)
  local at = c.overflow ~= '' and c.call_back ~= '1' and due(c)
  if at then
    redis.call('ZADD', ctx.q .. ':leases', context.text(at), 'overflow ' .. c.id)
  end
end

function overflow.release(ctx, c)
  if c.overflow ~= '' then
    redis.call('ZREM', ctx.q .. ':leases', 'overflow ' .. c.id)
  end
end

-- A new leg begins: its own wait, its own offers.
function overflow.begin(ctx, c)
  if c.overflowed ~= '' or c.warned ~= '' then
    context.set(ctx, c, 'ways', '')
    context.set(ctx, c, 'overflowed', '')
    context.set(ctx, c, 'warned', '')
  end
end

-- Waits on as a text call with the same deadline; whoever rings may not write.
local function as_text(ctx, c)
  local wanted = services.wanted(ctx, c.service, c.topic, 'text', '')
  local freed
  if c.state == 'offered' then
    freed = agents.of(ctx, c.agent)
    offers.close(ctx, c, freed, 'rescinded')
    calls.requeue(ctx, c, 'rescinded')
  else
    waiting.remove(ctx, c)
  end
  legs.open(ctx, c)
  for _, field in ipairs { 'variant', 'signature', 'widening', 'widest' } do
    context.set(ctx, c, field, wanted[field])
  end
  context.set(ctx, c, 'mode', 'text')
  context.set(ctx, c, 'step', '0')
  context.set(ctx, c, 'ways', without(c.ways, 'text'))
  calls.match(ctx, c)
  if freed then
    agents.match(ctx, freed)
  end
end

-- The caller chooses; checked before anything changes.
function overflow.leave(ctx, c, way)
  local waits = c.state == 'queued' or c.state == 'offered'
  if not waits or not string.find(',' .. c.ways .. ',', ',' .. way .. ',', 1, true) then
    context.fail('not_offered', way)
  end
  if way == 'text' then
    services.wanted(ctx, c.service, c.topic, 'text', '')
  end
  journal.call(ctx, 'call_left', c,
    { 'way', way, 'leg', tonumber(c.leg), 'waited_ms', calls.since(ctx, c.leg_t0) })
  hasten.left(ctx, c, true)
  if way == 'text' then
    as_text(ctx, c)
  elseif way == 'call_back' then
    call_backs.begin(ctx, c)
  else
    calls.finish(ctx, c, 'left_another_way', 'caller', false)
  end
end
