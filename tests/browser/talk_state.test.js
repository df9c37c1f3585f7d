/** What both pages make of what happens on this side of a call. */

import assert from "node:assert/strict";
import { FIRST as CONSOLE } from "../../agent_console/state.js";
import { talked } from "../../signaling/browser/talk_state.js";
import { FIRST as PAGE } from "../../web_client/state.js";

/** @import { TalkEvent, TalkState } from "../../signaling/browser/talk_state.js" */

for (const [name, first] of Object.entries({ page: PAGE, console: CONSOLE })) {
  /** @type {TalkState} */
  const state = first;
  const after = (/** @type {TalkEvent} */ event) => talked(state, event, "caller");

  Deno.test(`a microphone that opens or fails shows on the ${name}`, () => {
    const open = after({ type: "sound", open: true, missing: false });
    assert.deepEqual([open.sound, open.soundless], [true, false]);

    const missing = after({ type: "sound", open: false, missing: true });
    assert.deepEqual([missing.sound, missing.soundless], [false, true]);
  });

  Deno.test(`one's own words stand on the ${name} under one's own name`, () => {
    const [line] = after({ type: "typed", chars: "Oui" }).lines;

    assert.deepEqual([line?.speaker, line?.text], ["caller", "Oui"]);
  });

  Deno.test(`nothing else of the ${name} changes`, () => {
    const frozen = after({ type: "frozen", frozen: true });

    assert.deepEqual({ ...frozen, frozen: false }, state);
  });
}

Deno.test("an event that nobody knows is a mistake of the program", () => {
  const strange = /** @type {any} */ ({ type: "strange" });

  assert.throws(() => talked(PAGE, strange, "caller"), /strange/);
});
