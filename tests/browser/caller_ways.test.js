/** Other ways than waiting here, and another agent: what the caller's page shows. */

import assert from "node:assert/strict";
import { act } from "../../web_client/act.js";
import { receive } from "../../web_client/receive.js";
import { FIRST, isLive, wantsCamera } from "../../web_client/state.js";

/** @import { ServerMessage } from "../../signaling/browser/wire.js" */
/** @import { State } from "../../web_client/state.js" */

const REQUEST = "r".repeat(32);

/** @param {Partial<import("../../signaling/browser/wire.js").Ticket>} [facts] */
function ticket(facts = {}) {
  return /** @type {ServerMessage} */ ({
    type: "ticket",
    request: REQUEST,
    call: "c",
    ticket: "t".repeat(32),
    mode: "video",
    eye: false,
    waited_ms: 0,
    ...facts,
  });
}

/** @param {Partial<import("../../signaling/browser/wire.js").Waiting>} [facts] */
function place(facts = {}) {
  return /** @type {ServerMessage} */ ({
    type: "waiting",
    call: "c",
    position: 2,
    waited_ms: 0,
    nobody: false,
    low_s: null,
    high_s: null,
    ...facts,
  });
}

function waiting() {
  const asked = act(FIRST, { type: "asked", request: REQUEST, mode: "video", at: 0 });
  return receive(receive(asked, ticket(), 50), place(), 60);
}

function away() {
  const leaving = act(waiting(), { type: "leaving", way: "call_back" });
  return receive(leaving, { type: "called_back_later", call: "c" }, 40_000);
}

function summoned() {
  const message = { type: "summoned", call: "c", name: "Ana", expires_ms: 45_000 };
  return receive(away(), /** @type {ServerMessage} */ (message), 90_000);
}

function inCall() {
  const came = receive(waiting(), { type: "connecting", call: "c", name: "Ana" }, 2000);
  return receive(came, { type: "in_call", call: "c", name: "Ana", talk_ms: 0 }, 2500);
}

/** @param {State} state @param {string} reason @param {number} waited_ms @param {number} at */
function requeued(state, reason, waited_ms, at) {
  return receive(state, { type: "requeued", call: "c", reason, waited_ms }, at);
}

Deno.test("the rest of the wait is known when the server knows it", () => {
  const state = receive(waiting(), place({ low_s: 100, high_s: 200 }), 1000);

  assert.deepEqual([state.low, state.high], [100, 200]);
  assert.equal(receive(state, place(), 2000).high, null);
});

Deno.test("other ways are offered until an agent comes", () => {
  const offered = receive(
    waiting(),
    { type: "overflow_offered", call: "c", ways: ["call_back", "text"] },
    30_000,
  );

  assert.deepEqual(offered.ways, ["call_back", "text"]);
  assert.deepEqual(receive(offered, { type: "agent_found", call: "c" }, 1).ways, []);
});

Deno.test("who is called back may go: the line stays, the camera is off", () => {
  const state = away();

  assert.equal(state.screen, "call-back");
  assert.equal(isLive(state), true);
  assert.equal(wantsCamera(state), false);
  assert.equal(receive(state, place({ position: 1 }), 1).screen, "call-back");
});

Deno.test("a summons rings until its own end, and an agent who goes ends it", () => {
  const state = summoned();

  assert.equal(state.screen, "summoned");
  assert.equal(state.agent, "Ana");
  assert.equal(state.until, 135_000);
  assert.equal(requeued(state, "agent_lost", 0, 95_000).screen, "call-back");
});

Deno.test("one press answers the summons, and the call goes on as any other", () => {
  const coming = act(summoned(), { type: "come", request: REQUEST });
  assert.equal(coming.screen, "resuming");
  assert.equal(wantsCamera(coming), true);

  const back = receive(coming, ticket({ waited_ms: 92_000 }), 92_000);
  const state = receive(back, { type: "connecting", call: "c", name: "Ana" }, 92_100);

  assert.equal(state.screen, "connecting");
  assert.equal(state.back, "no");
  assert.equal(state.since, 0);
});

Deno.test("who comes too late is told that we called", () => {
  const coming = act(summoned(), { type: "come", request: REQUEST });
  const state = receive(
    coming,
    { type: "problem", code: "ended_call", text: "", request: REQUEST },
    200_000,
  );

  assert.equal(state.ended?.reason, "call_back_missed");
});

Deno.test("whoever comes back before waits on the page again", () => {
  const coming = act(away(), { type: "come", request: REQUEST });
  const state = receive(receive(coming, ticket(), 1), place(), 2);

  assert.equal(state.screen, "waiting");
  assert.equal(receive(state, place(), 3).screen, "waiting");
});

Deno.test("a reload while away does not pass for the caller", () => {
  const reloaded = act(FIRST, {
    type: "resume",
    request: REQUEST,
    mode: "video",
    eye: null,
    away: true,
  });
  assert.equal(wantsCamera(reloaded), false);

  const state = receive(receive(reloaded, ticket(), 1), place(), 2);

  assert.equal(state.screen, "call-back");
});

Deno.test("going on by text keeps the place and needs no camera", () => {
  const leaving = act(waiting(), { type: "leaving", way: "text" });
  const state = receive(leaving, ticket({ mode: "text", waited_ms: 30_000 }), 30_000);

  assert.equal(state.leaving, null);
  assert.equal(state.since, 0);
  assert.equal(wantsCamera(state), false);
});

Deno.test("a way that is closed by now may be chosen no longer, and the wait goes on", () => {
  const leaving = act(waiting(), { type: "leaving", way: "text" });
  const state = receive(
    leaving,
    { type: "problem", code: "not_offered", text: "", request: "q".repeat(32) },
    1,
  );

  assert.equal(state.screen, "waiting");
  assert.equal(state.leaving, null);
  assert.equal(state.problem, "not_offered");
});

Deno.test("who does not understand gets another agent and a clock of its own", () => {
  const asked = act(inCall(), { type: "doubt", doubt: "sent" });
  const state = requeued(asked, "not_understood", 0, 60_000);

  assert.equal(state.screen, "waiting");
  assert.equal(state.since, 60_000);
  assert.equal(state.doubt, "no");
});

Deno.test("an agent who breaks off leaves the first clock as it is", () => {
  assert.equal(requeued(inCall(), "agent_lost", 5000, 5000).since, 0);
});

Deno.test("the same agent may be asked for once, and a fresh start asks for nobody", () => {
  const regular = {
    word: "w".repeat(32),
    name: "Ana",
    mode: /** @type {const} */ ("text"),
  };
  const known = act(waiting(), { type: "regular", regular });
  const asked = act(known, { type: "same", regular });

  assert.equal(asked.again, "w".repeat(32));
  assert.equal(asked.mode, "text");
  assert.equal(asked.regular, regular);
  assert.equal(receive(asked, ticket(), 1).again, null);
  assert.equal(act(asked, { type: "home" }).again, null);
});
