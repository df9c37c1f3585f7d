/** What the caller's page shows, event by event. */

import assert from "node:assert/strict";
import { NO_ADVICE } from "../../signaling/browser/eye/advice.js";
import { act } from "../../web_client/act.js";
import { receive } from "../../web_client/receive.js";
import {
  FIRST,
  isLive,
  lookout,
  missingCamera,
  wantsCamera,
} from "../../web_client/state.js";

/** @import { ServerMessage } from "../../signaling/browser/wire.js" */
/** @import { State } from "../../web_client/state.js" */

const SERVICE = {
  slug: "telecom-demo",
  title: "Service client",
  company: "Télécom Démo",
  open: true,
  opens_at: null,
  closed_for: null,
  topics: [],
  variants: [],
  video_message: null,
};
const REQUEST = "r".repeat(32);

/** @type {ServerMessage} */
const TICKET = {
  type: "ticket",
  request: REQUEST,
  call: "c",
  ticket: "t".repeat(32),
  mode: "video",
  eye: false,
  waited_ms: 0,
};

function entered() {
  return act(FIRST, { type: "service", service: SERVICE });
}

function queued() {
  const asked = act(entered(), {
    type: "asked",
    request: REQUEST,
    mode: "video",
    at: 1000,
  });
  return receive(asked, TICKET, 1050);
}

function inCall() {
  const found = receive(queued(), { type: "agent_found", call: "c" }, 2000);
  const connecting = receive(
    found,
    { type: "connecting", call: "c", name: "Ana" },
    2100,
  );
  return receive(
    connecting,
    { type: "in_call", call: "c", name: "Ana", talk_ms: 0 },
    2200,
  );
}

/** @param {State} state @param {string} code @param {string | null} [request] */
function refused(state, code, request = null) {
  return receive(state, { type: "problem", code, text: "", request }, 3000);
}

Deno.test("an open service shows its first page, a closed one says when it opens", () => {
  const opens_at = "2026-11-23T09:00:00+01:00";
  const closed = act(FIRST, {
    type: "service",
    service: { ...SERVICE, open: false, opens_at, closed_for: "holiday" },
  });

  assert.equal(entered().screen, "entry");
  assert.equal(closed.screen, "closed");
  assert.equal(closed.opensAt, opens_at);
  assert.equal(closed.closedFor, "holiday");
});

Deno.test("a service that closed meanwhile says so instead of a queue", () => {
  const asked = act(entered(), {
    type: "asked",
    request: REQUEST,
    mode: "video",
    at: 0,
  });

  const state = receive(
    asked,
    { type: "closed", service: "telecom-demo", opens_at: null, reason: "holiday" },
    5,
  );

  assert.equal(state.screen, "closed");
  assert.equal(state.closedFor, "holiday");
});

Deno.test("a call that did not wait for the camera gets it when it opens", () => {
  const mirror = act(act(entered(), { type: "prepare" }), {
    type: "camera",
    camera: "asking",
  });
  const asked = { type: /** @type {const} */ ("asked"), request: REQUEST, at: 0 };

  assert.equal(wantsCamera(mirror), true);
  assert.equal(missingCamera(mirror), null);
  assert.equal(wantsCamera(act(mirror, { ...asked, mode: "video" })), true);
  assert.equal(wantsCamera(act(mirror, { ...asked, mode: "text" })), false);
  assert.equal(wantsCamera(act(mirror, { type: "home" })), false);
});

Deno.test("a refused camera is told wherever the caller is", () => {
  const refused = act(queued(), { type: "camera", camera: "refused" });

  assert.equal(missingCamera(refused), "refused");
});

Deno.test("the page's clock starts with the press, and a ticket again leaves it alone", () => {
  assert.equal(queued().since, 1000);
  assert.equal(
    receive(queued(), { ...TICKET, waited_ms: 30_000 }, 40_000).since,
    1000,
  );
});

Deno.test("after a reload the page's clock starts with T0", () => {
  const resuming = act(entered(), {
    type: "resume",
    request: REQUEST,
    mode: "video",
    eye: null,
    away: false,
  });

  assert.equal(
    receive(resuming, { ...TICKET, waited_ms: 30_000 }, 40_000).since,
    10_000,
  );
});

