/** A wait in words: a range that people can plan with. */

import assert from "node:assert/strict";
import { text } from "../../signaling/browser/texts.js";
import { breaksPromise, waitWords } from "../../web_client/wait_words.js";

/** @param {number | null} low @param {number | null} high */
function said(low, high) {
  const words = waitWords(low, high);
  return words === null ? null : text(words.key, words.facts);
}

Deno.test("a wait of seconds is under a minute", () => {
  assert.equal(said(0, 12), "Encore moins d’une minute.");
  assert.equal(said(40, 60), "Encore moins d’une minute.");
});

Deno.test("a wait of minutes is told from the shortest to the longest", () => {
  assert.equal(said(130, 220), "Encore 2 à 4 minutes.");
  assert.equal(said(60, 61), "Encore 1 à 2 minutes.");
});

Deno.test("what may be over soon is told by its longest", () => {
  assert.equal(said(10, 170), "Encore moins de 3 minutes.");
});

Deno.test("what is sure is told once", () => {
  assert.equal(said(180, 180), "Encore 3 minutes environ.");
});

Deno.test("beyond an hour nobody counts minutes", () => {
  assert.equal(said(100, 3601), "Encore plus d’une heure.");
});

Deno.test("a range from soon to late is no answer", () => {
  assert.equal(said(20, 700), null);
  assert.equal(said(100, 700), "Encore 1 à 12 minutes.");
});

Deno.test("the promise stands until even the shortest wait breaks it", () => {
  assert.equal(breaksPromise(59), false);
  assert.equal(breaksPromise(60), true);
  assert.equal(breaksPromise(null), false);
});

Deno.test("nobody tells what nobody knows", () => {
  assert.equal(said(null, null), null);
});
