/** Whether the camera's frame leaves room for a face and for signing. */

import { holds, shareOf, since } from "./past.js";

/** @import { FrameSeen, Sample } from "./model.js" */
/** @import { Past } from "./past.js" */

/**
 * The face is so large that no place of it leaves room for hands.
 * @param {Past} past
 * @param {boolean} held
 */
export function isTooClose(past, held) {
  const rule = past.thresholds.too_close;
  const height = held ? rule.keep_height_above : rule.raise_height_above;
  const width = held ? rule.keep_width_above : rule.raise_width_above;
  const isLarge = sure((frame) => frame.height > height || frame.width > width);
  return holds(past, held, isLarge);
}

/**
 * @param {Past} past
 * @param {boolean} held
 */
export function isTooFar(past, held) {
  const rule = past.thresholds.too_far;
  const height = held ? rule.keep_height_below : rule.raise_height_below;
  return holds(past, held, sure((frame) => frame.height < height));
}

/**
 * The picture ends where hands must be, whether or not they are there now.
 * @param {Past} past
 * @param {boolean} held
 */
export function hasNoRoom(past, held) {
  const rule = past.thresholds.hands_cut;
  const below = held ? rule.keep_below_under : rule.raise_below_under;
  const beside = held ? rule.keep_beside_under : rule.raise_beside_under;
  const isTight = sure((frame) => frame.below < below || frame.beside < beside);
  return holds(past, held, isTight);
}

/**
 * The face is partly outside, or somebody moves and no face is there at all.
 * @param {Past} past
 * @param {boolean} held
 */
export function cutsFace(past, held) {
  return holds(past, held, isCut) || missesFace(past, held);
}

/**
 * Sooner where there was one: then it has left.
 * @param {Past} past
 * @param {boolean} held
 */
function missesFace(past, held) {
  const { raise_share, keep_share, ...rule } = past.thresholds.face_cut;
  const looks = past.samples.flatMap(({ frame }) => frame ?? []);
  const last = looks.at(-1);
  if (last === undefined || isIn(last)) return false;
  const knew = looks.some(({ gone, cut }) => gone || cut);
  const spanS = knew ? rule.span_s : rule.span_unseen_s;
  const checks = since(past, spanS).filter(({ frame }) => frame !== null);
  const out = shareOf(past, spanS, ({ frame }) => frame && !isIn(frame));
  const stirring = shareOf(past, spanS, (sample) => isStirring(sample, past));
  return checks.length >= (held ? 1 : rule.min_checks) &&
    out >= (held ? keep_share : raise_share) &&
    stirring >= past.thresholds.keep_share;
}

/**
 * A face that left over an edge is outside until a whole one is surely there: of the
 * rest of one the detector makes now a face, now something like it, now none.
 * @param {Sample} sample
 */
function isCut({ frame }) {
  return frame?.cut || frame?.sure ? frame.cut : null;
}

/** @param {FrameSeen} frame */
function isIn({ seen, cut }) {
  return seen && !cut;
}

/**
 * Somebody is there: an empty room stands still.
 * @param {Sample} sample
 * @param {Past} past
 */
function isStirring({ moving_share }, { thresholds }) {
  return moving_share === null
    ? null
    : moving_share >= thresholds.motion.stirring_share;
}

/**
 * What a face says until the next look; one that nobody is sure of says nothing.
 * @param {(frame: FrameSeen) => boolean} claim
 * @returns {(sample: Sample) => boolean | null}
 */
function sure(claim) {
  return ({ frame }) => frame && frame.sure && claim(frame);
}
