/** The evidence that ends the wait: this agent's picture or words, told once. */

import assert from "node:assert/strict";
import { Evidence } from "../../web_client/evidence.js";
import { act } from "../../web_client/act.js";
import { receive } from "../../web_client/receive.js";
import { FIRST } from "../../web_client/state.js";

/** @import { Claim, Frame } from "../../signaling/browser/frames.js" */
/** @import { Mode, ServerMessage } from "../../signaling/browser/wire.js" */

const REQUEST = "r".repeat(32);

/** A caller's page whose paints and frames are made by hand. */
class Page {
  /** @type {any[]} */
  sent = [];
  /** @type {(() => void)[]} */
  paints = [];
  /** @type {((frame: Frame) => void) | null} */
  present = null;
  since = 0;
  state = FIRST;

  /** @param {Mode} mode */
  constructor(mode) {
    Object.assign(globalThis, {
      requestAnimationFrame: (/** @type {() => void} */ paint) =>
        this.paints.push(paint),
    });
    const talk = {
      channel: { send: (/** @type {any} */ message) => this.sent.push(message) },
      expect: (
        /** @type {string} */ _,
        /** @type {Claim} */ claim,
        /** @type {(frame: Frame) => void} */ tell,
      ) => {
        this.since = claim.since;
        this.present = tell;
      },
    };
    this.evidence = new Evidence(
      /** @type {any} */ (talk),
      () => this.state,
      () => (this.state = act(this.state, { type: "seen" })),
    );
    this.state = act(FIRST, { type: "asked", request: REQUEST, mode, at: 0 });
    const ticket = "t".repeat(32);
    const facts = { request: REQUEST, call: "c", ticket, mode, eye: false };
    this.hear({ type: "ticket", ...facts, waited_ms: 0 }, 100);
  }

  /** @param {ServerMessage} message @param {number} at */
  hear(message, at) {
    this.state = receive(this.state, message, at);
    this.evidence.watch();
  }

  /** @param {string} name @param {number} at */
  meet(name, at) {
    this.hear({ type: "connecting", call: "c", name }, at);
  }

  /** @param {string} chars */
  read(chars) {
    this.hear({ type: "text_from", call: "c", speaker: "agent", chars }, 0);
  }

  paint() {
    for (const paint of this.paints.splice(0)) paint();
  }
}

Deno.test("the first picture is told with the wait since the press, once", () => {
  const page = new Page("video");
  page.meet("Ana", 1000);

  page.present?.({ at: 1300.4, hidden: false });
  page.present?.({ at: 1400, hidden: false });

  assert.equal(page.since, 1000);
  assert.deepEqual(page.sent, [
    { type: "first_frame", call: "c", elapsed_ms: 1300, hidden: false },
  ]);
});

Deno.test("words are told when they are painted", () => {
  const page = new Page("text");
  page.meet("Ana", 1000);
  page.read("B");
  assert.deepEqual(page.sent, []);

  page.paint();

  assert.deepEqual(page.sent.map(({ type }) => type), ["text_shown"]);
});

Deno.test("words that are painted after their agent has left are not told", () => {
  const page = new Page("text");
  page.meet("Ana", 1000);
  page.read("Bonj");
  page.hear({ type: "requeued", call: "c", reason: "agent_lost", waited_ms: 0 }, 2000);
  page.meet("Léa", 3000);

  page.paint();
  assert.deepEqual(page.sent, []);
  page.read("L");
  page.paint();

  assert.deepEqual(page.sent.map(({ type }) => type), ["text_shown"]);
});

Deno.test("a page that comes back into a call tells nothing anew", () => {
  const page = new Page("video");
  page.hear({ type: "in_call", call: "c", name: "Ana", talk_ms: 5000 }, 1000);

  page.present?.({ at: 1300, hidden: false });

  assert.equal(page.state.seen, true);
  assert.deepEqual(page.sent, []);
});
