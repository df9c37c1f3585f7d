-- What is wrong with a service for longer than a moment, by whoever watches the pool. An
-- alert is raised once and cleared once, whoever says so how often; each is in the ledger.

local function key(ctx)
  return ctx.q .. ':alerts'
end

-- `facts` is JSON. Says whether that changed anything.
function alerts.set(ctx, service, alert, raised, facts)
  local field = service .. ' ' .. alert
  local changed
  if raised then
    changed = redis.call('HSETNX', key(ctx), field, facts) == 1
  else
    changed = redis.call('HDEL', key(ctx), field) == 1
  end
  if changed then
    local company = redis.call('HGET', ctx.q .. ':service:' .. service, 'company') or ''
    journal.note(ctx, raised and 'alert_raised' or 'alert_cleared', company, service, '', facts)
  end
  return changed
end

-- Each that holds: service, alert, facts.
function alerts.rows(ctx)
  local rows, flat = {}, redis.call('HGETALL', key(ctx))
  for i = 1, #flat, 2 do
    local service, alert = string.match(flat[i], '^(%S+) (%S+)$')
    rows[#rows + 1] = { service, alert, flat[i + 1] }
  end
  return rows
end
