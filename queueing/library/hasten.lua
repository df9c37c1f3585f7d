-- What is done for a caller whose promise is likely to break, by whoever watches the pool:
-- the steps that are left are taken now, if the last of them is for danger. It makes callers
-- fit more agents and changes no agent: whoever rests, writes notes or has a break goes on.
--
-- What was done stands in the call (`acted`: act, signature before it, µs at which it would
-- have come by itself, else empty; joined by colons and spaces) until it is known whether it
-- helped.

local function has_danger(steps)
  return string.find(steps, '!:', 1, true) ~= nil
end

local function note(ctx, c, wanted, act, before, due)
  local one = act .. ':' .. before .. ':' .. due
  context.set(ctx, c, 'acted', (c.acted ~= '' and c.acted .. ' ' or '') .. one)
  journal.call(ctx, 'monitor_acted', c, {
    'act', act, 'trigger', wanted.trigger, 'breach_permille', wanted.breach,
    'waited_ms', calls.since(ctx, c.leg_t0), 'leg', tonumber(c.leg), 'step', tonumber(c.step),
  })
end

local function widen(ctx, c, wanted)
  while c.widening ~= '' do
    local before, due = c.signature, widening.due(c)
    widening.next(ctx, c)
    local calls_reserve = not masks.words(before).reserve and masks.words(c.signature).reserve
    note(ctx, c, wanted, calls_reserve and 'reserve' or 'widen', before,
      due and context.text(due) or '')
  end
end

-- Says whether there is something that is left to do.
function hasten.can(c, wanted)
  return c.state == 'queued' and c.leg == wanted.leg
    and ((wanted.widens and has_danger(c.widening))
      or (wanted.offers and overflow.has_danger(c)))
end

-- `wanted` says for which leg, whether to widen and to offer other ways, and why.
function hasten.take(ctx, c, wanted)
  if not hasten.can(c, wanted) then
    return
  end
  waiting.remove(ctx, c)
  if wanted.widens and has_danger(c.widening) then
    widen(ctx, c, wanted)
  end
  if wanted.offers and overflow.has_danger(c) then
    overflow.take_danger(ctx, c)
    note(ctx, c, wanted, 'offer', '', '')
  end
  calls.match(ctx, c)
end

-- How much sooner than by itself it came.
local function saved_ms(ctx, helped, due)
  return helped and tonumber(due) and math.max(0, math.floor((tonumber(due) - ctx.now) / 1000))
    or ''
end

-- Say of each act whether it helped, once.
local function judge(ctx, c, helps)
  for act, before, due in string.gmatch(c.acted, '(%a+):([^: ]*):(%d*)') do
    local helped = helps(act, before)
    journal.call(ctx, 'monitor_helped', c, {
      'act', act, 'helped', helped, 'leg', tonumber(c.leg),
      'saved_ms', saved_ms(ctx, helped, due),
      'in_time', ctx.now <= promises.moment(c),
    })
  end
  context.set(ctx, c, 'acted', '')
end

-- The caller sees an agent: it helped if this one could not have been offered the call.
function hasten.answered(ctx, c, a)
  if c.acted ~= '' then
    judge(ctx, c, function(act, before)
      return act ~= 'offer' and not masks.fit(a.profile, before)
    end)
  end
end

-- The caller leaves, another way or for good.
function hasten.left(ctx, c, another_way)
  if c.acted ~= '' then
    judge(ctx, c, function(act)
      return another_way and act == 'offer'
    end)
  end
end

-- The callers of a company who wait with something left to do, the earliest deadline first.
function hasten.endangered(ctx, company, most)
  local rows = { { 'now', context.text(ctx.now) } }
  for _, id in ipairs(redis.call('ZRANGE', ctx.q .. ':waiting:' .. company, 0, most - 1)) do
    local c = context.load(ctx, 'call', id) or { widening = '', overflow = '' }
    local widens, offers = has_danger(c.widening), overflow.has_danger(c)
    if widens or offers then
      rows[#rows + 1] = {
        'call', id, c.service, c.leg, c.leg_t0, c.target, c.deadline, waiting.line(c),
        widens and c.widest or '', offers and '1' or '0',
      }
    end
  end
  return rows
end
