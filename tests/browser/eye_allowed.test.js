/** Looking must cost neither data that somebody saves nor frames of a call. */

import assert from "node:assert/strict";
import { allowed, deviceOf } from "../../signaling/browser/eye/allowed.js";

/** @import { Means } from "../../signaling/browser/eye/allowed.js" */

/** @type {Means} */
const MIRROR = {
  isSaving: false,
  memoryGb: 8,
  isUnable: false,
  inCall: false,
  isReady: false,
  fps: null,
  answerMs: null,
};
/** @type {Means} */
const CALL = { ...MIRROR, inCall: true, isReady: true, fps: 30, answerMs: 20 };

Deno.test("before a call everything may be looked at", () => {
  assert.equal(allowed(MIRROR), "hands");
  assert.equal(allowed({ ...MIRROR, memoryGb: null }), "hands");
});

for (
  const [why, means] of Object.entries({
    "who saves data": { isSaving: true },
    "a small device": { memoryGb: 1 },
    "a machine without WebGL": { isUnable: true },
  })
) {
  Deno.test(`${why} looks at light only, in the mirror and in a call`, () => {
    assert.equal(allowed({ ...MIRROR, ...means }), "light");
    assert.equal(allowed({ ...CALL, ...means }), "light");
  });
}

Deno.test("in a call the face is looked at while that costs no frame", () => {
  assert.equal(allowed(CALL), "face");
  assert.equal(allowed({ ...CALL, fps: 23 }), "light");
  assert.equal(allowed({ ...CALL, fps: null }), "light");
  assert.equal(allowed({ ...CALL, answerMs: 60 }), "light");
});

Deno.test("nothing is fetched in the middle of a call", () => {
  assert.equal(allowed({ ...CALL, isReady: false }), "light");
});

Deno.test("a browser that tells nothing of the device hides nothing either", () => {
  const silent = /** @type {any} */ ({});
  const slow = /** @type {any} */ ({ connection: { effectiveType: "slow-2g" } });
  const saving = /** @type {any} */ ({ connection: { saveData: true } });

  assert.deepEqual(deviceOf(silent), { isSaving: false, memoryGb: null });
  assert.equal(deviceOf(slow).isSaving, true);
  assert.equal(deviceOf(saving).isSaving, true);
});
