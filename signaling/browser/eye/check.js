/** What a person sees of the eye before a call: light, place, hands. A pure function. */

import { OFFERED, showHands } from "./show_hands.js";

/** @import { Judgement } from "./advice.js" */
/** @import { HandsEvent, ShowHands } from "./show_hands.js" */

/**
 * @typedef {object} Check
 * @property {Judgement | null} judgement `null` in the first seconds
 * @property {ShowHands} hands
 */

/** @typedef {{ type: "judged", judgement: Judgement } | HandsEvent} CheckEvent */

/** @type {Check} */
export const NO_CHECK = { judgement: null, hands: OFFERED };

/**
 * @param {Check} check
 * @param {CheckEvent} event
 * @returns {Check}
 */
export function checked(check, event) {
  if (event.type === "judged") return { ...check, judgement: event.judgement };
  return { ...check, hands: showHands(check.hands, event) };
}
