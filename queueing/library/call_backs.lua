-- The caller has left, the place stays; whoever accepts in turn summons the caller.

local function lease(ctx, c, expiry)
  redis.call('ZADD', ctx.q .. ':leases', context.text(expiry), 'callback ' .. c.id)
end

-- The call stays where it is: in its index, or ringing.
function call_backs.begin(ctx, c)
  overflow.release(ctx, c)
  context.set(ctx, c, 'call_back', '1')
  context.set(ctx, c, 'ways', '')
  lease(ctx, c, ctx.now + context.duration(ctx, 'call_back'))
end

-- No call-back any more: the caller is here, or the call is over.
function call_backs.finish(ctx, c)
  if c.call_back == '1' then
    context.set(ctx, c, 'call_back', '')
    redis.call('ZREM', ctx.q .. ':leases', 'callback ' .. c.id)
  end
end

-- The page of a caller who has left is gone: nobody is lost by that.
function call_backs.unplug(ctx, c)
  servers.let_go(ctx, c)
  context.set(ctx, c, 'server', '')
  context.set(ctx, c, 'connection', '')
end

-- Accepted: the caller has this long to come.
function call_backs.summon(ctx, c, a)
  leases.set(ctx, c, ctx.now + context.duration(ctx, 'summon'))
  context.set(ctx, a, 'until', c['until'])
  journal.tell(ctx, c.server, 'summoned', 'call', c.id, 'expires_at', c['until'])
end

-- The caller came, called or not, and waits on or is connected.
function call_backs.come(ctx, c)
  call_backs.finish(ctx, c)
  overflow.begin(ctx, c)
  journal.call(ctx, 'caller_back', c, { 'state', c.state, 'called_back', true })
  local partner = calls.partner(ctx, c)
  if partner then
    journal.tell(ctx, partner.server, 'caller_back', 'call', c.id)
    if c.state == 'connecting' then
      calls.lease_connecting(ctx, c, partner)
    end
  elseif c.state == 'queued' then
    waiting.remove(ctx, c)
    calls.match(ctx, c)
  end
end

-- The place is kept no longer; what rings or waits for the caller may still end well.
function call_backs.due(ctx, c)
  if c.state ~= 'queued' then
    return lease(ctx, c, ctx.now + context.duration(ctx, 'offer'))
  end
  calls.finish(ctx, c, 'call_back_missed', 'system', false)
end
