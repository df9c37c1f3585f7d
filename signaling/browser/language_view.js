/** The other language, one press away, in its own words. */

import { html } from "./vendor/lit.js";
import { choose } from "./language.js";
import { language, text } from "./texts.js";

/** @returns {import("./vendor/lit.js").TemplateResult} */
export function languageButton() {
  const other = language() === "fr" ? "en" : "fr";
  return html`
    <button
      class="button quiet language"
      type="button"
      lang=${other}
      data-testid="language"
      @click=${() => choose(other)}
    >${text("language")}</button>
  `;
}