Deno.test("a place in the queue leaves the clock alone", () => {
  const state = receive(
    queued(),
    {
      type: "waiting",
      call: "c",
      position: 2,
      waited_ms: 400,
      nobody: false,
      low_s: null,
      high_s: null,
    },
    1500,
  );

  assert.equal(state.since, 1000);
  assert.equal(state.position, 2);
});

Deno.test("an agent who refuses sends the caller back to waiting, with the reason", () => {
  const found = receive(queued(), { type: "agent_found", call: "c" }, 2000);
  assert.equal(found.found, true);

  const state = receive(
    found,
    { type: "requeued", call: "c", reason: "refused", waited_ms: 500 },
    2100,
  );

  assert.equal(state.screen, "waiting");
  assert.equal(state.found, false);
  assert.equal(state.requeued, "refused");
  assert.equal(state.since, 1000);
});

Deno.test("a lost agent takes the picture and the open microphone along", () => {
  const talking = act(act(inCall(), { type: "seen" }), {
    type: "sound",
    open: true,
    missing: false,
  });

  const state = receive(
    talking,
    { type: "requeued", call: "c", reason: "agent_lost", waited_ms: 0 },
    9000,
  );

  assert.equal(state.screen, "waiting");
  assert.equal(state.seen, false);
  assert.equal(state.sound, false);
});

Deno.test("the end keeps the server's reason, even after the caller pressed first", () => {
  const left = act(inCall(), { type: "left" });
  assert.equal(left.screen, "ended");
  assert.equal(left.ended?.reason, "caller_hung_up");

  const state = receive(left, {
    type: "ended",
    call: "c",
    reason: "technical",
    waited_ms: 1200,
    talk_ms: 0,
    again: null,
  }, 9000);

  assert.equal(state.ended?.reason, "technical");
});

Deno.test("leaving before the ticket goes back to the first page", () => {
  const asked = act(entered(), {
    type: "asked",
    request: REQUEST,
    mode: "text",
    at: 0,
  });

  assert.equal(act(asked, { type: "left" }).screen, "entry");
});

Deno.test("nothing moves an ended call", () => {
  const ended = act(inCall(), { type: "left" });

  const state = receive(
    ended,
    { type: "in_call", call: "c", name: "Ana", talk_ms: 0 },
    9000,
  );

  assert.equal(state, ended);
});

Deno.test("a refused call request says why on the first page", () => {
  const asked = act(entered(), {
    type: "asked",
    request: REQUEST,
    mode: "video",
    at: 0,
  });

  const state = refused(asked, "unknown_topic", REQUEST);

  assert.equal(state.screen, "entry");
  assert.equal(state.problem, "unknown_topic");
});

Deno.test("a ticket of an ended call leads to the first page after a reload", () => {
  const resuming = act(FIRST, {
    type: "resume",
    request: REQUEST,
    mode: "video",
    eye: null,
    away: false,
  });

  assert.equal(refused(resuming, "ended_call", REQUEST).screen, "entry");
});

Deno.test("a call that ended while the line was down ends with a reason", () => {
  const back = act(inCall(), { type: "again", request: REQUEST });

  const state = refused(back, "ended_call", REQUEST);

  assert.equal(state.screen, "ended");
  assert.equal(state.ended?.reason, "caller_lost");
});

Deno.test("a refusal of something else interrupts nobody", () => {
  const state = refused(inCall(), "no_video");

  assert.equal(state.screen, "call");
  assert.equal(state.problem, "no_video");
});

Deno.test("a newer window takes over and this one goes quiet", () => {
  const state = refused(inCall(), "superseded");

  assert.equal(state.screen, "superseded");
  assert.equal(isLive(state), false);
});

Deno.test("a reload in a call comes back to it, not to waiting", () => {
  const resuming = act(FIRST, {
    type: "resume",
    request: REQUEST,
    mode: "video",
    eye: true,
    away: false,
  });
  const ticketed = receive(resuming, { ...TICKET, waited_ms: 5000 }, 9000);

  const state = receive(
    ticketed,
    { type: "in_call", call: "c", name: "Ana", talk_ms: 2000 },
    9010,
  );

  assert.equal(state.screen, "call");
  assert.equal(state.talking, 7010);
});

