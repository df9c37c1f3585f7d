/** What a person is told of their own picture, and for how long: a pure function. */

/** @import { Legibility } from "../wire.js" */

/**
 * Whether the last seconds could be read, and if not why, the first cause first.
 * @typedef {object} Judgement
 * @property {Legibility} legibility
 * @property {readonly string[]} reasons
 */

/**
 * One piece of advice on the screen.
 * @typedef {object} Shown
 * @property {string} reason empty where the eye names none
 * @property {Legibility} legibility
 * @property {number} since
 */

/**
 * @typedef {object} Advice
 * @property {Judgement | null} judgement the last one
 * @property {Shown | null} shown
 * @property {number | null} right since when nothing is wrong
 * @property {Readonly<Record<string, number>>} told when each one last went away
 */

/** Who signs looks up for a moment and reads: shorter only flickers. */
const LEAST_MS = 2000;
/** Who cannot change it (there is no lamp) hears of it twice a minute at most. */
const REST_MS = 30_000;
/** After so long without trouble the same trouble is a new one. */
const RIGHT_MS = 10_000;

/** @type {ReadonlySet<Legibility>} */
const TROUBLED = new Set(["at_risk", "lost"]);

/** @type {Advice} */
export const NO_ADVICE = { judgement: null, shown: null, right: null, told: {} };

/**
 * What is shown after the eye has judged.
 * @param {Advice} advice
 * @param {Judgement} judgement
 * @param {number} at now
 * @returns {Advice}
 */
export function judged(advice, judgement, at) {
  const isRight = judgement.legibility === "legible";
  const lasted = advice.right === null ? 0 : at - advice.right;
  const told = lasted >= RIGHT_MS ? {} : advice.told;
  const right = isRight ? advice.right ?? at : null;
  return passed({ ...advice, judgement, right, told }, at);
}

/**
 * What is shown after some time has passed.
 * @param {Advice} advice
 * @param {number} at now
 * @returns {Advice}
 */
export function passed(advice, at) {
  const before = advice.shown;
  if (before !== null && (isNew(before, at) || holds(advice, before))) return advice;
  const told = before === null ? advice.told : { ...advice.told, [before.reason]: at };
  const isLost = advice.judgement?.legibility === "lost";
  const reason = wrong(advice).find((one) => isLost || rests(told[one], at) === 0);
  if (before === null && reason === undefined) return advice;
  return {
    ...advice,
    told,
    shown: reason === undefined ? null : shown(advice, reason, at),
  };
}

/**
 * When time alone changes what is shown; `null` while only a judgement can.
 * @param {Advice} advice
 * @param {number} at now
 */
export function due(advice, at) {
  const { shown, told } = advice;
  if (shown !== null) return holds(advice, shown) ? null : shown.since + LEAST_MS;
  const waits = wrong(advice).map((reason) => rests(told[reason], at));
  return waits.length === 0 ? null : at + Math.min(...waits);
}

/**
 * What is wrong, the first cause first.
 * @param {Advice} advice
 */
function wrong({ judgement }) {
  if (judgement === null || !TROUBLED.has(judgement.legibility)) return [];
  return judgement.reasons.length === 0 ? [""] : judgement.reasons;
}

/**
 * @param {Advice} advice
 * @param {string} reason
 * @param {number} at
 * @returns {Shown}
 */
function shown({ judgement }, reason, at) {
  return { reason, legibility: judgement?.legibility ?? "at_risk", since: at };
}

/**
 * @param {Shown} shown
 * @param {number} at
 */
function isNew({ since }, at) {
  return at - since < LEAST_MS;
}

/**
 * What is shown stays while it is true, unless something worse has come.
 * @param {Advice} advice
 * @param {Shown} shown
 */
function holds(advice, shown) {
  const isWorse = advice.judgement?.legibility === "lost" &&
    shown.legibility !== "lost";
  return !isWorse && wrong(advice).includes(shown.reason);
}

/**
 * For how long a piece of advice still rests.
 * @param {number | undefined} went when it was taken away
 * @param {number} at
 */
function rests(went, at) {
  return went === undefined ? 0 : Math.max(0, went + REST_MS - at);
}
