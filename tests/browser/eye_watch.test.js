/** One camera over some seconds, with pictures that are painted number by number. */

import assert from "node:assert/strict";
import { asSent } from "../../signaling/browser/eye/judge.js";
import { Watch } from "../../signaling/browser/eye/watch.js";

/** @import { Found } from "../../signaling/browser/eye/helper.js" */
/** @import { Thresholds } from "../../signaling/browser/eye/model.js" */

/** @type {Thresholds} */
const THRESHOLDS = JSON.parse(
  await Deno.readTextFile(
    new URL("../../relay/eye/thresholds.json", import.meta.url),
  ),
);
const [WIDTH, HEIGHT] = [320, 240];
/** @type {readonly [number, number]} */
const SIZE = [640, 480];
const FACE = { left: 0.42, top: 0.2, width: 0.15, height: 0.2 };

/**
 * A striped person before a wall, who moves a little from picture to picture.
 * @param {number} at
 * @param {number} gain
 */
function picture(at, gain) {
  const step = Math.round(at * 40);
  const luma = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, index) => {
    const [x, y] = [index % WIDTH, Math.floor(index / WIDTH)];
    const isPerson = Math.abs(x - WIDTH / 2) < 60 && y > 40;
    return gain * (isPerson ? (((x + step) >> 3) % 2) * 150 + 40 : 190);
  });
  return { at, wide: { width: WIDTH, height: HEIGHT, luma }, size: SIZE };
}

/**
 * Let a watch see a third of a second after the other, and judge each second.
 * @param {number} seconds
 * @param {{ gain?: number, fps?: number, face?: typeof FACE | null }} [facts]
 */
function after(seconds, { gain = 1, fps = 30, face = FACE } = {}) {
  const watch = new Watch(THRESHOLDS);
  const said = [];
  for (let step = 1; step <= 3 * seconds; step += 1) {
    const at = step / 3;
    watch.count(at, Math.round(fps * at));
    const one = picture(at, gain);
    const sample = watch.see(one);
    if (watch.wantsFace(at, false)) watch.know(one, sample, found(face), true);
    if (step % 3 === 0) said.push(watch.judge(at));
  }
  return { watch, last: said.at(-1) ?? null };
}

/**
 * @param {typeof FACE | null} box
 * @returns {Found}
 */
function found(box) {
  const face = box === null ? null : { score: 0.9, box };
  return { face, hands: null, ms: 10, unable: null };
}

Deno.test("a person in good light is well seen", () => {
  assert.deepEqual(after(6).last, { legibility: "legible", reasons: [] });
});

Deno.test("a dark room is told, and the face of it does not matter", () => {
  assert.deepEqual(after(6, { gain: 0.2 }).last?.reasons, ["too_dark"]);
  assert.deepEqual(after(6, { gain: 0.2, face: null }).last?.reasons, ["too_dark"]);
});

Deno.test("a slow camera is told, and its rate is known", () => {
  const { watch, last } = after(6, { fps: 12 });

  assert.deepEqual(last?.reasons, ["low_frame_rate"]);
  assert.equal(watch.fps, 12);
});

Deno.test("a face without room for hands is told", () => {
  const low = { ...FACE, top: 0.7 };

  assert.deepEqual(after(6, { face: low }).last?.reasons, ["hands_cut"]);
});

Deno.test("a camera that stands is told within three seconds", () => {
  const { watch } = after(6);

  const later = [7, 8, 9].map((at) => watch.judge(at));

  assert.deepEqual(later.at(-1), { legibility: "lost", reasons: ["frozen"] });
});

Deno.test("in a call a face is looked for less often, and only where it was", () => {
  const { watch } = after(6);
  const { face_interval_s } = THRESHOLDS.sampling;

  assert.equal(watch.wantsFace(6 + 2 * face_interval_s, true), false);
  assert.equal(watch.wantsFace(6 + 3 * face_interval_s, true), true);
  assert.equal(watch.places(6.5, SIZE, true).length, 1);
  assert.ok(watch.places(6.5, SIZE, false).length > 1);
  assert.deepEqual(new Watch(THRESHOLDS).places(1, SIZE, true), []);
});

Deno.test("a page that paints too few pictures may send them all", () => {
  const painted = ["hands_cut", "low_frame_rate"];

  assert.deepEqual(asSent({ legibility: "at_risk", reasons: painted }), {
    legibility: "at_risk",
    reasons: ["hands_cut"],
  });
  assert.deepEqual(asSent({ legibility: "at_risk", reasons: ["low_frame_rate"] }), {
    legibility: "legible",
    reasons: [],
  });
});
