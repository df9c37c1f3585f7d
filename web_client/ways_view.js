/** Other ways out of a long wait: offered, never pushed; staying needs no press. */

import { icon } from "../signaling/browser/icons.js";
import { button, say } from "../signaling/browser/say.js";
import { html, nothing } from "../signaling/browser/vendor/lit.js";

/** @import { IconName } from "../signaling/browser/icons.js" */
/** @import { Overflow } from "../signaling/browser/wire.js" */
/** @import { State } from "./state.js" */

/**
 * @typedef {object} WaysActions
 * @property {(way: Overflow) => void} leaveBy
 */

/** @type {readonly { way: Overflow, sign: IconName }[]} */
const WAYS = [
  { way: "call_back", sign: "callBack" },
  { way: "text", sign: "text" },
  { way: "video_message", sign: "film" },
];

/**
 * @param {State} state
 * @param {WaysActions} actions
 */
export function ways(state, actions) {
  const open = WAYS.filter(({ way }) => state.ways.includes(way) && fits(state, way));
  if (open.length === 0 || state.found) return nothing;
  const company = state.service?.company ?? "";
  return html`
    <section class="ways" aria-labelledby="ways" data-testid="ways">
      <h2 id="ways">${say("ways-title")}</h2>
      <ul>${open.map(({ way, sign }) =>
        html`
          <li>
            ${button({
              key: `way-${way}`,
              icon: sign,
              press: () => actions.leaveBy(way),
              testid: `way-${way}`,
              disabled: state.leaving !== null,
            })}
            <p>${say(`way-${way}-more`, { company })}</p>
          </li>
        `
      )}</ul>
      <p class="free">${icon("clock")}${say("ways-free")}</p>
    </section>
  `;
}

/**
 * Whether a way leads anywhere from here.
 * @param {State} state
 * @param {Overflow} way
 */
function fits(state, way) {
  if (way === "text") return state.mode === "video";
  return way !== "video_message" || Boolean(state.service?.video_message);
}
