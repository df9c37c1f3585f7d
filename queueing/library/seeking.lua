-- Looks whether somebody who is ready fits somebody who waits, a piece at a time.
--
-- Every transition matches whom it frees, so no such pair is ever left. It is looked for all
-- the same when a new life of the store has settled, when another plan of scarce skills
-- comes into force, and over and over in case of a fault.
--
-- `<q>:sought` is what is still to be looked at, by deadline: `!<company>`, which becomes
-- `!<company> <line>` of each of its lines, each of which becomes `<call> <company> <line>`.
-- `!` sorts before every id: of all who wait, the first whom anybody fits is served first.

local WORK = 60 -- of a piece, in callers looked at: about a millisecond
local WORK_OF_A_MATCH = 8
local LINES_A_UNIT = 8
local ADDED_AT_ONCE = 400

local function sought(ctx)
  return ctx.q .. ':sought'
end

-- Everything is to be looked at.
function seeking.begin(ctx)
  redis.call('DEL', sought(ctx))
  for _, company in ipairs(redis.call('SMEMBERS', ctx.q .. ':waiting-companies')) do
    redis.call('ZADD', sought(ctx), '-inf', '!' .. company)
  end
end

-- So is this line, from this deadline on.
function seeking.line(ctx, company, line, deadline)
  redis.call('ZADD', sought(ctx), 'LT', deadline, '!' .. company .. ' ' .. line)
end

function seeking.is_over(ctx)
  return redis.call('EXISTS', sought(ctx)) == 0
end

local function expand(ctx, company)
  local live, entries = waiting.lines(ctx, company), {}
  for i = 1, #live, 2 do
    entries[#entries + 1] = live[i + 1]
    entries[#entries + 1] = '!' .. company .. ' ' .. live[i]
    if #entries >= ADDED_AT_ONCE or i + 2 > #live then
      redis.call('ZADD', sought(ctx), unpack(entries))
      entries = {}
    end
  end
  return 1 + #live / 2 / LINES_A_UNIT
end

local function name_first(ctx, company, line)
  local call, deadline = waiting.first(ctx, company, line)
  if call then
    redis.call('ZADD', sought(ctx), deadline, call .. ' ' .. company .. ' ' .. line)
  end
  return 1
end

-- Serve the caller, unless another of the line is the first whom somebody fits.
local function serve(ctx, call, company, line, is_fault)
  local found, deadline, looked = waiting.first_served(ctx, company, line)
  if found and found ~= call then
    redis.call('ZADD', sought(ctx), deadline, found .. ' ' .. company .. ' ' .. line)
  elseif found then
    local c = context.load(ctx, 'call', call)
    if is_fault then
      redis.call('HINCRBY', ctx.q .. ':meta', 'violations', 1)
    end
    waiting.remove(ctx, c)
    calls.match(ctx, c)
    if c.state ~= 'queued' then
      seeking.line(ctx, company, line, deadline)
    end
    return looked + WORK_OF_A_MATCH
  end
  return looked
end

local function look(ctx, member, is_fault)
  local call, company, line = string.match(member, '^(%S+) (%S+) (%S+)$')
  if not call then
    company, line = string.match(member, '^!(%S+) ?(%S*)$')
  end
  if not idle.anybody(ctx, company) then
    return 0.25
  elseif call then
    return serve(ctx, call, company, line, is_fault)
  end
  return line == '' and expand(ctx, company) or name_first(ctx, company, line)
end

-- A piece of it. `is_fault` says that whatever is found is a fault of ours, and counted.
function seeking.piece(ctx, is_fault)
  local work = WORK
  while work > 0 do
    local member = redis.call('ZPOPMIN', sought(ctx))[1]
    if not member then
      return
    end
    work = work - look(ctx, member, is_fault)
  end
end
