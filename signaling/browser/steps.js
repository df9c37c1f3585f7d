/**
 * How small a sent picture must be for its bits, and how long one that comes is held
 * back: fewer pixels, or a moment later, but never fewer pictures a second.
 */

/**
 * @typedef {object} Fare how both pictures of a leg fare, counted from its beginning
 * @property {number | null} bps what the browser takes its line for, or lets the sent
 *   one have; null where it says neither
 * @property {number} missed packets of the other one that were asked for again
 * @property {number} dropped pictures of it that were left out
 * @property {number} rttMs there and back
 */

/**
 * Read a browser's statistics.
 * @param {Iterable<Record<string, any>>} reports
 * @returns {Fare}
 */
export function fare(reports) {
  /** @type {Fare} */
  const found = { bps: null, missed: 0, dropped: 0, rttMs: 0 };
  let line = 0;
  for (const report of reports) {
    if (report.type === "candidate-pair") {
      line = Math.max(line, report.availableOutgoingBitrate ?? 0);
    }
    if (report.kind !== "video") continue;
    if (report.type === "outbound-rtp") found.bps = report.targetBitrate ?? null;
    if (report.type === "inbound-rtp") {
      found.missed = report.nackCount ?? 0;
      found.dropped = report.framesDropped ?? 0;
    } else if (report.type === "remote-inbound-rtp") {
      found.rttMs = 1000 * (report.roundTripTime ?? 0);
    }
  }
  return line > 0 ? { ...found, bps: line } : found;
}

/**
 * What a bit rate is enough for, as divisors of 640 × 480: whole, 480 × 360, 320 × 240.
 * Always the whole picture, so no hand is cropped.
 */
export const STEPS = [
  { from: 350_000, scale: 1 },
  { from: 200_000, scale: 4 / 3 },
  { from: 0, scale: 2 },
];
/** A larger picture needs this much more than its least, and for this long. */
export const MARGIN = 1.05;
export const UP_MS = 1_000;

/**
 * @typedef {object} Step
 * @property {number} scale what the picture's sides are divided by
 * @property {number | null} since when there began to be bits for a larger one
 */

/** @type {Step} */
export const WHOLE = { scale: 1, since: null };

/**
 * The next step: down at once, up after a while.
 * @param {Step} before
 * @param {number} bps what may be sent
 * @param {number} at milliseconds
 * @returns {Step}
 */
export function stepped(before, bps, at) {
  const needed = scaleFor(bps);
  if (needed > before.scale) return { scale: needed, since: null };
  const larger = scaleFor(bps / MARGIN);
  if (larger >= before.scale) return { scale: before.scale, since: null };
  const since = before.since ?? at;
  if (at - since < UP_MS) return { scale: before.scale, since };
  return { scale: larger, since: null };
}

/** @param {number} bps */
function scaleFor(bps) {
  return STEPS.find((step) => bps >= step.from)?.scale ?? 1;
}

/** The longest that a picture is held back: 0.4 s in all are still preferred. */
export const MOST_HELD_MS = 300;
const MORE_MS = 40;
const CALM_MS = 10_000;

/**
 * @typedef {object} Hold
 * @property {number} ms how long pictures are held back, 0: as the browser likes
 * @property {number} lossAt when packets were last missed
 */

/** @type {Hold} */
export const NO_HOLD = { ms: 0, lossAt: -Infinity };

/**
 * How long to hold pictures back, so that a packet may come again before its picture is
 * due: a browser learns that by itself, but takes half a minute in which it leaves out
 * every fifth picture.
 * @param {Hold} before
 * @param {Fare} last
 * @param {Fare} fare half a second later
 * @param {number} at milliseconds
 * @returns {Hold}
 */
export function held(before, last, fare, at) {
  if (fare.missed - last.missed > 1) {
    const enough = Math.max(before.ms, 2 * fare.rttMs + MORE_MS);
    const ms = fare.dropped > last.dropped ? enough + MORE_MS : enough;
    return { ms: Math.min(MOST_HELD_MS, Math.round(ms)), lossAt: at };
  }
  if (at - before.lossAt < CALM_MS) return before;
  return { ms: before.ms > MORE_MS ? before.ms - MORE_MS : 0, lossAt: at };
}
