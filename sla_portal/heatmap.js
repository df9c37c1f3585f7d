/** Hours of the weekdays as cells: how many calls, and whether the promise held. */

import { html, nothing, svg } from "../signaling/browser/vendor/lit.js";
import { count, say, weekdays } from "./say.js";

/** @import { TemplateResult } from "../signaling/browser/vendor/lit.js" */
/** @import { Cell } from "./types.js" */

const WIDE = 38;
const HIGH = 32;
const LEFT = 46;
const TOP = 22;

/**
 * @param {readonly (readonly Cell[])[]} week seven rows of 24
 * @returns {TemplateResult}
 */
export function heatmap(week) {
  const most = Math.max(1, ...week.flat().map((cell) => cell.offered));
  const names = weekdays();
  const label = say(
    "Appels par jour de semaine et par heure ; un trait marque une heure sous 95 %",
    "Calls by weekday and hour; a bar marks an hour below 95 %",
  );
  return html`
    <svg class="heatmap" viewBox="0 0 ${LEFT + 24 * WIDE} ${TOP + 7 * HIGH}" role="img"
      aria-label=${label}>
      ${week[0]?.map((_, hour) =>
        svg`<text x=${LEFT + hour * WIDE + WIDE / 2} y="14">${hour}</text>`
      )}
      ${week.map((row, day) =>
        svg`<text class="day" x="0" y=${TOP + day * HIGH + 21}>${names[day]}</text>
          ${row.map((one, hour) => cell(one, day, hour, most))}`
      )}
    </svg>
  `;
}

/**
 * @param {Cell} one
 * @param {number} day
 * @param {number} hour
 * @param {number} most
 * @returns {TemplateResult | typeof nothing}
 */
function cell(one, day, hour, most) {
  const [x, y] = [LEFT + hour * WIDE, TOP + day * HIGH];
  if (one.offered === 0) {
    return svg`<rect class="none" x=${x + 1} y=${y + 1} width=${WIDE - 2} height=${
      HIGH - 2
    } />`;
  }
  const step = Math.ceil(4 * one.offered / most);
  const isBelow = one.level.shown !== null && one.level.shown < 9_500;
  return svg`
    <rect class="step-${step}" x=${x + 1} y=${y + 1} width=${WIDE - 2}
      height=${HIGH - 2} />
    <text class="on-${step}" x=${x + WIDE / 2} y=${y + 20}>${count(one.offered)}</text>
    ${isBelow
      ? svg`<rect class="below" x=${x + 4} y=${y + HIGH - 8} width=${
        WIDE - 8
      } height="4" />`
      : nothing}
  `;
}
