-- What others may see of a call or an agent: a flat list of names and values.

local CALL_FIELDS = {
  'service', 'company', 'topic', 'variant', 'mode', 'state', 't0', 't1', 'deadline',
  'leg', 'leg_t0', 'step', 'agent', 'agent_name',
  'token', 'relay', 'attempts', 'reason', 'ways', 'call_back', 'server', 'connection',
  'evidence', 'version',
}
local AGENT_FIELDS = {
  'state', 'call', 'token', 'until', 'cool_until', 'wish', 'server', 'connection', 'version',
}

local function flat(record, fields)
  local view = { record.kind, record.id }
  for i = 1, #fields do
    view[2 * i + 1] = fields[i]
    view[2 * i + 2] = record[fields[i]]
  end
  return view
end

local function changed(ctx, record)
  return record.changes and context.text(context.version(ctx)) or record.version
end

function views.call(ctx, c)
  c.version = changed(ctx, c)
  local view = flat(c, CALL_FIELDS)
  if c.state == 'queued' then
    view[#view + 1] = 'position'
    view[#view + 1] = context.text(waiting.position(ctx, c.company, c.id) or 1)
    view[#view + 1] = 'nobody'
    view[#view + 1] = calls.nobody(ctx, c) and '1' or '0'
  end
  return view
end

function views.agent(ctx, a)
  a.version = changed(ctx, a)
  return flat(a, AGENT_FIELDS)
end
