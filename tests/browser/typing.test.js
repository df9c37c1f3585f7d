/** Real-time text: what is typed on one side is what stands on the other. */

import assert from "node:assert/strict";
import {
  CHUNK,
  chunks,
  difference,
  ERASE,
  LINE_END,
  write,
} from "../../signaling/browser/typing.js";

/** @import { Line } from "../../signaling/browser/typing.js" */

/**
 * @param {readonly string[]} drafts
 * @returns {readonly Line[]}
 */
function readAfter(drafts) {
  /** @type {readonly Line[]} */
  let lines = [];
  let before = "";
  for (const draft of drafts) {
    lines = write(lines, "caller", difference(before, draft));
    before = draft;
  }
  return lines;
}

Deno.test("letters arrive one by one", () => {
  assert.equal(difference("Bonjo", "Bonjou"), "u");
});

Deno.test("a correction erases and types again", () => {
  assert.equal(difference("factrue", "facture"), ERASE.repeat(3) + "ure");
});

Deno.test("the reader ends with the writer's text, whatever was edited", () => {
  const drafts = ["B", "Bon", "Bn", "Bonjour 👋🏽", "onjour", "", "à l’été", "à l’ét"];
  const lines = readAfter(drafts);

  assert.deepEqual(lines.map((line) => line.text), ["à l’ét"]);
});

Deno.test("an erased emoji leaves no half of it", () => {
  assert.equal(difference("a😀", "a"), ERASE);
  assert.equal(readAfter(["a😀", "a"])[0]?.text, "a");
});

Deno.test("a line's end starts the next line", () => {
  const lines = write([], "agent", `un${LINE_END}deux`);

  assert.deepEqual(lines.map(({ text, done }) => [text, done]), [["un", true], [
    "deux",
    false,
  ]]);
});

Deno.test("two people write at once on lines of their own", () => {
  let lines = write([], "caller", "ab");
  lines = write(lines, "agent", "xy");
  lines = write(lines, "caller", "c");

  assert.deepEqual(lines.map(({ speaker, text }) => [speaker, text]), [
    ["caller", "abc"],
    ["agent", "xy"],
  ]);
});

Deno.test("erasing a line's start joins the line before", () => {
  const lines = write([], "agent", `un${LINE_END}d${ERASE}${ERASE}`);

  assert.deepEqual(lines.map(({ text, done }) => [text, done]), [["un", false]]);
});

Deno.test("nobody erases the other's words", () => {
  const lines = write(write([], "caller", "ab"), "agent", ERASE.repeat(5));

  assert.deepEqual(lines.map((line) => line.text), ["ab"]);
});

Deno.test("control characters are not shown", () => {
  assert.deepEqual(
    write([], "agent", "\u0007a\u001b\uFEFFb")
      .map((line) => line.text),
    ["ab"],
  );
});

Deno.test("a long piece is cut without splitting a character", () => {
  const parts = chunks("😀".repeat(CHUNK + 1));

  assert.deepEqual(parts.map((part) => Array.from(part).length), [CHUNK, 1]);
});
