/** "Show both hands": what the person is asked, and what one answers. */

import assert from "node:assert/strict";
import { isAsked, OFFERED, showHands } from "../../signaling/browser/eye/show_hands.js";

/** @import { HandsEvent } from "../../signaling/browser/eye/show_hands.js" */

const CUT = 0.1;
const BOTH = { count: 2, cut_share: 0 };
const ONE = { count: 1, cut_share: 0 };
const NONE = { count: 0, cut_share: 0 };
const OUT = { count: 2, cut_share: 0.3 };

/**
 * @param {number} second
 * @param {{ count: number, cut_share: number }} hands
 * @returns {HandsEvent}
 */
function check(second, hands) {
  return { type: "checked", hands, at: second * 1000, cut: CUT };
}

/** @param {...HandsEvent} events */
function after(...events) {
  return events.reduce(showHands, showHands(OFFERED, { type: "asked" }));
}

Deno.test("nobody looks for hands before the person asks", () => {
  assert.equal(isAsked(OFFERED), false);
  assert.equal(showHands(OFFERED, check(1, BOTH)), OFFERED);
});

Deno.test("both hands in two checks are seen", () => {
  assert.equal(after().stage, "coming");
  assert.equal(after(check(1, BOTH)).stage, "show");
  assert.equal(after(check(1, BOTH), check(2, BOTH)).stage, "seen");
});

Deno.test("two checks with another one between prove nothing", () => {
  assert.equal(after(check(1, BOTH), check(2, ONE), check(3, BOTH)).stage, "show");
});

Deno.test("a hand at the edge is told, and right again when it comes in", () => {
  const out = after(check(1, OUT), check(2, OUT));

  assert.equal(out.stage, "cut");
  assert.equal(
    [check(3, BOTH), check(4, BOTH)].reduce(showHands, out).stage,
    "seen",
  );
});

Deno.test("who shows no two hands for six seconds is told", () => {
  assert.equal(after(check(1, NONE), check(6.9, ONE)).stage, "show");
  assert.equal(after(check(1, NONE), check(7, ONE)).stage, "missing");
});

Deno.test("the first check counts from when it came, however long the models took", () => {
  assert.equal(after(check(50, NONE)).stage, "show");
});

Deno.test("the person may pass on at any moment, and ask again", () => {
  const passed = showHands(after(check(1, NONE)), { type: "skipped" });

  assert.deepEqual(passed, OFFERED);
  assert.equal(showHands(passed, { type: "asked" }).stage, "coming");
});

Deno.test("a machine that cannot look is not asked again", () => {
  const unable = after({ type: "unable" });

  assert.equal(showHands(unable, { type: "asked" }).stage, "unable");
  assert.equal(isAsked(unable), false);
});
