/** The page's side of the worker, with a worker that is moved by hand. */

import assert from "node:assert/strict";
import { Helper } from "../../signaling/browser/eye/helper.js";

/** @import { Found, Wish } from "../../signaling/browser/eye/helper.js" */

Object.assign(globalThis, { createImageBitmap: () => Promise.resolve("picture") });

const VIDEO = /** @type {any} */ ({ videoWidth: 640, videoHeight: 480 });
/** @type {Wish} */
const WISH = {
  face: true,
  hands: false,
  spots: [],
  space: null,
  rule: /** @type {any} */ ({}),
};
/** @type {Found} */
const FOUND = { face: null, hands: null, ms: 12, unable: null };

class FakeWorker {
  /** @type {any[]} */
  asked = [];
  ended = 0;
  /** @type {((event: { data: Found }) => void) | null} */
  onmessage = null;
  /** @type {(() => void) | null} */
  onerror = null;

  /** @param {any} glance */
  postMessage(glance) {
    this.asked.push(glance);
  }

  terminate() {
    this.ended += 1;
  }
}

function helped() {
  /** @type {FakeWorker[]} */
  const workers = [];
  const helper = new Helper(() => {
    workers.push(new FakeWorker());
    return /** @type {any} */ (workers.at(-1));
  });
  return { helper, workers };
}

/** What was begun has been done. */
async function settled() {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

Deno.test("no worker is there before something is looked for", async () => {
  const { helper, workers } = helped();
  assert.equal(workers.length, 0);

  const look = helper.look(VIDEO, WISH);
  await settled();
  assert.deepEqual(workers[0]?.asked, [{ ...WISH, picture: "picture" }]);
  workers[0]?.onmessage?.({ data: FOUND });

  assert.deepEqual(await look, FOUND);
  assert.equal(helper.answerMs, 12);
});

Deno.test("one picture at a time: who asks meanwhile hears nothing", async () => {
  const { helper, workers } = helped();
  const first = helper.look(VIDEO, WISH);

  assert.equal(helper.isBusy, true);
  assert.equal(await helper.look(VIDEO, WISH), null);
  await settled();
  workers[0]?.onmessage?.({ data: FOUND });

  assert.deepEqual(await first, FOUND);
  assert.equal(workers[0]?.asked.length, 1);
});

Deno.test("a machine that cannot look is asked no more, and its memory comes back", async () => {
  const { helper, workers } = helped();
  const look = helper.look(VIDEO, WISH);
  await settled();
  workers[0]?.onmessage?.({ data: { ...FOUND, unable: "GLctx is undefined" } });

  assert.equal(await look, null);
  assert.deepEqual([helper.isUnable, workers[0]?.ended], [true, 1]);
  assert.equal(await helper.look(VIDEO, WISH), null);
  assert.equal(workers.length, 1);
});

Deno.test("a worker that does not even begin leaves the light", async () => {
  const { helper, workers } = helped();
  const look = helper.look(VIDEO, WISH);
  await settled();
  workers[0]?.onerror?.();

  assert.equal(await look, null);
  assert.equal(helper.isUnable, true);
});

Deno.test("after the end of a call a new worker may begin", async () => {
  const { helper, workers } = helped();
  const look = helper.look(VIDEO, WISH);
  await settled();
  helper.stop();

  assert.equal(await look, null);
  assert.equal(helper.isUnable, false);
  assert.equal(helper.answerMs, null);
  const again = helper.look(VIDEO, WISH);
  await settled();
  workers[1]?.onmessage?.({ data: FOUND });
  assert.deepEqual(await again, FOUND);
});
