/** What a page says first to a server that has just answered. */

import assert from "node:assert/strict";
import { callRequest, resume } from "../../web_client/introduction.js";
import { FIRST } from "../../web_client/state.js";

const REQUEST = "r".repeat(32);
const CHOSEN = { ...FIRST, eye: true, topic: "facture", variant: "lfpc", again: "w" };

Deno.test("a signed call asks for what the caller has chosen", () => {
  assert.deepEqual(callRequest(CHOSEN, REQUEST, "telecom-demo"), {
    type: "call_request",
    request: REQUEST,
    service: "telecom-demo",
    mode: "video",
    eye: true,
    topic: "facture",
    variant: "lfpc",
    again: "w",
  });
});

Deno.test("a text call asks for nothing of a picture", () => {
  const text = { ...CHOSEN, mode: /** @type {const} */ ("text") };
  const { eye, variant } = callRequest(text, REQUEST, "telecom-demo");

  assert.deepEqual({ eye, variant }, { eye: false, variant: null });
});

Deno.test("an eye that nobody answered for is a no", () => {
  assert.equal(callRequest(FIRST, REQUEST, "telecom-demo").eye, false);
});

Deno.test("only a page whose caller has gone says that they are away", () => {
  for (const back of /** @type {const} */ (["no", "away", "coming"])) {
    assert.equal(resume({ ...FIRST, back }, REQUEST, "t").away, back === "away");
  }
});
