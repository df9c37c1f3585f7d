/** What the device and its line do to a picture. */

import { EDGE, holds, share, since } from "./past.js";

/** @import { Past } from "./past.js" */

/**
 * Nothing came at all: whoever watches sees the last picture standing.
 * @param {Past} past
 */
export function isSilent({ at, arrived, thresholds }) {
  return at - arrived >= thresholds.frozen.silence_s;
}

/**
 * The same picture again and again: a camera's noise and the breath of somebody who
 * sits still change more.
 * @param {Past} past
 * @param {boolean} held
 */
export function isFrozen(past, held) {
  const rule = past.thresholds.frozen;
  const same = since(past, rule.span_s).flatMap(({ difference, shift }) =>
    difference === null || shift === null
      ? []
      : [difference < rule.difference_below && shift < rule.shift_below]
  );
  if (same.length < rule.min_samples) return held && same.every(Boolean);
  return share(same) >= (held ? rule.keep_share : rule.raise_share);
}

/**
 * Too few frames in each second: one moment without any is no rate.
 * @param {Past} past
 * @param {boolean} held
 */
export function isSlow(past, held) {
  const rule = past.thresholds.low_frame_rate;
  const start = past.at - rule.span_s - EDGE;
  const counted = past.frames.filter(([at]) => at >= start);
  const [first, last] = [counted[0], counted.at(-1)];
  if (first === undefined || last === undefined) return false;
  if (past.at - first[0] < rule.span_s - EDGE) return false;
  if (held) return last[1] - first[1] < rule.keep_below * (last[0] - first[0]);
  return counted.slice(1).every(([at, frames], index) => {
    const [before, had] = counted[index] ?? first;
    return frames > had && frames - had < rule.raise_below * (at - before);
  });
}

/**
 * Below QVGA, lying or standing; a few pixels less are an encoder's rounding.
 * @param {Past} past
 * @param {boolean} held
 */
export function isSmall(past, held) {
  const rule = past.thresholds.low_resolution;
  const long = held ? rule.keep_long_below : rule.raise_long_below;
  const short = held ? rule.keep_short_below : rule.raise_short_below;
  return holds(
    past,
    held,
    ({ size }) => Math.max(...size) < long || Math.min(...size) < short,
  );
}
