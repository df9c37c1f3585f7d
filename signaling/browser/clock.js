/** Time for the pages: the only file with timers. */

/** Milliseconds since the page began; the same scale as a video frame's times. */
export function now() {
  return performance.now();
}

/**
 * Do something later, once.
 * @param {number} ms
 * @param {() => void} act
 * @returns {() => void} stops it
 */
export function after(ms, act) {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
}

/**
 * Do something again and again.
 * @param {number} ms
 * @param {() => void} act
 * @returns {() => void} stops it
 */
export function every(ms, act) {
  const timer = setInterval(act, ms);
  return () => clearInterval(timer);
}

/**
 * Whole seconds since a moment, never below zero.
 * @param {number} since
 * @param {number} at
 */
export function secondsSince(since, at) {
  return Math.max(0, Math.floor((at - since) / 1000));
}

/**
 * Seconds as people read them: 42 s, then 1 min 05 s.
 * @param {number} seconds
 */
export function duration(seconds) {
  if (seconds < 60) return `${seconds} s`;
  const rest = String(seconds % 60).padStart(2, "0");
  return `${Math.floor(seconds / 60)} min ${rest} s`;
}
