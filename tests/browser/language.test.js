/** Which language a page speaks, and that both say the same. */

import assert from "node:assert/strict";
import { languageFor } from "../../signaling/browser/language.js";
import {
  ENGLISH,
  language,
  speak,
  text,
  TEXTS,
  when,
} from "../../signaling/browser/texts.js";

/** @import { TextKey } from "../../signaling/browser/texts.js" */

const MOST_WORDS = 12;

/** @param {string} sentence */
function factsOf(sentence) {
  return Array.from(sentence.matchAll(/\{\w+\}/g), String).sort();
}

for (const [key, sentences] of Object.entries(ENGLISH)) {
  Deno.test(`« ${key} » is as short in English, and knows the same facts`, () => {
    for (const sentence of sentences.split(/[.?!:]/)) {
      const words = sentence.split(/\s+/).filter((word) => /\p{L}|\d/u.test(word));
      assert.ok(words.length <= MOST_WORDS, sentence);
    }
    const french = TEXTS[/** @type {TextKey} */ (key)];
    assert.deepEqual(factsOf(sentences), factsOf(french));
  });
}

Deno.test("French is spoken to whoever wants it, or wants what nobody here speaks", () => {
  assert.equal(languageFor(["fr-FR", "en-GB"], null), "fr");
  assert.equal(languageFor(["de-DE"], null), "fr");
  assert.equal(languageFor([], null), "fr");
});

Deno.test("English is spoken to whoever reads it before French", () => {
  assert.equal(languageFor(["de-DE", "en-GB", "fr-FR"], null), "en");
});

Deno.test("what the person has chosen stays", () => {
  assert.equal(languageFor(["en-GB"], "fr"), "fr");
  assert.equal(languageFor(["fr-FR"], "en"), "en");
  assert.equal(languageFor(["en-GB"], "klingon"), "en");
});

Deno.test("a spoken language fills in facts and dates", () => {
  speak("en");
  try {
    assert.equal(language(), "en");
    assert.equal(text("waiting-position", { position: 3 }), "You are number 3.");
    assert.equal(text("entry-seen"), "Who sees you?");
    assert.match(when("2026-11-23T08:00:00+00:00"), /Monday.* 23 November.*09:00/);
  } finally {
    speak("fr");
  }
});
