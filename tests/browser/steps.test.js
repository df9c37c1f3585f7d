/** A picture grows smaller or comes later, so that thirty a second are left. */

import assert from "node:assert/strict";
import {
  fare,
  held,
  MOST_HELD_MS,
  NO_HOLD,
  stepped,
  STEPS,
  UP_MS,
  WHOLE,
} from "../../signaling/browser/steps.js";

/** @param {number} bps @param {import("../../signaling/browser/steps.js").Step} [before] */
const scaleAt = (bps, before = WHOLE) => stepped(before, bps, 0).scale;

Deno.test("a line with room shows the whole picture", () => {
  assert.equal(scaleAt(1_500_000), 1);
  assert.equal(scaleAt(350_000), 1);
});

Deno.test("below 350 kbit/s it is 480 by 360, below 200 it is 320 by 240", () => {
  assert.equal(640 / scaleAt(349_999), 480);
  assert.equal(480 / scaleAt(349_999), 360);
  assert.equal(640 / scaleAt(199_999), 320);
  assert.equal(scaleAt(0), 2);
});

Deno.test("down is at once, up takes a while with bits to spare", () => {
  const small = stepped(WHOLE, 100_000, 0);
  assert.equal(small.scale, 2);

  const waits = stepped(small, 900_000, 100);
  assert.deepEqual(waits, { scale: 2, since: 100 });
  assert.equal(stepped(waits, 900_000, 99 + UP_MS).scale, 2);
  assert.deepEqual(stepped(waits, 900_000, 100 + UP_MS), { scale: 1, since: null });
});

Deno.test("a moment with too few bits begins the wait anew", () => {
  const waits = stepped({ scale: 2, since: null }, 900_000, 0);

  assert.equal(stepped(waits, 100_000, UP_MS - 1).since, null);
});

Deno.test("at the edge of a step nothing goes to and fro", () => {
  let step = stepped(WHOLE, 399_000, 0);
  const { scale } = step;
  for (let at = 0; at < 60_000; at += 500) {
    step = stepped(step, at % 1000 ? 399_000 : 401_000, at);
    assert.equal(step.scale, scale);
  }
});

Deno.test("every bit rate has its step, and more bits never make it smaller", () => {
  let last = 3;
  for (let bps = 0; bps < 2_000_000; bps += 10_000) {
    const scale = scaleAt(bps);
    assert.ok(STEPS.some((step) => step.scale === scale));
    assert.ok(scale <= last);
    last = scale;
  }
});

const GOOD = { bps: null, missed: 0, dropped: 0, rttMs: 100 };

Deno.test("on a line that loses nothing no picture is held back", () => {
  assert.equal(held(NO_HOLD, GOOD, { ...GOOD, missed: 1 }, 500).ms, 0);
});

Deno.test("on a line that loses, a packet has time to come again twice", () => {
  assert.ok(held(NO_HOLD, GOOD, { ...GOOD, missed: 9 }, 500).ms >= 200);
});

Deno.test("while pictures are left out they are held longer, up to a bound", () => {
  let hold = NO_HOLD;
  let last = GOOD;
  for (let at = 500; at < 10_000; at += 500) {
    const next = { ...last, missed: last.missed + 9, dropped: last.dropped + 2 };
    const now = held(hold, last, next, at);
    assert.ok(now.ms >= hold.ms);
    [hold, last] = [now, next];
  }
  assert.equal(hold.ms, MOST_HELD_MS);
});

Deno.test("when the line has been good for long, nothing is held back any more", () => {
  let hold = held(NO_HOLD, GOOD, { ...GOOD, missed: 9, dropped: 9 }, 0);
  const bad = hold.ms;
  hold = held(hold, GOOD, GOOD, 5_000);
  assert.equal(hold.ms, bad);
  for (let at = 10_000; at < 120_000; at += 500) hold = held(hold, GOOD, GOOD, at);
  assert.equal(hold.ms, 0);
});

Deno.test("a browser's statistics are read, and what they lack is nothing", () => {
  assert.deepEqual(
    fare([
      { type: "outbound-rtp", kind: "audio", targetBitrate: 1 },
      { type: "outbound-rtp", kind: "video", targetBitrate: 300_000 },
      { type: "inbound-rtp", kind: "video", nackCount: 5, framesDropped: 2 },
      { type: "remote-inbound-rtp", kind: "video", roundTripTime: 0.1 },
    ]),
    { bps: 300_000, missed: 5, dropped: 2, rttMs: 100 },
  );
  assert.equal(
    fare([
      { type: "outbound-rtp", kind: "video", targetBitrate: 300_000 },
      { type: "candidate-pair", availableOutgoingBitrate: 420_000 },
      { type: "candidate-pair" },
    ]).bps,
    420_000,
  );
  assert.deepEqual(fare([{ type: "outbound-rtp", kind: "video" }]), {
    bps: null,
    missed: 0,
    dropped: 0,
    rttMs: 0,
  });
});
