-- What a service requires of whoever serves it, and by when.

local KEPT = 5000

local function read(ctx, service, topic, mode, variant)
  local asked = variant ~= '' and variant or mode == 'text' and TEXT or ''
  local known = redis.call('HMGET', ctx.q .. ':service:' .. service,
    'company', 'mask', 'allowance', 'topic:' .. topic, 'variant:' .. asked, 'widening',
    'overflow', 'target')
  if not known[1] then
    context.fail('unknown_service', service)
  end
  if topic ~= '' and not known[4] then
    context.fail('unknown_topic', topic)
  end
  if variant ~= '' and not known[5] then
    context.fail('unknown_variant', variant)
  end
  local signature = masks.union(known[5] or known[2], known[4] or '')
  return {
    service = service, company = known[1], topic = topic, allowance = known[3],
    variant = known[5] and asked or '', signature = signature, widening = known[6],
    overflow = known[7] or '', target = known[8] or '',
    widest = widening.widest(signature, known[6]),
  }
end

-- A cache only: the words of services never change within a version of the directory.
local known, known_count = {}, 0

-- The fields of a call's record that its service decides, or an error; not to be changed.
-- `allowance` is how long after the call's clock began its deadline is. A text call is
-- served in the variant `text` where there is one and no other is asked.
function services.wanted(ctx, service, topic, mode, variant)
  local version = context.meta(ctx).directory or ''
  local life = context.text(ctx.life)
  local key = table.concat({ ctx.q, life, version, service, topic, mode, variant }, SEPARATOR)
  local wanted = known[key]
  if not wanted then
    wanted = read(ctx, service, topic, mode, variant)
    if known_count >= KEPT then
      known, known_count = {}, 0
    end
    known[key], known_count = wanted, known_count + 1
  end
  return wanted
end

-- How long an agent rests after a talk, and how long notes may take (nil: as the pool
-- says), in microseconds; of a service that is gone, nothing.
function services.after_talk(ctx, service)
  local own = redis.call('HMGET', ctx.q .. ':service:' .. service, 'cool_down', 'wrap_up')
  return tonumber(own[1] or '') or 0, tonumber(own[2] or '')
end
