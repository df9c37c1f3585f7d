/** Every reason of the closed list has its own drawing and its own sentence. */

import assert from "node:assert/strict";
import { keyOf } from "../../signaling/browser/texts.js";

/**
 * The words that a source file declares.
 * @param {string} path
 * @param {RegExp} word
 */
async function wordsOf(path, word) {
  const source = await Deno.readTextFile(new URL(`../../${path}`, import.meta.url));
  return [...source.matchAll(word)].map(([, found]) => found ?? "");
}

const REASONS = await wordsOf("relay/eye/reasons.py", /^ {4}[A-Z_]+ = "([a-z_]+)"$/gm);

Deno.test("every reason has a drawing of its own, and no drawing is left over", async () => {
  const path = "signaling/browser/eye/pictograms.js";
  const drawn = await wordsOf(path, /^ {2}([a-z_]+): svg`/gm);

  assert.equal(REASONS.length, 13);
  assert.deepEqual(drawn.sort(), [...REASONS].sort());
});

for (const reason of REASONS) {
  Deno.test(`« ${reason} » has a sentence`, () => {
    assert.equal(keyOf("eye", reason), `eye-${reason}`);
  });
}
