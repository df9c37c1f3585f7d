/** Templates that keep a text, its pictogram and its sign clip together. */

import "./clips.js";
import { html, ifDefined, nothing } from "./vendor/lit.js";
import { icon } from "./icons.js";
import { text } from "./texts.js";

/** @import { TemplateResult } from "./vendor/lit.js" */
/** @import { IconName } from "./icons.js" */
/** @import { TextKey } from "./texts.js" */

/** @typedef {Readonly<Record<string, string | number>>} Facts */

/**
 * A sentence with its clip's slot.
 * @param {TextKey} key
 * @param {Facts} [facts]
 * @returns {TemplateResult}
 */
export function say(key, facts) {
  return html`<lsf-clip key=${key}></lsf-clip><span>${text(key, facts)}</span>`;
}

/**
 * @typedef {object} ButtonPlan
 * @property {TextKey} key
 * @property {IconName} icon
 * @property {() => void} press
 * @property {string} testid
 * @property {string} [kind] `main`, `stop`, `quiet`, `big`
 * @property {boolean} [pressed] for a button that stays down
 * @property {boolean} [disabled]
 * @property {Facts} [facts]
 */

/**
 * A button with its clip's slot above it.
 * @param {ButtonPlan} plan
 * @returns {TemplateResult}
 */
export function button(plan) {
  return html`
    <div class="act">
      <lsf-clip key=${plan.key}></lsf-clip>
      <button
        class="button ${plan.kind ?? ""}"
        type="button"
        data-testid=${plan.testid}
        aria-pressed=${ifDefined(plan.pressed)}
        ?disabled=${plan.disabled ?? false}
        @click=${plan.press}
      >${icon(plan.icon)}<span>${text(plan.key, plan.facts)}</span></button>
    </div>
  `;
}

/**
 * A sentence that arrives while the person looks elsewhere.
 * @param {"good" | "warn" | "bad" | "plain"} tone
 * @param {IconName} sign
 * @param {TextKey | null} key
 * @param {Facts} [facts]
 * @returns {TemplateResult | typeof nothing}
 */
export function notice(tone, sign, key, facts) {
  if (key === null) return nothing;
  return html`<p class="notice ${tone}" data-testid="notice" data-key=${key}>
    ${icon(sign)}${say(key, facts)}
  </p>`;
}
