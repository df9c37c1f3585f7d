/** The seconds that a rule of the eye may look back on. */

/** @import { Sample, Thresholds } from "./model.js" */

/**
 * @typedef {object} Past
 * @property {number} at now, in seconds
 * @property {number} arrived when the last frame came
 * @property {readonly Sample[]} samples
 * @property {readonly (readonly [number, number])[]} frames when, how many had arrived
 * @property {Thresholds} thresholds
 */

/** Seconds: sums of thirds do not meet whole seconds exactly. */
export const EDGE = 1e-6;

/**
 * The samples of the last seconds.
 * @param {Past} past
 * @param {number} spanS
 */
export function since({ at, samples }, spanS) {
  const start = at - spanS + EDGE;
  return samples.filter((sample) => sample.at >= start);
}

/**
 * For what share of a span a claim held. What a sample says holds until another one
 * says something; one that cannot know says `null`.
 * @param {Past} past
 * @param {number} spanS
 * @param {(sample: Sample) => boolean | null} claim
 */
export function shareOf({ at, samples }, spanS, claim) {
  const start = at - spanS;
  let [until, heldS] = [at, 0];
  for (const sample of samples.toReversed()) {
    const answer = claim(sample);
    if (answer === null) continue;
    const from = Math.max(sample.at, start);
    if (answer) heldS += until - from;
    until = from;
    if (sample.at <= start) break;
  }
  return heldS / spanS;
}

/**
 * A claim holds for about half of the window, as most reasons must.
 * @param {Past} past
 * @param {boolean} held in the window before
 * @param {(sample: Sample) => boolean | null} claim
 */
export function holds(past, held, claim) {
  const { keep_share, raise_share, window_s } = past.thresholds;
  return shareOf(past, window_s, claim) >= (held ? keep_share : raise_share) - EDGE;
}

/**
 * Of each sample, whether somebody moves about as much as signing does. Signing stops
 * and starts, so that it is asked over three samples.
 * @param {readonly Sample[]} samples
 * @param {Thresholds} thresholds
 */
export function moving(samples, { motion }) {
  const shares = samples.map((sample) => sample.moving_share);
  return shares.map((_, index) => {
    const around = shares.slice(Math.max(index - 2, 0), index + 1);
    const known = around.filter((one) => one !== null);
    const sum = known.reduce((total, one) => total + one, 0);
    return known.length > 0 && sum / known.length >= motion.moving_share - EDGE;
  });
}

/** @param {readonly boolean[]} claims */
export function share(claims) {
  return claims.length === 0 ? 0 : claims.filter(Boolean).length / claims.length;
}
