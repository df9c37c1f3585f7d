/** A half circle with a mark where the promise lies; words stand beside it. */

import { html, nothing, svg } from "../signaling/browser/vendor/lit.js";
import { percent, say } from "./say.js";

/** @import { TemplateResult } from "../signaling/browser/vendor/lit.js" */

const RADIUS = 80;

/**
 * @param {number | null} share between 0 and 1
 * @param {number} promised between 0 and 1
 * @returns {TemplateResult}
 */
export function gauge(share, promised) {
  const label = say(
    `${percent(share)} pour une promesse de ${percent(promised)}`,
    `${percent(share)} of a promised ${percent(promised)}`,
  );
  const [x1, y1] = place(promised, RADIUS - 18);
  const [x2, y2] = place(promised, RADIUS + 16);
  return html`
    <svg class="gauge" viewBox="0 0 200 112" role="img" aria-label=${label}>
      <path class="ring" d=${arc(1)} />
      ${share === null || share <= 0
        ? nothing
        : svg`<path class="share ${share < promised ? "is-below" : ""}" d=${
          arc(share)
        } />`}
      <line class="promise" x1=${x1} y1=${y1} x2=${x2} y2=${y2} />
    </svg>
  `;
}

/**
 * @param {number} share
 * @returns {string}
 */
function arc(share) {
  const [x, y] = place(Math.min(1, share), RADIUS);
  return `M ${100 - RADIUS} 100 A ${RADIUS} ${RADIUS} 0 0 1 ${x} ${y}`;
}

/**
 * @param {number} share
 * @param {number} radius
 * @returns {readonly [string, string]}
 */
function place(share, radius) {
  const angle = Math.PI * (1 - share);
  const x = 100 + radius * Math.cos(angle);
  const y = 100 - radius * Math.sin(angle);
  return [x.toFixed(2), y.toFixed(2)];
}