Deno.test("a no to the eye takes the advice away at once", () => {
  const watched = receive(act(inCall(), { type: "eye", yes: true }), {
    type: "verdict",
    call: "c",
    legibility: "at_risk",
    reasons: ["too_dark"],
  }, 5000);
  assert.equal(watched.advice.shown?.reason, "too_dark");

  const after = act(watched, { type: "eye", yes: false });
  assert.deepEqual(after.advice, NO_ADVICE);
  const late = { type: /** @type {const} */ ("verdict"), call: "c", reasons: [] };
  assert.deepEqual(
    receive(after, { ...late, legibility: "legible" }, 5100).advice,
    NO_ADVICE,
  );
});

Deno.test("both sides' words stand in one conversation", () => {
  const mine = act(inCall(), { type: "typed", chars: "Oui" });
  const both = receive(
    mine,
    { type: "text_from", call: "c", speaker: "agent", chars: "Bien" },
    5000,
  );

  assert.deepEqual(both.lines.map(({ speaker, text }) => [speaker, text]), [
    ["caller", "Oui"],
    ["agent", "Bien"],
  ]);
});

Deno.test("a second call starts without anything of the first", () => {
  const ended = act(act(inCall(), { type: "typed", chars: "secret" }), {
    type: "left",
  });

  const again = act(ended, {
    type: "asked",
    request: REQUEST,
    mode: "video",
    at: 9000,
  });

  assert.deepEqual(again.lines, []);
  assert.equal(again.ended, null);
  assert.equal(again.talking, 0);
});

/** @param {State} state @param {string} chars @param {"agent" | "caller"} [speaker] */
function written(state, chars, speaker = "agent") {
  return receive(state, { type: "text_from", call: "c", speaker, chars }, 5000);
}

/** Another agent comes in place of the one who wrote. */
function withAnother() {
  const requeued = receive(
    written(inCall(), "Bonj"),
    { type: "requeued", call: "c", reason: "agent_lost", waited_ms: 0 },
    9000,
  );
  return receive(requeued, { type: "connecting", call: "c", name: "Léa" }, 9500);
}

Deno.test("only words are an agent's evidence, not blanks and not what was erased", () => {
  assert.equal(written(inCall(), " \u2028").said, false);
  assert.equal(written(inCall(), "B\u0008").said, false);
  assert.equal(written(inCall(), "Bonjour", "caller").said, false);
  assert.equal(written(inCall(), "B").said, true);
});

Deno.test("an agent's words are no evidence for the next agent", () => {
  assert.equal(withAnother().said, false);
  assert.equal(withAnother().from, 9500);
  assert.equal(written(withAnother(), "\u0008").said, false);
  assert.equal(written(withAnother(), "L").said, true);
});

Deno.test("the next agent writes on a line of their own", () => {
  const texts = written(withAnother(), "Léa").lines.map((line) => line.text);

  assert.deepEqual(texts, ["Bonj", "Léa"]);
});

Deno.test("who said no is looked at by their own page alone, until they stop it", () => {
  const dark = {
    type: /** @type {const} */ ("looked"),
    judgement: { legibility: /** @type {const} */ ("at_risk"), reasons: ["too_dark"] },
    at: 5000,
  };
  const talking = { ...inCall(), camera: /** @type {const} */ ("on"), eye: false };

  assert.equal(lookout(talking), "call");
  assert.equal(act(talking, dark).advice.shown?.reason, "too_dark");
  const hushed = act(talking, { type: "eye", yes: false });
  assert.equal(lookout(hushed), null);
  assert.equal(act(hushed, dark).advice.shown, null);
  const yes = act(talking, { type: "eye", yes: true });
  assert.equal(lookout(yes), null);
  assert.equal(act(yes, dark).advice.shown, null);
});

Deno.test("a no in the mirror still lets the page look during the call", () => {
  const mirror = act(act(FIRST, { type: "prepare" }), { type: "eye", yes: false });
  const asked = act(mirror, { type: "asked", request: "r", mode: "video", at: 1 });

  assert.deepEqual([asked.eye, asked.hushed], [false, false]);
});

Deno.test("the mirror is looked at while its camera is on, and begins anew each time", () => {
  const mirror = act(FIRST, { type: "prepare" });
  assert.equal(lookout(mirror), null);
  const open = act(mirror, { type: "camera", camera: "on" });
  assert.equal(lookout(open), "mirror");

  const asked = act(open, { type: "check", event: { type: "asked" } });
  assert.equal(asked.check.hands.stage, "coming");
  assert.equal(act(asked, { type: "prepare" }).check.hands.stage, "offered");
});
