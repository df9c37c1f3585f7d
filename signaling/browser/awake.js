/** Keeps the screen lit while somebody waits or signs. */

/** @type {WakeLockSentinel | null} */
let lock = null;

/**
 * Browsers let go of the lock when the page is hidden: ask again on its return.
 * @param {boolean} yes
 */
export async function keepAwake(yes) {
  if (!yes) {
    await lock?.release().catch(() => {});
    lock = null;
    return;
  }
  if (lock !== null && !lock.released) return;
  lock = await navigator.wakeLock?.request("screen").catch(() => null) ?? null;
}
