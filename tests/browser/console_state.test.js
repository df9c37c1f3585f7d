/** What the agent's console shows, event by event. */

import assert from "node:assert/strict";
import {
  act,
  coolsDown,
  FIRST,
  lookout,
  needsMedia,
  receive,
} from "../../agent_console/state.js";

/** @import { State } from "../../agent_console/state.js" */
/** @import { AgentState as AgentStateMessage, AgentStatus, Mode } from "../../signaling/browser/wire.js" */

/**
 * @param {State} state
 * @param {AgentStatus} status
 * @param {number | null} [remaining_ms]
 */
function stands(state, status, remaining_ms = null) {
  const call = status === "away" || status === "ready" ? null : "c";
  return receive(
    state,
    {
      type: "agent_state",
      status,
      call,
      token: 4,
      remaining_ms,
      cool_ms: null,
      wish: null,
    },
    1000,
  );
}

function ready() {
  return stands(
    act(FIRST, { type: "signed-in", name: "Ana", reserve: false }),
    "ready",
  );
}

/** @param {Mode} [mode] */
function ringing(mode = "video") {
  return receive(ready(), {
    type: "offer",
    call: "c",
    token: 4,
    company: "Télécom Démo",
    service: "Service client",
    topic: null,
    variant: null,
    mode,
    why: "first_offer",
    waited_ms: 3000,
    expires_ms: 15_000,
  }, 10_000);
}

Deno.test("an agent in reserve is known as one until they sign out", () => {
  const inside = act(FIRST, { type: "signed-in", name: "Ana", reserve: true });

  assert.equal(inside.reserve, true);
  assert.equal(act(inside, { type: "signed-out", problem: null }).reserve, false);
});

Deno.test("a ready agent sends no media", () => {
  assert.equal(needsMedia(ready()), false);
  assert.equal(needsMedia(stands(FIRST, "away")), false);
});

Deno.test("the camera is wanted from the ring on, in a signed call", () => {
  assert.equal(needsMedia(ringing()), true);
  assert.equal(needsMedia(stands(ringing(), "connecting", 10_000)), true);
  assert.equal(needsMedia(stands(ringing(), "in_call")), true);
});

Deno.test("a text call never opens the camera", () => {
  assert.equal(needsMedia(ringing("text")), false);
  assert.equal(needsMedia(stands(ringing("text"), "in_call")), false);
});

Deno.test("the camera goes off when the ringing ends or the call is over", () => {
  const ended = receive(
    ringing(),
    { type: "offer_ended", call: "c", token: 4, reason: "cancelled" },
    12_000,
  );

  assert.equal(needsMedia(ended), false);
  assert.equal(ended.missed, "cancelled");
  assert.equal(
    needsMedia(stands(stands(ringing(), "in_call"), "wrap_up", 60_000)),
    false,
  );
});

Deno.test("the ring counts down from the offer's own time", () => {
  const state = ringing();

  assert.equal(state.until, 25_000);
  assert.equal(state.whole, 15_000);
  assert.equal(state.card?.since, 7000);
});

Deno.test("a ring shows nothing before it knows who calls", () => {
  assert.equal(stands(ready(), "ringing", 15_000).screen, "ready");
});

Deno.test("a refusal of the accept lets the agent press again", () => {
  const pressed = act(ringing(), { type: "answered" });
  assert.equal(pressed.answered, true);

  const state = receive(
    pressed,
    { type: "problem", code: "stale_token", text: "", request: null },
    12_000,
  );

  assert.equal(state.answered, false);
  assert.equal(state.problem, "stale_token");
});

Deno.test("a refusal is shown until the agent's state changes", () => {
  const refused = receive(
    ringing(),
    { type: "problem", code: "stale_token", text: "", request: null },
    12_000,
  );

  for (const status of /** @type {AgentStatus[]} */ (["away", "ready", "wrap_up"])) {
    assert.equal(stands(refused, status, 60_000).problem, null, status);
  }
  const late = receive(
    ready(),
    { type: "problem", code: "invalid_transition", text: "", request: null },
    12_000,
  );
  assert.equal(stands(late, "ready").problem, "invalid_transition");
});

Deno.test("a reload finds its call again", () => {
  const back = receive(FIRST, {
    type: "agent_call",
    call: "c",
    token: 4,
    company: "Télécom Démo",
    service: "Service client",
    topic: "panne",
    variant: null,
    mode: "video",
    talk_ms: 5000,
  }, 9000);

  const state = stands(back, "in_call");

  assert.equal(state.screen, "in-call");
  assert.equal(state.talking, 4000);
  assert.equal(needsMedia(state), true);
});

Deno.test("wrap-up tells how the call ended and how long is left", () => {
  const ended = receive(stands(ringing(), "in_call"), {
    type: "ended",
    call: "c",
    reason: "caller_hung_up",
    waited_ms: 3000,
    talk_ms: 60_000,
    again: null,
  }, 80_000);

  const state = stands(ended, "wrap_up", 60_000);

  assert.equal(state.screen, "wrap-up");
  assert.equal(state.ended?.reason, "caller_hung_up");
  assert.equal(state.until, 61_000);
});

