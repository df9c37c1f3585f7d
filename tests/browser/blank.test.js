/** What shows nothing, on pictures that are drawn number by number. */

import assert from "node:assert/strict";
import { isBlank } from "../../signaling/browser/blank.js";

const WIDTH = 64;
const HEIGHT = 48;

/** @param {(x: number, y: number) => number} brightness */
function picture(brightness) {
  const rgba = new Uint8ClampedArray(WIDTH * HEIGHT * 4);
  for (let at = 0; at < WIDTH * HEIGHT; at += 1) {
    const value = brightness((at % WIDTH) / WIDTH, Math.floor(at / WIDTH) / HEIGHT);
    rgba.set([value, value, value, 255], at * 4);
  }
  return rgba;
}

/** @param {number} x */
const isPerson = (x) => x > 0.3 && x < 0.7;

/** What a sensor adds to a picture that shows nothing. */
const noise = (/** @type {number} */ x, /** @type {number} */ y) =>
  Math.round(2 * Math.sin(997 * x + 463 * y));

Deno.test("a black and a covered camera show nothing, whatever their noise", () => {
  assert.equal(isBlank(picture(() => 0)), true);
  assert.equal(isBlank(picture((x, y) => 12 + noise(x, y))), true);
  assert.equal(isBlank(picture((x, y) => 130 + noise(x, y))), true);
});

Deno.test("a person in a dark room shows, and so does one before a pale wall", () => {
  assert.equal(isBlank(picture((x) => isPerson(x) ? 22 : 12)), false);
  assert.equal(isBlank(picture((x) => isPerson(x) ? 190 : 205)), false);
});
