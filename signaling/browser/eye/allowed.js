/** How closely a page may look at its own picture: a pure function. */

/** @typedef {"light" | "face" | "hands"} Depth */

/**
 * What the device and the moment allow.
 * @typedef {object} Means
 * @property {boolean} isSaving the person saves data, or the line is slow
 * @property {number | null} memoryGb of the device, where the browser tells
 * @property {boolean} isUnable the worker has failed on this machine
 * @property {boolean} inCall frames of a conversation are sent at the same time
 * @property {boolean} isReady the models are here already
 * @property {number | null} fps of the own camera
 * @property {number | null} answerMs how long the worker's last answer took
 */

/** WebAssembly, two models and a call do not fit into less. */
const LEAST_GB = 2;
/** Four above what EN 301 549 asks for: the first frames that go missing stop it. */
const LEAST_FPS = 24;
/** Two frames' time of one core, twice in three seconds: nobody feels it. */
const MOST_MS = 60;

/**
 * @param {Means} means
 * @returns {Depth} and everything that costs less
 */
export function allowed(means) {
  const { isSaving, memoryGb, isUnable, inCall } = means;
  const isSmall = memoryGb !== null && memoryGb < LEAST_GB;
  if (isSaving || isSmall || isUnable) return "light";
  if (!inCall) return "hands";
  if (!means.isReady || (means.fps ?? 0) < LEAST_FPS) return "light";
  return (means.answerMs ?? Infinity) < MOST_MS ? "face" : "light";
}

/**
 * What the browser tells of the device and its line.
 * @param {Navigator} browser
 * @returns {{ isSaving: boolean, memoryGb: number | null }}
 */
export function deviceOf(browser) {
  const { connection, deviceMemory } =
    /** @type {{ connection?: { saveData?: boolean, effectiveType?: string },
     *   deviceMemory?: number }} */
    (browser);
  const isSlow = connection?.effectiveType?.endsWith("2g") ?? false;
  const isSaving = connection?.saveData === true || isSlow;
  return { isSaving, memoryGb: deviceMemory ?? null };
}