Deno.test("the next call knows nothing of the last one", () => {
  const talked = act(stands(ringing(), "in_call"), { type: "typed", chars: "secret" });

  const state = stands(stands(talked, "wrap_up", 60_000), "ready");

  assert.deepEqual(state.lines, []);
  assert.equal(state.card, null);
  assert.equal(state.ended, null);
});

Deno.test("another window that takes over leaves this one quiet", () => {
  const state = receive(
    ringing(),
    { type: "problem", code: "superseded", text: "", request: null },
    12_000,
  );

  assert.equal(state.screen, "superseded");
  assert.equal(needsMedia(state), false);
  assert.equal(stands(state, "ready").screen, "superseded");
});

Deno.test("signing out forgets everything but the eye's answer", () => {
  const state = act(act(ready(), { type: "eye", yes: true }), {
    type: "signed-out",
    problem: null,
  });

  assert.deepEqual(state, { ...FIRST, screen: "sign-in", eye: true });
});

/** @param {State} state @param {Partial<AgentStateMessage>} facts */
function told(state, facts) {
  const message = {
    type: "agent_state",
    status: "ready",
    call: null,
    token: null,
    remaining_ms: null,
    cool_ms: null,
    wish: null,
    ...facts,
  };
  return receive(state, /** @type {AgentStateMessage} */ (message), 1000);
}

Deno.test("a break is a state of its own", () => {
  assert.equal(told(ready(), { status: "break" }).screen, "break");
});

Deno.test("a cool-down is known in every state, and ends by the clock", () => {
  for (const status of /** @type {const} */ (["wrap_up", "away", "break"])) {
    const state = told(ready(), { status, cool_ms: 12_000 });

    assert.equal(coolsDown(state, 12_999), true, status);
    assert.equal(coolsDown(state, 13_000), false, status);
  }
});

Deno.test("a wish for a break is shown while the call lasts", () => {
  const state = told(stands(ringing(), "in_call"), {
    status: "in_call",
    wish: "break",
  });

  assert.equal(state.wish, "break");
  assert.equal(told(state, { status: "break" }).wish, null);
});

Deno.test("the notes after a call say that somebody else goes on", () => {
  const left = receive(
    stands(ringing(), "in_call"),
    { type: "offer_ended", call: "c", token: 4, reason: "not_understood" },
    5000,
  );

  assert.equal(stands(left, "wrap_up", 60_000).missed, "not_understood");
});

Deno.test("where a call could go is shown until it is handed over or refused", () => {
  const asked = act(stands(ringing(), "in_call"), {
    type: "transfer",
    transfer: "asked",
  });
  const offer = /** @type {const} */ ({
    type: "transfer_offer",
    call: "c",
    services: [],
    colleagues: [],
  });
  const open = receive(asked, offer, 2000);

  assert.equal(open.transfer, offer);
  assert.equal(act(open, { type: "transfer", transfer: "no" }).transfer, "no");
  const refused = receive(open, {
    type: "problem",
    code: "agent_unavailable",
    text: "",
    request: null,
  }, 3000);
  assert.equal(refused.transfer, "no");
  assert.equal(refused.problem, "agent_unavailable");
});

Deno.test("who is called back has to come first, and then is here as anybody", () => {
  const rings = ringing("text");
  const card = rings.card === null
    ? null
    : { ...rings.card, why: /** @type {const} */ ("call_back") };
  const accepted = stands({ ...rings, card }, "connecting", 45_000);
  assert.equal(accepted.awaited, true);

  const come = receive(
    accepted,
    { type: "peer", call: "c", speaker: "caller", presence: "here" },
    20_000,
  );
  assert.equal(come.awaited, false);
  assert.equal(stands(come, "connecting", 60_000).awaited, false);
});

Deno.test("an agent whose caller never came reads why on the desk, without notes", () => {
  for (const reason of ["abandoned", "call_back_missed"]) {
    const accepted = stands(ringing(), "connecting", 45_000);
    const ended = { type: /** @type {const} */ ("ended"), call: "c", reason };
    const over = receive(
      accepted,
      { ...ended, waited_ms: 9000, talk_ms: 0, again: null },
      20_000,
    );

    assert.equal(stands(over, "ready").missed, reason);
  }
});

Deno.test("an agent looks at their own picture at the desk, until something else comes", () => {
  const checking = act(
    act(ready(), { type: "checking", open: true }),
    { type: "camera", camera: "on" },
  );
  assert.equal(lookout(checking), "mirror");
  assert.equal(needsMedia(checking), false);

  assert.equal(lookout(act(checking, { type: "checking", open: false })), null);
  assert.equal(stands(checking, "away").checking, false);
  assert.equal(ringing().checking, false);
});
