/** What light, lens and colours do to a picture; never how bright a face is by itself. */

import { holds, since } from "./past.js";

/** @import { Sample } from "./model.js" */
/** @import { Past } from "./past.js" */

/** Luma to light, about: twice the luma is more than four times the light. */
const GAMMA = 2.2;

/**
 * Nearly the same everywhere, or without any detail, and no face in that.
 * @param {Past} past
 * @param {boolean} held
 */
export function isCovered(past, held) {
  const { contrast_below, texture_below } = past.thresholds.camera_covered;
  const isFlat = (/** @type {Sample} */ { contrast, texture }) =>
    contrast < contrast_below || texture < texture_below;
  const window = since(past, past.thresholds.window_s);
  return holds(past, held, isFlat) &&
    !window.some((sample) => isFlat(sample) && sample.frame?.seen);
}

/**
 * Nearly three stops under a usual exposure, on the whole and where it is white.
 * @param {Past} past
 * @param {boolean} held
 */
export function isDark(past, held) {
  const rule = past.thresholds.too_dark;
  const mean = held ? rule.keep_mean_below : rule.raise_mean_below;
  const white = held ? rule.keep_white_below : rule.raise_white_below;
  return holds(
    past,
    held,
    ({ luma_mean, luma_p95 }) => luma_mean < mean && luma_p95 < white,
  );
}

/**
 * The surroundings send more light than anything lit like the face could.
 * @param {Past} past
 * @param {boolean} held
 */
export function isBacklit(past, held) {
  const rule = past.thresholds.backlit;
  const most = held ? rule.keep_ratio_above : rule.raise_ratio_above;
  return holds(past, held, ({ person }) => {
    if (person === null || person.around < rule.around_above) return false;
    return (person.around / Math.max(person.face, 1)) ** GAMMA > most;
  });
}

/**
 * Of somebody, what is darkest is nearly as bright as what is brightest.
 * @param {Past} past
 * @param {boolean} held
 */
export function isPale(past, held) {
  const rule = past.thresholds.low_contrast;
  const least = held ? rule.keep_below : rule.raise_below;
  return holds(past, held, ({ luma_p5, luma_p95, person }) => {
    const { dark, bright } = person ?? { dark: luma_p5, bright: luma_p95 };
    return bright - dark < least * bright;
  });
}

/**
 * @param {Past} past
 * @param {boolean} held
 */
export function isBlurred(past, held) {
  const rule = past.thresholds.blurred;
  const widest = held ? rule.keep_edge_above : rule.raise_edge_above;
  return holds(past, held, ({ edge }) => edge !== null && edge > widest);
}
