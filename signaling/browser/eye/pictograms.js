/** One drawing for each reason: what is wrong, or what mends it, without a word. */

import { html, svg } from "../vendor/lit.js";
import { icon } from "../icons.js";

/** @import { SVGTemplateResult, TemplateResult } from "../vendor/lit.js" */

/** The picture's frame, which most troubles are about. */
const FRAME = svg`<rect x="2.500" y="4" width="19" height="16" rx="2" />`;

/** Its corners alone, where something crosses them. */
const CORNERS = svg`
  <path
    d="M2.500 8V6a2 2 0 0 1 2-2h2M17.500 4h2a2 2 0 0 1 2 2v2M21.500 16v2a2 2 0 0 1-2 2h-2M6.500 20h-2a2 2 0 0 1-2-2v-2" />
`;

/** A hand from below: five strokes are enough at this size. */
const HAND = svg`
  <path
    stroke-width="1.300"
    d="M0 0V-3.200M1.500-.300V-4M3-.300V-4M4.500 0V-3.200M0-.500C0 3 1 4.500 2.500 4.500S5.500 3.200 5.800 1.500L7-.800" />
`;

/** @type {Readonly<Record<string, SVGTemplateResult>>} */
const DRAWINGS = {
  camera_covered: svg`
    <rect x="2.500" y="6" width="19" height="12.500" rx="2" />
    <circle cx="12" cy="12.200" r="3.600" fill="currentColor" />
    <path d="M3.500 2.500l17 19.500" />
  `,
  frozen: svg`
    ${FRAME}
    <path
      d="M12 6.500v11M7.200 9.200l9.600 5.600M16.800 9.200l-9.600 5.600M10.600 7.600 12 8.800l1.400-1.200M10.600 16.400 12 15.200l1.400 1.200" />
  `,
  too_dark: svg`
    <path
      d="M9.500 18h5M10.500 21h3M9.300 15.500C7.800 14.500 7 13 7 11.200a5 5 0 0 1 10 0c0 1.800-.8 3.300-2.300 4.300z" />
    <path
      d="M12 1.500v2M3.800 4.300l1.400 1.400M20.200 4.300l-1.400 1.400M1.500 11h2M20.500 11h2" />
  `,
  backlit: svg`
    <circle cx="16.500" cy="6.500" r="2.700" fill="currentColor" />
    <path
      d="M16.500 1v1M22 6.500h-1M20.400 2.600l-.7.700M20.400 10.400l-.7-.7M12.600 2.600l.7.700" />
    <circle cx="8.500" cy="11.500" r="3" />
    <path d="M2.500 21.500c0-3.600 2.500-6 6-6s6 2.400 6 6" />
  `,
  hands_never_seen: svg`
    ${CORNERS}
    <g transform="translate(4.600 13.400) scale(.95)">${HAND}</g>
    <g transform="translate(19.400 13.400) scale(-.95 .95)">${HAND}</g>
    <path d="M12 3.500V9M9.800 6.900 12 9l2.200-2.100" transform="rotate(180 12 5.200)" />
  `,
  hands_cut: svg`
    <path d="M17 4H4.500a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2H17" />
    <path d="M17 4v3.500M17 16.500V20" />
    <g transform="translate(15.200 12.600) scale(1.050)">${HAND}</g>
    <path d="M12 12H6M8.300 9.700 6 12l2.300 2.300" />
  `,
  face_cut: svg`
    <path d="M2.500 9v9a2 2 0 0 0 2 2h15a2 2 0 0 0 2-2V9" />
    <path d="M2.500 9h4.500M17 9h4.500" stroke-dasharray="1.600 2" />
    <circle cx="12" cy="7" r="4.500" />
    <path d="M5.500 20c.400-3.800 3-6 6.500-6s6.100 2.200 6.500 6" />
  `,
  too_far: svg`
    ${CORNERS}
    <circle cx="12" cy="11" r="1.500" />
    <path d="M9.300 16c.100-1.900 1.100-3 2.700-3s2.600 1.100 2.700 3" />
    <path d="M2.500 12h4M4.700 10 6.700 12l-2 2M21.500 12h-4M19.300 10l-2 2 2 2" />
  `,
  too_close: svg`
    ${FRAME}
    <path d="M6.500 20v-7.500a5.500 5.500 0 0 1 11 0V20" />
    <path d="M9.800 12.500v.6M14.200 12.500v.6M10 16.500c1.200 1 2.800 1 4 0" />
  `,
  blurred: svg`
    ${CORNERS}
    <g stroke-dasharray=".100 2.300">
      <circle cx="12" cy="9.500" r="3" />
      <path d="M6 19c0-3.400 2.600-5.200 6-5.200s6 1.800 6 5.200" />
      <circle cx="12" cy="9.500" r="5.200" />
    </g>
  `,
  low_contrast: svg`
    ${FRAME}
    <path
      d="M2.500 8.500 7 4M2.500 13 11.500 4M2.500 17.500 16 4M5 19.500 20.500 4M9.500 19.500l12-12M14 19.500l7.500-7.500M18.500 19.500l3-3"
      stroke-width=".9" />
    <g transform="translate(8.800 12.600) scale(1.150)">${HAND}</g>
  `,
  low_frame_rate: svg`
    <rect x="1.500" y="6" width="5.500" height="12" rx="1" />
    <rect x="17" y="6" width="5.500" height="12" rx="1" />
    <rect x="9.250" y="6" width="5.500" height="12" rx="1"
      stroke-dasharray=".100 2.600" />
  `,
  low_resolution: svg`
    ${FRAME}
    <path
      d="M8 8h4v4H8zM12 12h4v4h-4z" fill="currentColor" stroke="none" />
    <path d="M8 12h4v4H8zM12 8h4v4h-4z" stroke-width="1.200" />
  `,
};

/**
 * The drawing of a reason; a warning's where there is none.
 * @param {string} reason
 * @returns {TemplateResult}
 */
export function pictogram(reason) {
  const drawing = DRAWINGS[reason];
  if (drawing === undefined) return icon("warning");
  return html`
    <svg class="icon pictogram" data-reason=${reason} viewBox="0 0 24 24"
      aria-hidden="true">${drawing}</svg>
  `;
}
