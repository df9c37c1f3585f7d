/** The end of every `switch` over messages or events. */

/**
 * `deno check` refuses the call as soon as a message or an event is forgotten.
 * @param {never} forgotten
 * @returns {never}
 */
export function unknown(forgotten) {
  throw new TypeError(`nothing is known about ${JSON.stringify(forgotten)}`);
}
