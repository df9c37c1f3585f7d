/** A sign for each tone, so that no colour speaks alone. */

import { html, svg } from "../signaling/browser/vendor/lit.js";

/** @import { TemplateResult } from "../signaling/browser/vendor/lit.js" */
/** @import { Tone } from "./day.js" */

const DRAWINGS = {
  good: svg`<path d="m5 12.500 4.500 4.500L19 7" />`,
  bad: svg`<path d="M12 3.500 2.500 20h19zM12 10v4.500M12 17.300v.2" />`,
  plain: svg`<path d="M6 12h12" />`,
  now: svg`
    <circle cx="12" cy="12" r="8.500" />
    <path d="M12 7v5l3.200 2.200" />
  `,
};

/**
 * @param {Tone} tone
 * @returns {TemplateResult}
 */
export function mark(tone) {
  return html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true">${
    DRAWINGS[tone]
  }</svg>`;
}
