/** How long answered callers waited, in columns, with the promise drawn and named. */

import { html, svg } from "../signaling/browser/vendor/lit.js";
import { count, say } from "./say.js";

/** @import { TemplateResult } from "../signaling/browser/vendor/lit.js" */

/** Where a column ends, in seconds; a test holds them to the server's. */
export const EDGES = [10, 20, 30, 45, 60, 90, 120, 180];

const COLUMN = 54;
const HIGH = 150;

/**
 * The words of a column: « 10 à 20 s ».
 * @param {number} place
 * @returns {string}
 */
export function columnName(place) {
  const begin = EDGES[place - 1] ?? 0;
  const end = EDGES[place];
  if (end === undefined) return say(`plus de ${begin} s`, `over ${begin} s`);
  return say(`${begin} à ${end} s`, `${begin} to ${end} s`);
}

/**
 * @param {readonly number[]} columns calls up to each edge, then those beyond
 * @returns {TemplateResult}
 */
export function histogram(columns) {
  const most = Math.max(1, ...columns);
  const wide = columns.length * COLUMN;
  const promise = (EDGES.indexOf(60) + 1) * COLUMN;
  const label = say(
    "Appels répondus selon leur attente, la promesse de 60 s marquée",
    "Answered calls by their wait, the promise of 60 s marked",
  );
  return html`
    <svg class="histogram" viewBox="0 0 ${wide} ${HIGH + 56}" role="img"
      aria-label=${label}>
      ${columns.map((calls, place) => column(calls, place, most))}
      <line class="promise" x1=${promise} x2=${promise} y1="4" y2=${HIGH + 24} />
      <text class="promise-name" x=${promise + 6} y="16">60 s</text>
    </svg>
  `;
}

/**
 * @param {number} calls
 * @param {number} place
 * @param {number} most
 * @returns {TemplateResult}
 */
function column(calls, place, most) {
  const high = Math.round((HIGH - 40) * calls / most);
  const left = place * COLUMN;
  const late = (EDGES[place] ?? Infinity) > 60;
  return svg`
    <rect class=${late ? "is-late" : ""} x=${left + 4} y=${HIGH + 8 - high}
      width=${COLUMN - 8} height=${high} />
    <text x=${left + COLUMN / 2} y=${HIGH + 2 - high}>${count(calls)}</text>
    <text x=${left + COLUMN / 2} y=${HIGH + 28}>${EDGES[place] === undefined
      ? `> ${EDGES.at(-1)}`
      : `≤ ${EDGES[place]}`}</text>
  `;
}
