/** The eye in a page sees, measures and judges as the relay's eye does. */

import assert from "node:assert/strict";
import { frameOf, signingSpace, spots } from "../../signaling/browser/eye/geometry.js";
import { Judge } from "../../signaling/browser/eye/judge.js";
import {
  change,
  edgeWidth,
  halved,
  light,
  personLight,
  personOf,
} from "../../signaling/browser/eye/measures.js";
import { RANKED } from "../../signaling/browser/eye/reasons.js";

/** @import { Gray } from "../../signaling/browser/eye/measures.js" */
/** @import { Sample, Thresholds } from "../../signaling/browser/eye/model.js" */

/** What `python -m tests.eye_vectors` has written down of the relay's eye. */
const VECTORS = await read("eye_vectors.json");
/** @type {Thresholds} */
const THRESHOLDS = await read("../../relay/eye/thresholds.json");
/** The vectors are rounded, and the two add up in another order. */
const ALIKE = 1e-3;

/**
 * @param {string} path
 * @returns {Promise<any>}
 */
async function read(path) {
  return JSON.parse(await Deno.readTextFile(new URL(path, import.meta.url)));
}

/**
 * The same but for the last digits.
 * @param {any} ours
 * @param {any} theirs
 * @param {string} where
 */
function alike(ours, theirs, where) {
  if (typeof theirs === "number") {
    const most = ALIKE * Math.max(1, Math.abs(theirs));
    assert.ok(Math.abs(ours - theirs) <= most, `${where}: ${ours}, not ${theirs}`);
  } else if (theirs === null || typeof theirs !== "object") {
    assert.equal(ours, theirs, where);
  } else {
    assert.ok(ours !== null && typeof ours === "object", `${where}: ${ours}`);
    for (const key of Object.keys(theirs)) {
      alike(ours[key], theirs[key], `${where}.${key}`);
    }
  }
}

/**
 * @param {string} base64
 * @param {{ width: number, height: number }} size
 * @returns {Gray}
 */
function grayOf(base64, { width, height }) {
  const luma = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return { width, height, luma };
}

for (const picture of VECTORS.pictures) {
  Deno.test(`« ${picture.name} » measures alike on the relay and in a page`, () => {
    const wide = grayOf(picture.now, picture);
    const small = halved(wide);
    const before = halved(grayOf(picture.before, picture));
    const { face } = picture;
    const part = face === null ? null : personOf(face);

    alike(light(small), picture.light, "light");
    alike(edgeWidth(wide, part), picture.edge, "edge");
    alike(
      face === null ? null : personLight(small, face),
      picture.person,
      "person",
    );
    const { block_change } = THRESHOLDS.motion;
    alike(change(before, small, block_change), picture.change, "change");
  });
}

Deno.test("a face frames the picture alike on the relay and in a page", () => {
  for (const { face, before, frame } of VECTORS.faces) {
    alike(frameOf(face, before, THRESHOLDS.face), frame, JSON.stringify(face));
  }
});

Deno.test("the hands of a face are looked for at the same place", () => {
  for (const { face, aspect, space } of VECTORS.spaces) {
    alike(signingSpace(face, aspect), space, JSON.stringify(face));
  }
});

Deno.test("a small face is looked for at the same places", () => {
  for (const { near, turn, aspect, spots: theirs } of VECTORS.tiles) {
    const ours = spots(near, null, turn, aspect);
    assert.equal(ours.length, theirs.length);
    alike(ours, theirs, `turn ${turn} of ${aspect}`);
  }
});

/**
 * Play a film as `tests/eye_vectors.py` says, and judge it each second.
 * @param {readonly { seconds: number, fps: number, sample: Sample | null }[]} parts
 */
function verdictsOf(parts) {
  const judge = new Judge(THRESHOLDS);
  let [now, frames, arrived] = [0, 0, 0];
  return parts.flatMap(({ seconds, fps, sample }) => {
    const found = [];
    for (let step = 0; step < 3 * seconds; step += 1) {
      if (sample !== null) {
        arrived = now + step / 3;
        judge.look({ ...sample, at: arrived });
        frames += Math.floor(fps / 3);
      }
      if (step % 3 === 2) {
        found.push(judge.judge(now + (step + 1) / 3, frames, arrived));
      }
    }
    now += seconds;
    return found;
  });
}

for (const { name, parts, verdicts } of VECTORS.films) {
  Deno.test(`« ${name} » is judged alike on the relay and in a page`, () => {
    assert.deepEqual(verdictsOf(parts), verdicts);
  });
}

Deno.test("the vectors name every reason, and no other", () => {
  /** @type {{ verdicts: ({ reasons: string[] } | null)[] }[]} */
  const films = VECTORS.films;
  const told = films.flatMap(({ verdicts }) =>
    verdicts.flatMap((one) => one?.reasons ?? [])
  );

  assert.deepEqual([...new Set(told)].sort(), [...RANKED].sort());
});
