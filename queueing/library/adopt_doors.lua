-- What people bring back after the store forgot it.

-- call service topic mode variant t0 relay …
local function told(args)
  return {
    call = args[1], service = args[2], topic = args[3], mode = args[4], variant = args[5],
    t0 = args[6], relay = args[7],
  }
end

-- … server connection is_here comes left
doors.transition('adopt', function(ctx, args)
  local call = told(args)
  local comes = args[11] == '1'
  call.is_here, call.has_left = args[10] == '1', args[12] == '1' and not comes
  local c = adopt.call(ctx, call)
  calls.present(ctx, c, args[8], args[9], comes)
  return views.call(ctx, c)
end)

-- … agent token t1 evidence state call_back
doors.transition('adopt_talk', function(ctx, args)
  local talk = told(args)
  talk.agent, talk.token, talk.t1, talk.evidence = args[8], args[9], args[10], args[11]
  talk.state, talk.has_left, talk.is_here = args[12], args[13] == '1', true
  return views.call(ctx, adopt.talk(ctx, talk))
end)

-- server life limit: whether everybody has been looked at
doors.action('presented', function(ctx, args)
  return lives.presented(ctx, args[1], args[2], tonumber(args[3])) and 1 or 0
end)
