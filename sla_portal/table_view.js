/** A plain table that scrolls by itself where it is wide. */

import { html } from "../signaling/browser/vendor/lit.js";
import { say } from "./say.js";

/** @import { TemplateResult } from "../signaling/browser/vendor/lit.js" */

/**
 * A table whose first column names its rows; it scrolls by itself where it is wide.
 * @param {string} caption
 * @param {readonly string[]} head none: two columns that need no name
 * @param {readonly (readonly string[])[]} rows
 * @returns {TemplateResult}
 */
export function table(caption, head, rows) {
  return html`
    <div class="wide" tabindex="0" role="region" aria-label=${caption}>
      <table class="table">
        <caption>${caption}</caption>
        ${head.length === 0 ? "" : html`
          <thead>
            <tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr>
          </thead>
        `}
        <tbody>${rows.length === 0
          ? html`
            <tr>
              <td colspan=${Math.max(2, head.length)}>${say("Rien.", "Nothing.")}</td>
            </tr>
          `
          : rows.map(([name, ...cells]) =>
            html`<tr><th scope="row">${name}</th>${
              cells.map((cell) => html`<td>${cell}</td>`)
            }</tr>`
          )}</tbody>
      </table>
    </div>
  `;
}
