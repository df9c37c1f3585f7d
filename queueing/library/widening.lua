-- Who else may answer, the longer a call waits.
--
-- A call carries the steps that it has not taken, in the words of its service when its
-- clock began: `<µs after leg_t0>:<mask of what is dropped>:<1 if the reserve is called>`,
-- joined by spaces; `!` in the place of the time is for danger alone (`hasten`). Time in which it rings (`rung`) does not count: an agent who lets a
-- call ring must not spend the caller's right to a closer match.

function widening.text(ctx, places, steps)
  local texts = {}
  for i, step in ipairs(steps) do
    texts[i] = step.after .. ':' .. masks.of(ctx, places, step.drop) .. ':' .. step.reserve
  end
  return table.concat(texts, ' ')
end

local function first(steps)
  return string.match(steps, '^([%d!]+):([%d.]*):([01]) ?(.*)$')
end

local function widest(signature, steps)
  local _, drop, reserve, rest = first(steps)
  if not drop then
    return signature
  end
  return widest(masks.widen(signature, drop, reserve), rest)
end

-- A cache only: what follows from two texts never changes.
local known, known_count = {}, 0

-- What is required once every step is taken, and all that was required before.
function widening.widest(signature, steps)
  if steps == '' then
    return signature
  end
  local key = signature .. ' ' .. steps
  if not known[key] then
    if known_count >= 1000 then
      known, known_count = {}, 0
    end
    known[key], known_count = widest(signature, steps), known_count + 1
  end
  return known[key]
end

-- When the next step is due if nothing rings until then, or nil.
function widening.due(c)
  if c.widening == '' then
    return nil
  end
  local after = string.match(c.widening, '^%d+')
  return after and tonumber(c.leg_t0) + tonumber(after) + tonumber(c.rung)
end

-- Take the next step; there is one, and the call is in no index.
function widening.next(ctx, c)
  local _, drop, reserve, rest = first(c.widening)
  context.set(ctx, c, 'signature', masks.widen(c.signature, drop, reserve, scarce.places(ctx)))
  context.set(ctx, c, 'widening', rest)
  context.set(ctx, c, 'step', context.text(tonumber(c.step) + 1))
  journal.call(ctx, 'call_widened', c,
    { 'step', tonumber(c.step), 'reserve', masks.words(c.signature).reserve })
end

-- Take the steps that are due; the call is in no index.
function widening.take(ctx, c)
  local due = widening.due(c)
  while due and due <= ctx.now do
    widening.next(ctx, c)
    due = widening.due(c)
  end
end

-- It has stopped ringing.
function widening.rang(ctx, c)
  local rung = tonumber(c.rung) + ctx.now - tonumber(c.offered_at)
  context.set(ctx, c, 'rung', context.text(rung))
end
