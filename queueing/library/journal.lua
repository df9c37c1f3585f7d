-- What others learn: the ledger's stream, the counters, and each server's outbox.
--
-- What one function call tells stands together in one entry, and in a second one only where
-- it is much: the values of an event after each other, the events after each other.

local OUTBOX_LENGTH = '10000'
local EVENTS_AN_ENTRY = 20
local WORDS_KEPT = 500

-- A cache only: most words of facts are said again and again.
local quoted, quoted_count = {}, 0

local function quote(word)
  local text = quoted[word]
  if not text then
    if quoted_count >= WORDS_KEPT then
      quoted, quoted_count = {}, 0
    end
    text = cjson.encode(word)
    quoted[word], quoted_count = text, quoted_count + 1
  end
  return text
end

local function json(facts)
  local parts = {}
  for i = 1, #facts, 2 do
    local value = facts[i + 1]
    if value ~= nil and value ~= '' then
      if type(value) == 'number' then
        value = context.text(value)
      elseif type(value) == 'boolean' then
        value = tostring(value)
      elseif type(value) == 'string' then
        value = quote(value)
      else
        value = cjson.encode(value)
      end
      parts[#parts + 1] = '"' .. facts[i] .. '":' .. value
    end
  end
  return '{' .. table.concat(parts, ',') .. '}'
end

local function write(ctx, kind, company, service, call, agent, token, facts)
  local written = ctx.written
  if not written then
    written = {}
    ctx.written = written
  end
  written[#written + 1] = table.concat({
    context.text(context.tick(ctx)), kind, ctx.dated and context.text(ctx.dated) or ctx.at,
    company, service, call, agent, token, facts,
  }, SEPARATOR)
  redis.call('HINCRBY', ctx.q .. ':count:' .. service, kind, '1')
end

local function measure(ctx, kind, record)
  if rates[kind] then
    rates[kind](ctx, record)
  end
end

-- One transition of a call. `facts` is a flat list of names and values.
function journal.call(ctx, kind, c, facts, agent)
  write(ctx, kind, c.company, c.service, c.id, agent or c.agent, c.token,
    json(facts or {}))
  measure(ctx, kind, c)
end

-- The same about something that these data had forgotten, dated when it happened.
function journal.past(ctx, at, kind, c, facts)
  ctx.dated = at
  journal.call(ctx, kind, c, facts)
  ctx.dated = nil
end

-- One transition of an agent; with the call that it was about, if any.
function journal.agent(ctx, kind, a, facts, c)
  measure(ctx, kind, a)
  if c then
    return write(ctx, kind, c.company, c.service, c.id, a.id, c.token, json(facts or {}))
  end
  write(ctx, kind, '', '', '', a.id, '', json(facts or {}))
end

-- What happened without a transition; `facts` is JSON already.
function journal.note(ctx, kind, company, service, call, facts)
  write(ctx, kind, company, service, call, '', '', facts)
end

-- One event for a server's outbox: a flat list of names and values.
function journal.tell(ctx, server, event, ...)
  if server == '' then
    return
  end
  local told = ctx.told
  if not told then
    told = { servers = {} }
    ctx.told = told
  end
  local events = told[server]
  if not events then
    events = {}
    told[server] = events
    told.servers[#told.servers + 1] = server
  end
  events[#events + 1] = table.concat(
    { 'type', event, 'version', context.text(context.version(ctx)), ... }, SEPARATOR)
end

-- The entries that hold these events: how many stand in it and before it, and its text.
local function entries(events)
  local first = 0
  return function()
    if first >= #events then
      return nil
    end
    local last = math.min(first + EVENTS_AN_ENTRY, #events)
    local text = table.concat(events, EVENTS_SEPARATOR, first + 1, last)
    first = last
    return last, text
  end
end

-- Write what was told; the number of an entry's last event makes a gap visible to readers.
function journal.deliver(ctx)
  for _, server in ipairs(ctx.told and ctx.told.servers or {}) do
    local events, out = ctx.told[server], ctx.q .. ':out:' .. server
    local before = redis.call('HINCRBY', ctx.q .. ':server:' .. server, 'told', #events) - #events
    for last, text in entries(events) do
      redis.call('XADD', out, 'MAXLEN', '~', OUTBOX_LENGTH, '*',
        'n', context.text(before + last), 'events', text)
    end
  end
  ctx.told = nil
end

-- Write into the ledger's stream what happened.
function journal.record(ctx)
  for _, text in entries(ctx.written or {}) do
    redis.call('XADD', ctx.q .. ':ledger', '*', 'events', text)
  end
  ctx.written = nil
end

-- To the caller's server and to the agent's, once if they are the same.
function journal.tell_both(ctx, c, a, event, ...)
  journal.tell(ctx, c.server, event, ...)
  if a and a.server ~= c.server then
    journal.tell(ctx, a.server, event, ...)
  end
end
