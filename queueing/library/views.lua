-- What others may see of a call or an agent: its kind and id, then these fields' values in
-- this order, each after a separator that no value holds; made at once by one command.

local CALL_FIELDS = VIEWS.call
local AGENT_FIELDS = VIEWS.agent

local function changed(ctx, record)
  return context.is_touched(ctx, record) and context.text(context.version(ctx)) or record.version
end

local function values(record, fields)
  local found = { record.kind, record.id }
  for i = 1, #fields do
    found[i + 2] = record[fields[i]]
  end
  return found
end

-- Of a call that is queued also where it stands, and whether nobody could ever serve it; of
-- one that rings, why it does there.
function views.call(ctx, c)
  c.version = changed(ctx, c)
  local view = values(c, CALL_FIELDS)
  if c.state == 'queued' then
    view[#view + 1] = context.text(waiting.position(ctx, c.company, c.id) or 1)
    view[#view + 1] = calls.nobody(ctx, c) and '1' or '0'
  elseif c.state == 'offered' then
    view[#view + 1] = legs.why(c, c.agent)
  end
  return { table.concat(view, SEPARATOR) }
end

function views.agent(ctx, a)
  a.version = changed(ctx, a)
  return { table.concat(values(a, AGENT_FIELDS), SEPARATOR) }
end
