/** Drawings of a signer: the frame to sit in, and the picture of the first page. */

import { html } from "./vendor/lit.js";

/** @import { TemplateResult } from "./vendor/lit.js" */

/**
 * Head, elbows and hips inside: drawn over the mirror, never over what is sent.
 * @returns {TemplateResult}
 */
export function framingGuide() {
  return html`
    <svg class="guide" viewBox="0 0 400 300" aria-hidden="true">
      <g class="guide-dark">
        <ellipse cx="200" cy="82" rx="36" ry="46"></ellipse>
        <path
          d="M182 126v10c-34 6-62 22-74 52l-32 58c-4 8 0 16 8 18l40 10M218 126v10c34 6 62 22 74 52l32 58c4 8 0 16-8 18l-40 10M140 214v74M260 214v74"></path>
      </g>
      <g class="guide-light">
        <ellipse cx="200" cy="82" rx="36" ry="46"></ellipse>
        <path
          d="M182 126v10c-34 6-62 22-74 52l-32 58c-4 8 0 16 8 18l40 10M218 126v10c34 6 62 22 74 52l32 58c4 8 0 16-8 18l-40 10M140 214v74M260 214v74"></path>
        <path class="guide-corner"
          d="M16 52V26a10 10 0 0 1 10-10h26M348 16h26a10 10 0 0 1 10 10v26M384 248v26a10 10 0 0 1-10 10h-26M52 284H26a10 10 0 0 1-10-10v-26"></path>
      </g>
    </svg>
  `;
}

/**
 * Two people who sign to one another through a screen.
 * @returns {TemplateResult}
 */
export function signers() {
  return html`
    <svg class="signers" viewBox="0 0 520 420" aria-hidden="true">
      <circle cx="270" cy="205" r="190" fill="#dcefeb"></circle>
      <rect x="86" y="52" width="348" height="262" rx="22" fill="#10222b"></rect>
      <rect x="102" y="68" width="316" height="230" rx="12" fill="#f6f3ec"></rect>
      <path d="M214 358h92l8 26H206z" fill="#2a3f49"></path>
      <path d="M246 314h28v46h-28z" fill="#2a3f49"></path>
      <g>
        <path d="M176 298c0-52 34-84 84-84s84 32 84 84z" fill="#0b5d57"></path>
        <path d="M244 190h32v30a16 16 0 0 1-32 0z" fill="#a86a48"></path>
        <ellipse cx="260" cy="156" rx="36" ry="44" fill="#b97a56"></ellipse>
        <path
          d="M222 158c-6-40 14-62 40-62 28 0 45 22 37 62-5-18-10-28-18-36-18 8-40 8-52 4-4 10-6 18-7 32z"
          fill="#24160f"></path>
        <path d="M247 160v3M273 160v3" stroke="#24160f" stroke-width="5"
          stroke-linecap="round"></path>
        <path d="M246 177c8 9 20 9 28 0" fill="none" stroke="#6f3523" stroke-width="4"
          stroke-linecap="round"></path>
        <path d="M186 268c-26-4-44-22-42-44" fill="none" stroke="#084640" stroke-width="26"
          stroke-linecap="round"></path>
        <path d="M334 268c24-8 34-30 24-56" fill="none" stroke="#084640" stroke-width="26"
          stroke-linecap="round"></path>
        <g fill="#b97a56" stroke="#b97a56" stroke-linecap="round">
          <path d="M144 214v-8" stroke-width="24"></path>
          <path d="M134 198l-6-30M142 194l-2-36M151 194l5-34M158 202l14-22"
            stroke-width="9"></path>
          <path d="M358 206v-4" stroke-width="24"></path>
          <path d="M350 192l-8-28M358 190l4-38M367 196l18-20" stroke-width="9"></path>
        </g>
      </g>
      <g fill="none" stroke="#f2b33d" stroke-width="6" stroke-linecap="round">
        <path d="M112 170c-8 16-8 34 0 48M398 150c10 14 12 34 4 50"></path>
      </g>
      <circle cx="436" cy="88" r="46" fill="#f2b33d"></circle>
      <path d="M436 60v30l18 12" fill="none" stroke="#10222b" stroke-width="8"
        stroke-linecap="round" stroke-linejoin="round"></path>
    </svg>
  `;
}
