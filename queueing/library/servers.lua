-- The signaling servers: which calls and agents each one holds, and what its death does.

local SERVERS_KEPT = 1000

local function held(ctx, server, kind)
  return ctx.q .. ':server:' .. server .. ':' .. kind .. 's'
end

-- A cache only: until when each server's lease lasts at least, in this life of the store.
local leased, leased_count = {}, 0

local function name_of(ctx, server)
  return ctx.q .. ' ' .. context.text(ctx.life) .. ' ' .. server
end

local function remember(ctx, server, expiry)
  if leased_count >= SERVERS_KEPT then
    leased, leased_count = {}, 0
  end
  leased[name_of(ctx, server)], leased_count = expiry, leased_count + 1
end

-- It lives from now on for the duration of a lease.
local function lease(ctx, server)
  local expiry = ctx.now + context.duration(ctx, 'server_lease')
  local entry = { context.text(expiry), 'server ' .. server }
  if redis.call('ZADD', ctx.q .. ':leases', unpack(entry)) == 1 then
    redis.call('SADD', ctx.q .. ':servers', server)
  end
  remember(ctx, server, expiry)
end

-- It has a lease: who is held by a server is lost with it.
local function have_lease(ctx, server)
  local known = leased[name_of(ctx, server)]
  if known and known > ctx.now then
    return
  end
  local expiry = redis.call('ZSCORE', ctx.q .. ':leases', 'server ' .. server)
  if expiry then
    remember(ctx, server, tonumber(expiry))
  else
    lease(ctx, server)
  end
end

-- Every server that has a lease gets the time to say that it lives.
function servers.await(ctx)
  for _, server in ipairs(redis.call('SMEMBERS', ctx.q .. ':servers')) do
    lease(ctx, server)
    redis.call('SADD', ctx.q .. ':awaited', server)
  end
end

-- The record's server answers for its connection from now on. The score says in which life
-- of the store it said so.
function servers.hold(ctx, record)
  redis.call('ZADD', held(ctx, record.server, record.kind), context.text(ctx.life), record.id)
  have_lease(ctx, record.server)
end

function servers.let_go(ctx, record)
  if record.server ~= '' then
    redis.call('ZREM', held(ctx, record.server, record.kind), record.id)
  end
end

-- The newest connection wins; an older one is told to close.
function servers.move(ctx, record, server, connection)
  if record.server ~= server or record.connection ~= connection then
    if record.connection ~= '' then
      journal.tell(ctx, record.server, 'superseded', record.kind, record.id,
        'connection', record.connection)
    end
    if record.server ~= server then
      servers.let_go(ctx, record)
      context.set(ctx, record, 'server', server)
    end
    context.set(ctx, record, 'connection', connection)
  end
  servers.hold(ctx, record)
end

-- It lives. Who was slow enough to lose some people, but is here again before all were
-- lost, is told to look again.
function servers.heartbeat(ctx, server)
  lease(ctx, server)
  redis.call('PERSIST', ctx.q .. ':out:' .. server)
  redis.call('PERSIST', ctx.q .. ':server:' .. server)
  if redis.call('HDEL', ctx.q .. ':server:' .. server, 'losing') == 1 then
    journal.tell(ctx, server, 'resync')
  end
end

-- Of an agent, gives the call that rang there, if any: see `agents.lose`.
local function lose(ctx, record)
  local module, back = record.kind == 'call' and calls or agents, nil
  servers.let_go(ctx, record)
  if record.state ~= 'lost' then
    back = module.lose(ctx, record)
  end
  context.set(ctx, record, 'server', '')
  context.set(ctx, record, 'connection', '')
  return back
end

local function first(ctx, server, kind, limit)
  local records = {}
  for _, id in ipairs(redis.call('ZRANGE', held(ctx, server, kind), 0, limit - 1)) do
    records[#records + 1] = context.load(ctx, kind, id)
  end
  return records
end

-- Its idle agents go first, so that nothing is offered to them. At most `limit` agents and
-- as many callers; says whether these were all.
local function lose_people(ctx, server, limit)
  local lost, back = first(ctx, server, 'agent', limit), {}
  for _, a in ipairs(lost) do
    if a.state == 'ready' then
      lose(ctx, a)
    end
  end
  for _, a in ipairs(lost) do
    if a.server == server then
      back[#back + 1] = lose(ctx, a)
    end
  end
  legs.let_go(ctx, lost, back)
  local callers = first(ctx, server, 'call', limit)
  for _, c in ipairs(callers) do
    lose(ctx, c)
  end
  return #lost < limit and #callers < limit
end

-- Whom this server held in an earlier life of the store and has not presented in this one.
-- At most `limit` of a kind; says whether these were all.
function servers.lose_unpresented(ctx, server, limit)
  local is_all = true
  for _, kind in ipairs({ 'agent', 'call' }) do
    local ids = redis.call('ZRANGEBYSCORE', held(ctx, server, kind), '-inf',
      '(' .. context.text(ctx.life), 'LIMIT', 0, limit)
    local lost, back = {}, {}
    for i, id in ipairs(ids) do
      lost[i] = context.load(ctx, kind, id)
      back[#back + 1] = lose(ctx, lost[i])
    end
    if kind == 'agent' then
      legs.let_go(ctx, lost, back)
    end
    is_all = is_all and #ids < limit
  end
  return is_all
end

-- No heartbeat any more. What is beyond the limit waits for the next sweep: the lease
-- stays until all is done. Says whether it is.
function servers.lose(ctx, server, limit)
  if not lose_people(ctx, server, limit) then
    redis.call('HSET', ctx.q .. ':server:' .. server, 'losing', '1')
    return false
  end
  redis.call('ZREM', ctx.q .. ':leases', 'server ' .. server)
  leased[name_of(ctx, server)] = nil
  redis.call('SREM', ctx.q .. ':servers', server)
  redis.call('HDEL', ctx.q .. ':server:' .. server, 'losing')
  journal.tell(ctx, server, 'resync')
  journal.deliver(ctx) -- an outbox that is not there yet could not expire
  redis.call('PEXPIRE', ctx.q .. ':out:' .. server, DEAD_SERVER_KEPT_MS)
  redis.call('PEXPIRE', ctx.q .. ':server:' .. server, DEAD_SERVER_KEPT_MS)
  return true
end

local function count(ctx, server)
  return redis.call('ZCARD', held(ctx, server, 'agent'))
    + redis.call('ZCARD', held(ctx, server, 'call'))
end

-- A new life of a server, perhaps before the old one's lease ran out: nobody whom the old
-- one held is connected any more. Says how many are still to be lost. Whoever lives all
-- the same under this name (the old life, or the new one when this comes late) is told to
-- look again.
function servers.begin(ctx, server, limit)
  if count(ctx, server) == 0 then
    return 0
  end
  lose_people(ctx, server, limit)
  local left = count(ctx, server)
  if left == 0 then
    journal.tell(ctx, server, 'resync')
  end
  return left
end
