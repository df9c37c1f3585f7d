/** When a leg has fallen silent. */

import assert from "node:assert/strict";
import {
  count,
  heard,
  isSilent,
  NOTHING,
  QUIET_MS,
  SILENT_MS,
} from "../../signaling/browser/arrivals.js";

const FLOWING = { bytes: 5000, pictures: 9, since: 1000 };

Deno.test("nothing is silent that has just begun", () => {
  const arrived = heard(NOTHING, { bytes: 0, pictures: 0 }, 1000);

  assert.equal(isSilent(arrived, true, 1000), false);
});

Deno.test("a picture that flowed is missed after a second", () => {
  const arrived = heard(FLOWING, { bytes: 5000, pictures: 9 }, 1500);

  assert.equal(isSilent(arrived, true, 1000 + SILENT_MS - 1), false);
  assert.equal(isSilent(arrived, true, 1000 + SILENT_MS), true);
});

Deno.test("whatever arrives ends the silence", () => {
  const arrived = heard(FLOWING, { bytes: 5001, pictures: 9 }, 1900);

  assert.equal(isSilent(arrived, true, 1000 + SILENT_MS), false);
});

Deno.test("where nobody is watched yet, reports may come less often", () => {
  const reports = { bytes: 300, pictures: 0, since: 1000 };

  assert.equal(isSilent(reports, true, 1000 + SILENT_MS), false);
  assert.equal(isSilent(FLOWING, false, 1000 + SILENT_MS), false);
  assert.equal(isSilent(FLOWING, false, 1000 + QUIET_MS), true);
});

Deno.test("bytes are counted of every way, packets of the picture alone", async () => {
  const reports = [
    { type: "candidate-pair", bytesReceived: 70 },
    { type: "candidate-pair", bytesReceived: 30 },
    { type: "candidate-pair" },
    { type: "inbound-rtp", kind: "video", packetsReceived: 4 },
    { type: "inbound-rtp", kind: "audio", packetsReceived: 50 },
  ];
  const connection = { getStats: () => Promise.resolve(new Map(reports.entries())) };

  const counted = await count(/** @type {any} */ (connection));

  assert.deepEqual(counted, { bytes: 100, pictures: 4 });
});
