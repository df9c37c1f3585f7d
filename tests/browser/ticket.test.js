/** The ticket survives a reload, and nothing else does. */

import assert from "node:assert/strict";
import { TicketBox } from "../../web_client/ticket.js";

function aStorage() {
  /** @type {Map<string, string>} */
  const kept = new Map();
  return {
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) =>
      void kept.set(key, value),
    removeItem: (/** @type {string} */ key) => void kept.delete(key),
  };
}

Deno.test("what is kept is found again, for its own service only", () => {
  const storage = aStorage();
  const kept = { ticket: "t", mode: /** @type {const} */ ("video"), eye: true };

  new TicketBox("telecom-demo", storage).keep(kept);

  assert.deepEqual(new TicketBox("telecom-demo", storage).read(), kept);
  assert.equal(new TicketBox("assurance-demo", storage).read(), null);
});

Deno.test("a forgotten or broken ticket is none", () => {
  const storage = aStorage();
  const box = new TicketBox("telecom-demo", storage);
  box.keep({ ticket: "t", mode: "text", eye: null });
  box.forget();
  assert.equal(box.read(), null);

  storage.setItem("illico.ticket.telecom-demo", "{");
  assert.equal(box.read(), null);
  storage.setItem("illico.ticket.telecom-demo", '{"ticket": 3}');
  assert.equal(box.read(), null);
});

Deno.test("a part of what is kept may change, and of nothing nothing", () => {
  const box = new TicketBox("telecom-demo", aStorage());
  box.change({ away: true });
  assert.equal(box.read(), null);

  box.keep({ ticket: "t", mode: "text", eye: null });
  box.change({ away: true });

  assert.deepEqual(box.read(), { ticket: "t", mode: "text", eye: null, away: true });
});
