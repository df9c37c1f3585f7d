/** Pictograms: drawn here, one stroke width, hidden from screen readers. */

import { html, svg } from "./vendor/lit.js";

/** @import { SVGTemplateResult, TemplateResult } from "./vendor/lit.js" */

const DRAWINGS = {
  hand: svg`
    <path
      d="M7 12V6.2a1.6 1.6 0 0 1 3.2 0V11M10.200 11V4.100a1.600 1.600 0 0 1 3.200 0V11M13.400 11V5.200a1.600 1.600 0 0 1 3.200 0v7.300M16.600 11.200V8.600a1.600 1.600 0 0 1 3.200 0v5.600c0 4.300-2.600 7.300-6.700 7.300-3 0-4.700-1.200-6.300-3.600l-2.900-4.500c-1-1.700 1-3.100 2.300-1.700L7 12.600" />
  `,
  hands: svg`
    <path
      d="M3 13V8.500a1.300 1.300 0 0 1 2.600 0V12M5.600 12V6.500a1.300 1.300 0 0 1 2.600 0V12M8.200 12V8a1.300 1.300 0 0 1 2.600 0v6.500c0 3-1.700 5-4.200 5S3 18 3 15.500z" />
    <path
      d="M21 13V8.500a1.300 1.300 0 0 0-2.600 0V12M18.400 12V6.500a1.300 1.300 0 0 0-2.600 0V12M15.800 12V8a1.300 1.300 0 0 0-2.600 0v6.500c0 3 1.700 5 4.200 5S21 18 21 15.500z" />
  `,
  text: svg`
    <path
      d="M4 5h16a1.500 1.500 0 0 1 1.500 1.500v9A1.500 1.500 0 0 1 20 17h-8l-5 4v-4H4a1.500 1.500 0 0 1-1.500-1.500v-9A1.500 1.500 0 0 1 4 5z" />
    <path d="M7 9.500h10M7 13h6" />
  `,
  eye: svg`
    <path d="M2 12s3.600-6.500 10-6.500S22 12 22 12s-3.600 6.500-10 6.500S2 12 2 12z" />
    <circle cx="12" cy="12" r="3" />
  `,
  kept: svg`
    <path d="M3 3l18 18" />
    <path
      d="M9 6h5a2 2 0 0 1 2 2v3l4.500-3v9M16 16.500a2 2 0 0 1-2 1.500H5a2 2 0 0 1-2-2V8a2 2 0 0 1 1.500-1.900" />
  `,
  gift: svg`
    <path
      d="M3.500 11.500 12 3h8a1 1 0 0 1 1 1v8l-8.500 8.500a1.500 1.500 0 0 1-2.100 0l-6.900-6.900a1.500 1.500 0 0 1 0-2.100z" />
    <circle cx="16.500" cy="7.500" r="1.400" />
  `,
  emergency: svg`
    <path d="M12 3 2.500 20h19z" />
    <path d="M12 9.500v5M12 17.300v.2" />
  `,
  sun: svg`
    <circle cx="12" cy="12" r="4.200" />
    <path
      d="M12 2.500v2.300M12 19.200v2.300M2.500 12h2.300M19.200 12h2.300M5.300 5.300l1.600 1.600M17.100 17.100l1.600 1.600M18.700 5.300l-1.600 1.600M6.900 17.100l-1.600 1.600" />
  `,
  lamp: svg`
    <path
      d="M9 18h6M10 21h4M8.500 15.500C6.700 14.300 5.500 12.400 5.500 10a6.500 6.500 0 0 1 13 0c0 2.400-1.200 4.300-3 5.500z" />
  `,
  backlit: svg`
    <circle cx="16" cy="7" r="3" />
    <path d="M16 1.500v1M21.500 7h-1M20 3l-.700.700M20 11l-.700-.700" />
    <circle cx="9" cy="11" r="3" />
    <path d="M3 21c0-3.600 2.600-6 6-6s6 2.400 6 6" />
  `,
  camera: svg`
    <rect x="2.500" y="6" width="13" height="12" rx="2" />
    <path d="m15.500 11 6-3.500v9l-6-3.500z" />
  `,
  cameraOff: svg`
    <path
      d="M3 3l18 18M8 6h5.500a2 2 0 0 1 2 2v3l6-3.500v9l-3-1.800M15.500 15.800a2 2 0 0 1-2 2.200h-9a2 2 0 0 1-2-2V8A2 2 0 0 1 4 6.100" />
  `,
  microphone: svg`
    <rect x="9" y="2.500" width="6" height="11.500" rx="3" />
    <path d="M5 11a7 7 0 0 0 14 0M12 18v3.500" />
  `,
  microphoneOff: svg`
    <path
      d="M3 3l18 18M9 9v2a3 3 0 0 0 4.500 2.600M15 11V5.500a3 3 0 0 0-5.700-1.300M5 11a7 7 0 0 0 10.500 6M19 11c0 1-.200 2-.600 2.900M12 18v3.500" />
  `,
  hangUp: svg`
    <path
      d="M3 14.500c-.700-1-.600-2.500.400-3.400C8.200 6.900 15.800 6.900 20.600 11.100c1 .900 1.100 2.400.400 3.400l-.900 1.200c-.500.700-1.400.900-2.200.500l-2.400-1.200c-.600-.300-1-1-.900-1.700l.100-1.700c-1.800-.600-3.600-.600-5.400 0l.100 1.700c.100.700-.300 1.400-.900 1.700l-2.400 1.200c-.800.400-1.700.200-2.200-.500z" />
  `,
  phone: svg`
    <path
      d="M5 3.500h3.400a1 1 0 0 1 1 .800l.800 3.600a1 1 0 0 1-.400 1L7.600 10.400a13 13 0 0 0 6 6l1.500-2.200a1 1 0 0 1 1-.400l3.600.800a1 1 0 0 1 .800 1V19a2 2 0 0 1-2 2C10.500 21 3 13.500 3 5.500a2 2 0 0 1 2-2z" />
  `,
  pause: svg`
    <path d="M8.500 5v14M15.500 5v14" />
  `,
  check: svg`
    <path d="m4.500 12.500 5 5 10-11" />
  `,
  cross: svg`
    <path d="M5.500 5.500l13 13M18.500 5.500l-13 13" />
  `,
  warning: svg`
    <path d="M12 3 2.500 20h19z" />
    <path d="M12 9.500v5M12 17.300v.2" />
  `,
  clock: svg`
    <circle cx="12" cy="12" r="9" />
    <path d="M12 7v5.200l3.500 2" />
  `,
  person: svg`
    <circle cx="12" cy="7.500" r="4" />
    <path d="M4 21c0-4.700 3.400-7.500 8-7.500s8 2.800 8 7.500" />
  `,
  people: svg`
    <circle cx="9" cy="8" r="3.500" />
    <path
      d="M2.500 20c0-4 2.700-6.500 6.500-6.500s6.500 2.500 6.500 6.500M15 4.800a3.500 3.500 0 0 1 0 6.400M17.500 13.900c2.400.800 4 2.900 4 6.100" />
  `,
  search: svg`
    <circle cx="10.500" cy="10.500" r="6.500" />
    <path d="m15.500 15.500 5.500 5.500" />
  `,
  back: svg`
    <path d="M10 5 3.500 12l6.500 7M4 12h16.500" />
  `,
  door: svg`
    <path d="M13 3.500H5.500v17H13M10 12h11M17.500 8.500 21 12l-3.500 3.500" />
  `,
  reload: svg`
    <path d="M20 11.500A8 8 0 1 0 18 17M20.500 5v6.500H14" />
  `,
  network: svg`
    <path
      d="M2.500 9a14 14 0 0 1 19 0M6 12.700a9 9 0 0 1 12 0M9.300 16.200a4.200 4.200 0 0 1 5.400 0" />
    <circle cx="12" cy="19.500" r=".8" />
  `,
  move: svg`
    <rect x="3" y="4" width="18" height="16" rx="2" />
    <path d="M12 9v6M9 12l3 3 3-3" />
  `,
  hide: svg`
    <path
      d="M3 3l18 18M6.500 7C3.800 8.700 2 12 2 12s3.600 6.500 10 6.500c1.700 0 3.200-.5 4.500-1.100M10 5.700c.600-.1 1.300-.2 2-.2 6.400 0 10 6.500 10 6.500s-.9 1.700-2.600 3.300" />
  `,
  coffee: svg`
    <path
      d="M4 9h13v6a5 5 0 0 1-5 5H9a5 5 0 0 1-5-5zM17 10.500h1.500a2.500 2.500 0 0 1 0 5H17M8 3v2.500M12.500 3v2.500" />
  `,
  lock: svg`
    <rect x="5" y="10.500" width="14" height="10" rx="2" />
    <path d="M8 10.500V7.500a4 4 0 0 1 8 0v3" />
  `,
  windows: svg`
    <rect x="3" y="3" width="12" height="10" rx="1.500" />
    <path
      d="M18.500 8.500h1a1.500 1.500 0 0 1 1.500 1.500v9a1.500 1.500 0 0 1-1.500 1.500h-10A1.500 1.500 0 0 1 8 19v-2.500" />
  `,
  bell: svg`
    <path d="M6 17V11a6 6 0 0 1 12 0v6l1.500 1.500h-15zM10 21h4" />
  `,
  good: svg`
    <circle cx="12" cy="12" r="9.500" />
    <path
      d="M8 14.500c1 1.600 2.400 2.400 4 2.400s3-.800 4-2.400M8.800 9.300v.4M15.200 9.300v.4" />
  `,
  fair: svg`
    <circle cx="12" cy="12" r="9.500" />
    <path d="M8 15.500h8M8.800 9.300v.4M15.200 9.300v.4" />
  `,
  bad: svg`
    <circle cx="12" cy="12" r="9.500" />
    <path
      d="M8 16.700c1-1.600 2.400-2.400 4-2.400s3 .800 4 2.400M8.800 9.300v.4M15.200 9.300v.4" />
  `,
  note: svg`
    <path
      d="M4 20l1-4.500L16 4.500a2.100 2.100 0 0 1 3 0l.5.500a2.100 2.100 0 0 1 0 3L8.500 19zM14 6.500l3.500 3.500" />
  `,
};

/** @typedef {keyof typeof DRAWINGS} IconName */

/**
 * @param {IconName} name
 * @returns {TemplateResult}
 */
export function icon(name) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${
    DRAWINGS[name]
  }</svg>`;
}

/**
 * The brand's sign: a hand in a clock's face.
 * @returns {TemplateResult}
 */
export function logo() {
  return html`<svg class="logo" viewBox="0 0 40 40" aria-hidden="true">${/** @type {SVGTemplateResult} */ (svg`
    <rect width="40" height="40" rx="11" fill="#0b5d57" />
    <path d="M20 5.500a14.500 14.500 0 1 1-12.600 7.300" fill="none" stroke="#f2b33d"
      stroke-width="3" stroke-linecap="round" />
    <g transform="translate(8.800 8.400) scale(.95)" fill="none" stroke="#fff"
      stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${DRAWINGS
        .hand}</g>
  `)}</svg>`;
}
