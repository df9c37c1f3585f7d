/** How long the wait will last, in words: a range, never a figure that looks exact. */

/** @import { TextKey } from "../signaling/browser/texts.js" */

const MINUTE_S = 60;
/** From under a minute to more than this is no answer. */
const VAGUE_MINUTES = 5;
/** Beyond this nobody believes minutes. */
const LONG_S = 60 * MINUTE_S;

/**
 * The sentence for a wait that probably lasts from `low` to `high` seconds.
 * @param {number | null} low
 * @param {number | null} high
 * @returns {{ key: TextKey, facts: Readonly<Record<string, number>> } | null} `null`
 *   while nobody can tell, or could only say: soon, or late
 */
export function waitWords(low, high) {
  if (low === null || high === null) return null;
  const from = Math.floor(low / MINUTE_S);
  const to = Math.ceil(high / MINUTE_S);
  if (from < 1 && to > VAGUE_MINUTES) return null;
  if (high > LONG_S) return { key: "wait-long", facts: {} };
  if (to <= 1) return { key: "wait-short", facts: {} };
  if (from < 1) return { key: "wait-under", facts: { to } };
  if (from === to) return { key: "wait-about", facts: { to } };
  return { key: "wait-between", facts: { from, to } };
}

/**
 * Whether even the shortest probable wait breaks the promise.
 * @param {number | null} low in seconds
 */
export function breaksPromise(low) {
  return low !== null && low >= MINUTE_S;
}
