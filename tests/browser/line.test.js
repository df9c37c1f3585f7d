/** How one leg follows another: at once where it is dead, unseen where it still shows. */

import assert from "node:assert/strict";
import { MediaLine } from "../../signaling/browser/line.js";

/** A leg's connection that is moved by hand. */
class FakeConnection extends EventTarget {
  /** @type {FakeConnection[]} */
  static made = [];
  connectionState = "new";
  signalingState = "stable";
  /** @type {object | null} */
  remoteDescription = null;
  localDescription = { sdp: "v=0" };
  isClosed = false;
  bytes = 0;
  pictures = 0;

  constructor() {
    super();
    FakeConnection.made.push(this);
  }

  addTransceiver() {
    const sender = {
      getParameters: () => ({}),
      setParameters: () => Promise.resolve(),
      replaceTrack: () => Promise.resolve(),
      getStats: () => Promise.resolve(new Map()),
    };
    return { receiver: { track: {} }, sender };
  }

  setLocalDescription() {
    this.signalingState = "have-local-offer";
    return Promise.resolve();
  }

  /** @param {object} answer */
  setRemoteDescription(answer) {
    this.remoteDescription = answer;
    return Promise.resolve();
  }

  getStats() {
    const reports = [
      { type: "candidate-pair", bytesReceived: this.bytes },
      { type: "inbound-rtp", kind: "video", packetsReceived: this.pictures },
    ];
    return Promise.resolve(new Map(reports.entries()));
  }

  /** @param {string} state */
  be(state) {
    this.connectionState = state;
    this.dispatchEvent(new Event("connectionstatechange"));
  }

  close() {
    this.isClosed = true;
  }
}

Object.assign(globalThis, {
  MediaStream: class {
    addTrack() {}
  },
  RTCPeerConnection: FakeConnection,
  RTCRtpReceiver: { getCapabilities: () => null },
});

/** A line, and what it told. */
class Told {
  /** @type {string[]} */
  offers = [];
  /** @type {[string, string | null][]} */
  states = [];
  /** @type {(MediaStream | null)[]} */
  shown = [];
  /** @type {string[]} */
  missed = [];
  line = new MediaLine({
    wished: () => {},
    offered: (offer) => this.offers.push(offer.leg) > 0,
    changed: (state, broken) => this.states.push([state, broken]),
    silent: (leg) => this.missed.push(leg),
    seen: (remote) => this.shown.push(remote),
  });

  /** Begin, and be up. */
  async begin() {
    FakeConnection.made = [];
    await this.line.start("c", null, true);
    return await this.up();
  }

  /** The newest leg is answered and connects; gives its connection. */
  async up() {
    const connection = /** @type {FakeConnection} */ (FakeConnection.made.at(-1));
    await this.line.answer(this.leg, "v=0");
    connection.be("connected");
    return connection;
  }

  get leg() {
    return this.offers.at(-1) ?? "";
  }
}

/** @param {() => boolean} holds */
async function until(holds) {
  for (let tries = 0; !holds(); tries += 1) {
    assert.ok(tries < 300, "it never came true");
    await new Promise((go) => setTimeout(go, 10));
  }
}

Deno.test("a leg of a relay that is gone is closed at once, and it is said why", async () => {
  const told = new Told();
  const first = await told.begin();

  told.line.lose(told.leg, "relay_gone");
  assert.deepEqual(told.states.at(-1), ["connecting", "relay_gone"]);
  await until(() => told.offers.length === 2);
  assert.ok(first.isClosed);
  await told.up();
  told.line.stop();

  assert.deepEqual(told.states.slice(-2), [["up", null], ["none", null]]);
});

Deno.test("a leg of a relay that leaves shows the picture until the next one does", async () => {
  const told = new Told();
  const first = await told.begin();
  const shown = told.shown.length;

  told.line.lose(told.leg, "relay_leaves");
  await until(() => told.offers.length === 2);
  const second = await told.up();
  assert.deepEqual(told.states.at(-1), ["up", "relay_leaves"]);
  assert.ok(!told.states.slice(2).some(([state]) => state === "connecting"));
  assert.equal(told.shown.length, shown);
  assert.equal(told.line.connection, first);

  second.pictures = 3;
  await until(() => told.shown.length > shown);
  assert.deepEqual(told.states.at(-1), ["up", null]);
  assert.equal(told.line.connection, second);
  assert.ok(!first.isClosed, "the other side may still look at it");
  await until(() => first.isClosed);
  told.line.stop();
});

Deno.test("where nobody is watched yet the next leg takes over when it is up", async () => {
  const told = new Told();
  const first = await told.begin();
  await told.line.setFull(false);

  told.line.lose(told.leg, "relay_leaves");
  await until(() => told.offers.length === 2);
  const second = await told.up();
  assert.equal(told.line.connection, second);
  await until(() => first.isClosed);
  told.line.stop();
});

Deno.test("a relay that dies while it leaves takes its leg with it", async () => {
  const told = new Told();
  const first = await told.begin();
  told.line.lose(told.leg, "relay_leaves");
  await until(() => told.offers.length === 2);

  told.line.lose(told.leg, "relay_gone");
  told.line.stop();

  assert.ok(first.isClosed);
  assert.deepEqual(told.states.at(-2), ["connecting", "relay_gone"]);
});

Deno.test("a picture that flowed and stops is missed, once a second", async () => {
  const told = new Told();
  const leg = await told.begin();
  leg.pictures = 9;

  await until(() => told.missed.length > 0);
  told.line.stop();

  assert.deepEqual(told.missed, [told.leg]);
});

Deno.test("a leg of another time is not lost again", async () => {
  const told = new Told();
  await told.begin();

  told.line.lose("another", "relay_gone");
  told.line.stop();

  assert.deepEqual(told.states, [["connecting", null], ["up", null], ["none", null]]);
});
