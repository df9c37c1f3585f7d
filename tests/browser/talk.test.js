/** What both pages of a call do alike, with a line and a leg that are moved by hand. */

import assert from "node:assert/strict";
import { now } from "../../signaling/browser/clock.js";
import { judged, NO_ADVICE } from "../../signaling/browser/eye/advice.js";
import { Talk } from "../../signaling/browser/talk.js";

/** @import { TalkEvent } from "../../signaling/browser/talk_state.js" */

/** A media leg as far as an offer needs one. */
class FakeConnection extends EventTarget {
  /** @type {RTCIceServer[]} */
  static servers = [];
  connectionState = "new";
  signalingState = "stable";
  remoteDescription = null;
  localDescription = { sdp: "v=0" };

  /** @param {RTCConfiguration} configuration */
  constructor(configuration) {
    super();
    FakeConnection.servers = configuration.iceServers ?? [];
  }

  addTransceiver() {
    const sender = {
      getParameters: () => ({}),
      replaceTrack: () => Promise.resolve(),
    };
    return { receiver: { track: {} }, sender };
  }

  setLocalDescription() {
    return Promise.resolve();
  }

  close() {}
}

Object.assign(globalThis, {
  MediaStream: class {
    addTrack() {}
  },
  RTCPeerConnection: FakeConnection,
  RTCRtpReceiver: { getCapabilities: () => null },
});

/** A page around a talk. */
class Page {
  /** @type {any[]} */
  sent = [];
  /** @type {TalkEvent[]} */
  events = [];
  /** @type {string[]} */
  received = [];
  /** @type {string | null} */
  call = "c";
  /** @type {(event: TalkEvent) => void} */
  #told = () => {};
  #socket = {
    /** @type {(() => void) | null} */
    onopen: null,
    /** @type {((event: { data: string }) => void) | null} */
    onmessage: null,
    onclose: null,
    send: (/** @type {string} */ data) => this.sent.push(JSON.parse(data)),
    close: () => {},
  };

  constructor() {
    this.talk = new Talk("ws://here/ws", {
      call: () => this.call,
      isTapped: () => false,
      isHeard: () => true,
      video: () => null,
      changed: () => {},
      happened: (event) => {
        this.events.push(event);
        this.#told(event);
      },
      welcomed: () => this.received.push("welcome"),
      received: (message) => this.received.push(message.type),
      offered: (call) => this.sent.push({ type: "(offered)", call }),
    }, {
      open: () => /** @type {any} */ (this.#socket),
      after: () => () => {},
      random: () => 0,
    });
  }

  /** @param {boolean} turn whether the platform has TURN servers */
  open(turn = false) {
    this.talk.channel.open();
    this.#socket.onopen?.();
    this.say({
      type: "welcome",
      version: 1,
      connection: "c",
      turn,
      heartbeat_ms: 1000,
    });
    this.sent = [];
  }

  /** @param {object} message */
  say(message) {
    this.#socket.onmessage?.({ data: JSON.stringify(message) });
  }

  /** @param {{ call: string, leg: string, username: string }} given */
  serve({ call, leg, username }) {
    const server = { urls: ["turn:t"], username, credential: "c" };
    this.say({ type: "ice_servers", call, leg, ice_servers: [server] });
  }

  /**
   * The next event of a kind.
   * @param {string} type
   * @returns {Promise<any>}
   */
  hears(type) {
    return new Promise((told) => {
      this.#told = (event) => event.type === type && told(event);
    });
  }

  /** What was begun has been done. */
  async settled() {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  }

  /** A timer without delay has rung. */
  async later() {
    await new Promise((rings) => setTimeout(rings, 20));
  }

  get types() {
    return this.sent.map(({ type }) => type);
  }
}

Deno.test("what is typed shows at once, and goes out in pieces that fit", () => {
  const page = new Page();
  page.open();

  page.talk.actions.type("a".repeat(700));

  assert.deepEqual(page.events.at(-1), { type: "typed", chars: "a".repeat(700) });
  assert.deepEqual(page.sent.map(({ chars }) => chars.length), [500, 200]);
});

Deno.test("without a call nothing is said", () => {
  const page = new Page();
  page.open();
  page.call = null;

  page.talk.actions.wave();
  page.talk.setEye(true);

  assert.deepEqual(page.sent, []);
  assert.deepEqual(page.events.at(-1), { type: "eye", yes: true });
});

Deno.test("a leg's offer goes out before what is said about it", async () => {
  const page = new Page();
  page.open();

  await page.talk.line.start("c", null, true);
  page.talk.stop();

  assert.deepEqual(page.types, ["leg_offer", "(offered)"]);
});

Deno.test("a leg that found no line is not spoken of", async () => {
  const page = new Page();

  await page.talk.line.start("c", null, true);
  page.talk.stop();

  assert.deepEqual(page.sent, []);
});

Deno.test("where there is TURN, each leg asks for servers of its own first", async () => {
  const page = new Page();
  page.open(true);

  await page.talk.line.start("c", null, true);
  const wish = page.sent[0];
  page.serve({ ...wish, leg: "another", username: "stranger" });
  await page.settled();
  assert.deepEqual(page.types, ["leg_wish"]);
  page.serve({ ...wish, username: "first" });
  await page.settled();
  assert.deepEqual(page.types, ["leg_wish", "leg_offer", "(offered)"]);
  assert.equal(page.sent[1].leg, wish.leg);
  assert.deepEqual(FakeConnection.servers, [
    { urls: ["turn:t"], username: "first", credential: "c" },
  ]);

  page.say({ type: "leg_lost", call: "c", leg: wish.leg });
  await page.later();
  page.talk.stop();
  assert.equal(page.types.at(-1), "leg_wish");
  assert.notEqual(page.sent.at(-1).leg, wish.leg);
});

Deno.test("a wish that found no line is made again when the channel is back", async () => {
  const page = new Page();
  page.open(true);
  await page.talk.line.start("c", null, true);
  const lost = page.sent[0];
  page.sent = [];

  await page.talk.line.resume();
  page.serve({ ...lost, username: "late" });
  await page.settled();
  page.talk.stop();

  assert.deepEqual(page.types, ["leg_wish"]);
});

Deno.test("the page hears everything, the line what concerns it", async () => {
  const page = new Page();
  page.open();
  await page.talk.line.start("c", null, true);

  page.say({ type: "leg_lost", call: "c", leg: "another" });
  page.say({ type: "problem", code: "no_video", text: "", request: null });
  page.talk.stop();

  assert.deepEqual(page.received, ["welcome", "leg_lost", "problem"]);
  const media = page.events.filter(({ type }) => type === "media");
  assert.equal(media.length, 3, "connecting, refused, over");
});

Deno.test("a wave that was there before sets no second clock", () => {
  const page = new Page();

  page.talk.calm({ waved: false, advice: NO_ADVICE }, {
    waved: true,
    advice: NO_ADVICE,
  });
  page.talk.calm({ waved: true, advice: NO_ADVICE }, {
    waved: true,
    advice: NO_ADVICE,
  });

  assert.deepEqual(page.events, []);
});

Deno.test("advice that is true no more goes when its time is over", async () => {
  const began = now() - 1990;
  const dark = judged(NO_ADVICE, {
    legibility: "at_risk",
    reasons: ["too_dark"],
  }, began);
  const right = judged(dark, { legibility: "legible", reasons: [] }, began + 1000);
  const page = new Page();

  page.talk.calm({ waved: false, advice: right }, { waved: false, advice: dark });

  const said = await page.hears("advised");
  assert.ok(said.at >= began + 2000 - 1, "a timer may be a moment early");
});
