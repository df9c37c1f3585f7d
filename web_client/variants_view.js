/** Another way to sign than the service's own: one tap, and never in the way. */

import { icon } from "../signaling/browser/icons.js";
import { say } from "../signaling/browser/say.js";
import { text } from "../signaling/browser/texts.js";
import { html, nothing } from "../signaling/browser/vendor/lit.js";

/** @import { IconName } from "../signaling/browser/icons.js" */
/** @import { State } from "./state.js" */

/**
 * @typedef {object} VariantActions
 * @property {(variant: string | null) => void} vary
 */

/** @type {Readonly<Record<string, IconName>>} */
const SIGNS = {
  international: "globe",
  lfpc: "lips",
  reduced_field: "frame",
  slow: "slow",
};

/**
 * The choice, where the service has one.
 * @param {State} state
 * @param {VariantActions} actions
 */
export function variants(state, actions) {
  const known = state.service?.variants ?? [];
  if (known.length === 0) return nothing;
  const usual = { slug: null, label: text("entry-variant-usual") };
  return html`
    <fieldset class="topics variants">
      <legend>${say("entry-variant")}</legend>
      <div class="chips">${[usual, ...known].map(({ slug, label }) =>
        html`
          <label class="chip">
            <input
              type="radio"
              name="variant"
              data-testid="variant-${slug ?? "usual"}"
              .checked=${state.variant === slug}
              @change=${() => actions.vary(slug)}
            />
            ${icon(SIGNS[slug ?? ""] ?? "hands")}
            <lsf-clip key="variant-${slug ?? "usual"}"></lsf-clip>
            <span lang="fr">${label}</span>
          </label>
        `
      )}</div>
    </fieldset>
  `;
}

/**
 * What the caller has chosen, as people say it; `null` for the service's own.
 * @param {State} state
 */
export function variantLabel(state) {
  const chosen = state.service?.variants.find(({ slug }) => slug === state.variant);
  return chosen?.label ?? null;
}
