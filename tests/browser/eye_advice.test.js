/** When a person is told something of their picture, and when they are left in peace. */

import assert from "node:assert/strict";
import { due, judged, NO_ADVICE, passed } from "../../signaling/browser/eye/advice.js";

/** @import { Advice, Judgement } from "../../signaling/browser/eye/advice.js" */

/** @type {Judgement} */
const RIGHT = { legibility: "legible", reasons: [] };
const DARK = risk("too_dark");
const FAR = risk("too_far");
/** @type {Judgement} */
const COVERED = { legibility: "lost", reasons: ["camera_covered"] };

/** @param {string[]} reasons @returns {Judgement} */
function risk(...reasons) {
  return { legibility: "at_risk", reasons };
}

/**
 * What stands on the screen after judgements at these seconds.
 * @param {readonly (readonly [number, Judgement])[]} judgements
 * @returns {Advice}
 */
function after(...judgements) {
  return judgements.reduce(
    (advice, [second, judgement]) => judged(advice, judgement, second * 1000),
    NO_ADVICE,
  );
}

/** @param {Advice} advice */
const reasonOf = ({ shown }) => shown?.reason ?? null;

Deno.test("the first cause stands on the screen at once", () => {
  const advice = after([1, RIGHT], [5, risk("too_dark", "too_far")]);

  assert.equal(reasonOf(advice), "too_dark");
  assert.equal(due(advice, 5000), null);
});

Deno.test("what is right again takes the advice away", () => {
  assert.equal(reasonOf(after([1, DARK], [6, RIGHT])), null);
});

Deno.test("advice that nobody can confirm goes, and nothing says that all is right", () => {
  const advice = after([1, DARK], [6, { legibility: "unjudged", reasons: [] }]);

  assert.equal(reasonOf(advice), null);
  assert.equal(advice.right, null);
});

Deno.test("an advice stands for two seconds at least, and then goes by itself", () => {
  const early = after([1, DARK], [2, RIGHT]);

  assert.equal(reasonOf(early), "too_dark");
  assert.equal(due(early, 2000), 3000);
  assert.equal(reasonOf(passed(early, 2999)), "too_dark");
  assert.equal(reasonOf(passed(early, 3000)), null);
});

Deno.test("what comes and goes is told once", () => {
  const again = after([1, DARK], [6, RIGHT], [8, DARK]);

  assert.equal(reasonOf(again), null);
  assert.equal(reasonOf(after([1, DARK], [6, RIGHT], [8, DARK], [9, RIGHT])), null);
});

Deno.test("what stays wrong is told again half a minute later", () => {
  const again = after([1, DARK], [6, RIGHT], [8, DARK]);

  assert.equal(due(again, 8000), 36_000);
  assert.equal(reasonOf(passed(again, 35_999)), null);
  assert.equal(reasonOf(passed(again, 36_000)), "too_dark");
});

Deno.test("after ten right seconds the same trouble is a new one", () => {
  assert.equal(reasonOf(after([1, DARK], [6, RIGHT], [15.9, DARK])), null);
  assert.equal(reasonOf(after([1, DARK], [6, RIGHT], [16, DARK])), "too_dark");
});

Deno.test("right seconds count as one span only while nothing is wrong between", () => {
  const advice = after([1, DARK], [6, RIGHT], [12, FAR], [14, RIGHT], [20, DARK]);

  assert.equal(reasonOf(advice), null);
});

Deno.test("another trouble need not wait", () => {
  assert.equal(reasonOf(after([1, DARK], [6, RIGHT], [7, FAR])), "too_far");
});

Deno.test("what is shown stays while it is true, whatever else is wrong too", () => {
  const advice = after([1, FAR], [4, risk("too_dark", "too_far")]);

  assert.equal(reasonOf(advice), "too_far");
  assert.equal(reasonOf(judged(advice, DARK, 8000)), "too_dark");
});

Deno.test("what hides everything takes the place of a smaller trouble", () => {
  const early = after([1, FAR], [2, COVERED]);

  assert.equal(reasonOf(early), "too_far");
  assert.equal(due(early, 2000), 3000);
  assert.equal(reasonOf(passed(early, 3000)), "camera_covered");
});

Deno.test("who is not seen at all is told each time", () => {
  const again = after([1, COVERED], [6, RIGHT], [8, COVERED]);

  assert.equal(reasonOf(again), "camera_covered");
});

Deno.test("trouble without a name is told as well", () => {
  assert.equal(reasonOf(after([1, risk()])), "");
});
