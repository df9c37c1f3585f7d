/** The eye before a call: one line on the picture, and "show both hands", both skippable. */

import { html, nothing } from "../vendor/lit.js";
import { icon } from "../icons.js";
import { button, say } from "../say.js";
import { keyOf } from "../texts.js";
import { pictogram } from "./pictograms.js";
import { isAsked } from "./show_hands.js";

/** @import { TemplateResult } from "../vendor/lit.js" */
/** @import { TextKey } from "../texts.js" */
/** @import { Judgement } from "./advice.js" */
/** @import { Check } from "./check.js" */
/** @import { ShowHands, Stage } from "./show_hands.js" */

/**
 * @typedef {object} CheckActions
 * @property {() => boolean} canSeekHands this device and its line allow it
 * @property {() => void} askHands
 * @property {() => void} skipHands
 */

/** @type {Readonly<Record<Exclude<Stage, "offered">, [string, TextKey, string]>>} */
const STAGES = {
  coming: ["plain", "check-hands-coming", ""],
  show: ["plain", "check-hands-show", "hands_never_seen"],
  missing: ["warn", "eye-hands_never_seen", "hands_never_seen"],
  cut: ["warn", "eye-hands_cut", "hands_cut"],
  seen: ["good", "check-hands-seen", ""],
  unable: ["plain", "check-hands-unable", ""],
};

/**
 * @param {Check} check
 * @param {CheckActions} actions
 * @returns {TemplateResult}
 */
export function checkView({ judgement, hands }, actions) {
  return html`${pictureLine(judgement)} ${handsLine(hands)} ${
    actions.canSeekHands() ? handsButton(hands, actions) : nothing
  }`;
}

/** @param {Judgement | null} judgement */
function pictureLine(judgement) {
  if (judgement === null) return line("plain", icon("search"), "check-looking", "look");
  const [reason] = judgement.reasons;
  if (reason === undefined) return line("good", icon("check"), "check-right", "look");
  return line("warn", pictogram(reason), keyOf("eye", reason), "look");
}

/** @param {ShowHands} hands */
function handsLine({ stage }) {
  if (stage === "offered") return nothing;
  const [tone, key, reason] = STAGES[stage];
  const plain = icon(stage === "seen" ? "check" : "hands");
  return line(tone, reason === "" ? plain : pictogram(reason), key, "hands");
}

/**
 * @param {ShowHands} hands
 * @param {CheckActions} actions
 */
function handsButton(hands, { askHands, skipHands }) {
  if (hands.stage === "unable" || hands.stage === "seen") return nothing;
  return isAsked(hands)
    ? button({
      key: "check-skip",
      icon: "cross",
      press: skipHands,
      testid: "skip-hands",
    })
    : button({
      key: "check-hands",
      icon: "hands",
      press: askHands,
      testid: "check-hands",
    });
}

/**
 * @param {string} tone
 * @param {TemplateResult} sign
 * @param {TextKey} key
 * @param {string} testid
 */
function line(tone, sign, key, testid) {
  return html`
    <p class="notice ${tone}" role="status" data-testid=${testid}
      data-key=${key}>${sign}${say(key)}</p>
  `;
}
