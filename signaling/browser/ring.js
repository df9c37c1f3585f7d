/** A ring that fills with time: seconds in its middle. */

import { html, svg } from "./vendor/lit.js";

/** @import { TemplateResult } from "./vendor/lit.js" */

const RADIUS = 54;
const ROUND = 2 * Math.PI * RADIUS;

/**
 * @param {object} plan
 * @param {number} plan.part how much is full, from 0 to 1
 * @param {string} plan.figure the text in the middle
 * @param {string} plan.unit below it
 * @param {"good" | "warn"} plan.tone
 * @returns {TemplateResult}
 */
export function ring({ part, figure, unit, tone }) {
  const full = ROUND * Math.min(1, Math.max(0, part));
  return html`<svg class="ring ${tone}" viewBox="0 0 128 128" aria-hidden="true">
    ${svg`
    <circle class="track" cx="64" cy="64" r=${RADIUS}></circle>
    <circle class="part" cx="64" cy="64" r=${RADIUS} transform="rotate(-90 64 64)"
      stroke-dasharray="${full} ${ROUND}"></circle>
    <text class="figure" x="64" y="70" text-anchor="middle">${figure}</text>
    <text class="unit" x="64" y="90" text-anchor="middle">${unit}</text>
  `}
  </svg>`;
}
