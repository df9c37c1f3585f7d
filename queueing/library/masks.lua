-- Skills with levels as bits, so that "has every skill at its level" is one `bit.band`
-- per word.
--
-- A level is thermometer-coded: level 2 sets the bits of levels 1 and 2. Ten skills
-- share a 32-bit word; a mask is the words in decimal, joined by dots, without empty
-- words at its end. A skill keeps its place for ever (`<q>:skills`).
--
-- A signature is what a call requires: a mask, `r` after it once the reserve is called, and
-- after a `/` the places of the scarce skills that its widening dropped, joined by commas:
-- it may still be offered to those of whom these are kept. What a profile can do is written
-- alike, after its number and a `|`: with `r`, its agents are the reserve.

local SKILLS_A_WORD = 10
local KEPT = 40000
local LEVEL_BITS = { 1, 3, 7 }

-- A cache only: what a mask's text says never changes.
local parsed, parsed_count = {}, 0

function masks.words(text)
  local words = parsed[text]
  if words then
    return words
  end
  local body = string.match(text, '|(.*)$') or text
  local mask, reserve, dropped = string.match(body, '^([%d.]*)(r?)/?(.*)$')
  words = { reserve = reserve == 'r', dropped = dropped }
  for word in string.gmatch(mask, '%d+') do
    words[#words + 1] = tonumber(word)
  end
  if parsed_count >= KEPT then
    parsed, parsed_count = {}, 0
  end
  parsed[text] = words
  parsed_count = parsed_count + 1
  return words
end

local function join(words)
  local last = #words
  while last > 0 and words[last] == 0 do
    last = last - 1
  end
  return table.concat(words, '.', 1, last)
end

-- `places` is a parse of `<q>:skills`, extended here by skills that are new.
function masks.places(ctx)
  local places, flat = { count = 0 }, redis.call('HGETALL', ctx.q .. ':skills')
  for i = 1, #flat, 2 do
    places[' ' .. flat[i]] = tonumber(flat[i + 1])
    places.count = places.count + 1
  end
  return places
end

-- The place of a skill, which it keeps for ever.
function masks.place(ctx, places, skill)
  local index = places[' ' .. skill]
  if not index then
    index = places.count
    places[' ' .. skill] = index
    places.count = index + 1
    redis.call('HSET', ctx.q .. ':skills', skill, index)
  end
  return index
end

function masks.of(ctx, places, levels)
  local words = {}
  for skill, level in pairs(levels) do
    local index = masks.place(ctx, places, skill)
    local word = math.floor(index / SKILLS_A_WORD) + 1
    for missing = #words + 1, word do
      words[missing] = 0
    end
    local shift = 3 * (index % SKILLS_A_WORD)
    words[word] = bit.bor(words[word], bit.lshift(LEVEL_BITS[level], shift))
  end
  return join(words)
end

function masks.union(one, other)
  local words = {}
  local a, b = masks.words(one), masks.words(other)
  for i = 1, math.max(#a, #b) do
    words[i] = bit.bor(a[i] or 0, b[i] or 0)
  end
  return join(words)
end

-- Whether a mask holds the skill of this place, at any level.
function masks.has(text, place)
  local word = masks.words(text)[math.floor(place / SKILLS_A_WORD) + 1] or 0
  return bit.band(word, bit.lshift(1, 3 * (place % SKILLS_A_WORD))) ~= 0
end

-- Whether a call of this signature needs that skill, or did before it was widened.
function masks.needs(signature, place)
  local dropped = ',' .. masks.words(signature).dropped .. ','
  return masks.has(signature, place)
    or string.find(dropped, string.format(',%.0f,', place), 1, true) ~= nil
end

-- The places of the skills that a mask holds.
local function places_of(text)
  local places = {}
  for place = 0, #masks.words(text) * SKILLS_A_WORD - 1 do
    if masks.has(text, place) then
      places[#places + 1] = place
    end
  end
  return places
end

-- The signature without what is dropped, and with the reserve if it is called. Of what is
-- dropped it remembers the scarce skills (a list of places; else all).
function masks.widen(signature, drop, reserve, scarce)
  local words, a, b = {}, masks.words(signature), masks.words(drop)
  for i = 1, #a do
    words[i] = bit.band(a[i], bit.bnot(b[i] or 0))
  end
  local dropped = a.dropped
  for _, place in ipairs(scarce or places_of(drop)) do
    if masks.has(signature, place) and masks.has(drop, place) then
      dropped = (dropped ~= '' and dropped .. ',' or '') .. string.format('%.0f', place)
    end
  end
  return join(words) .. ((a.reserve or reserve == '1') and 'r' or '')
    .. (dropped ~= '' and '/' .. dropped or '')
end

-- Whether what these words say can be done is all that those require.
function masks.meets(a, b)
  for i = 1, #b do
    if bit.band(a[i] or 0, b[i]) ~= b[i] then
      return false
    end
  end
  return b.reserve or not a.reserve
end

-- Whether agents of this profile may be offered calls of this signature.
function masks.fit(profile, signature)
  return masks.meets(masks.words(profile), masks.words(signature))
end

-- How many levels a mask holds in all.
function masks.count(text)
  local words = masks.words(text)
  if not words.count then
    words.count = 0
    for _, word in ipairs(words) do
      while word > 0 do
        words.count = words.count + word % 2
        word = math.floor(word / 2)
      end
    end
  end
  return words.count
end
