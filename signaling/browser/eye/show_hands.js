/** "Show both hands", step by step, before a call: a pure function. */

import { unknown } from "../unknown.js";

/** @import { HandsSeen } from "./model.js" */

/**
 * @typedef {"offered" | "coming" | "show" | "missing" | "cut" | "seen" | "unable"} Stage
 */

/**
 * @typedef {object} ShowHands
 * @property {Stage} stage
 * @property {number} since when the person was asked
 * @property {number} whole checks in a row that found both hands inside
 * @property {number} out checks in a row that found one at the edge
 */

/**
 * @typedef {{ type: "asked" }
 *   | { type: "checked", hands: HandsSeen, at: number, cut: number }
 *   | { type: "unable" }
 *   | { type: "skipped" }} HandsEvent
 */

/** One check may be luck: a blurred sleeve, a chair. */
const ENOUGH = 2;
/** Time to put the phone down and lift both hands. */
const PATIENCE_MS = 6000;

/** @type {ShowHands} */
export const OFFERED = { stage: "offered", since: 0, whole: 0, out: 0 };

/**
 * @param {ShowHands} step
 * @param {HandsEvent} event
 * @returns {ShowHands}
 */
export function showHands(step, event) {
  switch (event.type) {
    case "asked":
      return step.stage === "unable" ? step : { ...OFFERED, stage: "coming" };
    case "checked":
      return isAsked(step) ? checked(step, event) : step;
    case "unable":
      return { ...OFFERED, stage: "unable" };
    case "skipped":
      return OFFERED;
    default:
      return unknown(event);
  }
}

/**
 * Whether the person has been asked and hands are looked for.
 * @param {ShowHands} step
 */
export function isAsked({ stage }) {
  return stage === "coming" || stage === "show" || stage === "missing" ||
    stage === "cut";
}

/**
 * @param {ShowHands} step
 * @param {{ hands: HandsSeen, at: number, cut: number }} check with the share of a
 *   hand's landmarks from which on it is cut
 * @returns {ShowHands}
 */
function checked(step, { hands, at, cut }) {
  const isOut = hands.count > 0 && hands.cut_share >= cut;
  const whole = hands.count === 2 && !isOut ? step.whole + 1 : 0;
  const out = isOut ? step.out + 1 : 0;
  const since = step.stage === "coming" ? at : step.since;
  const next = { since, whole, out };
  if (whole >= ENOUGH) return { ...next, stage: "seen" };
  if (out >= ENOUGH) return { ...next, stage: "cut" };
  if (at - since >= PATIENCE_MS && hands.count < 2) {
    return { ...next, stage: "missing" };
  }
  return { ...next, stage: step.stage === "coming" ? "show" : step.stage };
}
