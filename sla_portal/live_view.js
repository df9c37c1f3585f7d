/** The moment: how the promise stands, who waits, who may answer. */

import { html, nothing, repeat } from "../signaling/browser/vendor/lit.js";
import { figuresTable, freshness, problem } from "./day_view.js";
import { gauge } from "./gauge.js";
import { liveView, PROMISED } from "./live.js";
import { mark } from "./marks.js";
import { percent, say } from "./say.js";

/** @import { TemplateResult } from "../signaling/browser/vendor/lit.js" */
/** @import { LiveView, WaitingView } from "./live.js" */
/** @import { State } from "./state.js" */
/** @import { DaySheet, Me } from "./types.js" */
/** @import { Deeds } from "./view.js" */

/**
 * @param {State} state
 * @param {DaySheet} sheet
 * @param {Me} me
 * @param {Deeds} deeds
 * @returns {TemplateResult}
 */
export function livePage(state, sheet, me, deeds) {
  const view = liveView(state, sheet, me);
  return html`
    <div class="headline">
      <h1 data-testid="title">${say("En direct", "Live")}</h1>
    </div>
    <p class="problem" role="alert">${problem(state.problem)}</p>
    <div class="line">
      <p role="status" class="summary" data-testid="summary">${view.summary}</p>
      ${freshness(state, sheet, view.asOf, deeds)}
    </div>
    <div role="status" data-testid="alerts">${view.alerts.map(([service, words]) =>
      html`<p class="alert">${
        mark("bad")
      }<span><strong>${service}</strong> ${words}</span></p>`
    )}</div>
    <div class="board">
      ${levelCard(view)} ${waitingTable(view)} ${staffTable(view)}
    </div>
    ${figuresTable(view.figures)}
  `;
}

/**
 * @param {LiveView} view
 * @returns {TemplateResult}
 */
function levelCard(view) {
  return html`
    <section class="card" aria-labelledby="level">
      <h2 id="level">${say("Niveau de service du jour", "Service level today")}</h2>
      ${gauge(view.level, PROMISED)}
      <p class="level"><strong data-testid="level">${view.levelText}</strong>
        <span class="result is-${view.levelTone}">${mark(view.levelTone)}${view
          .levelWords}</span></p>
      <p class="hint">${say(
        `Le trait marque la promesse : ${
          percent(PROMISED)
        } de réponses à temps sur le mois.`,
        `The line marks the promise: ${
          percent(PROMISED)
        } answered in time over the month.`,
      )}</p>
    </section>
  `;
}

/**
 * @param {LiveView} view
 * @returns {TemplateResult}
 */
function waitingTable(view) {
  return html`
    <table class="calls waiting" role="table" data-testid="waiting">
      <caption>${say("En attente", "Waiting")}
        <span class="cut">${say("la plus ancienne :", "the oldest:")}
          <span data-testid="oldest">${view.oldest}</span></span></caption>
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">${say("Depuis", "Since")}</th>
          <th role="columnheader" scope="col">${say("Service", "Service")}</th>
          <th role="columnheader" scope="col" class="number">${say(
            "Attente",
            "Wait",
          )}</th>
          <th role="columnheader" scope="col">${say("Promesse", "Promise")}</th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${view.waiting.length === 0
          ? html`
            <tr role="row" class="empty">
              <td role="cell" colspan="4">${say(
                "Personne n’attend.",
                "Nobody waits.",
              )}</td>
            </tr>
          `
          : repeat(view.waiting, (call) => call.call, waitingRow)}
      </tbody>
    </table>
  `;
}

/**
 * @param {WaitingView} call
 * @returns {TemplateResult}
 */
function waitingRow(call) {
  return html`
    <tr role="row" data-waiting=${call.call}>
      <th role="rowheader" scope="row"><time datetime=${call.instant}>${call
        .since}</time></th>
      <td role="cell" data-label=${say("Service", "Service")}><span>${call
        .service}${call.topic === ""
        ? nothing
        : html`<small>${call.topic}</small>`}</span></td>
      <td role="cell" class="number" data-label=${say("Attente", "Wait")}>${call
        .age}</td>
      <td role="cell" data-label=${say("Promesse", "Promise")}><span
        class="result is-${call.tone}">${mark(call.tone)}${call.state}</span></td>
    </tr>
  `;
}

/**
 * @param {LiveView} view
 * @returns {TemplateResult}
 */
function staffTable(view) {
  return html`
    <table class="table" data-testid="staff">
      <caption>${say(
        "Agents qui peuvent vous répondre",
        "Agents who may answer for you",
      )}</caption>
      <tbody>
        ${view.staff.length === 0
          ? html`
            <tr>
              <td>${say("Inconnu pour le moment.", "Not known for now.")}</td>
            </tr>
          `
          : view.staff.map(([what, number]) =>
            html`
              <tr>
                <th scope="row">${what}</th>
                <td class="number">${number}</td>
              </tr>
            `
          )}
      </tbody>
      <tfoot>
        <tr>
          <td colspan="2" class="hint">${say(
            "Ils répondent aussi pour d’autres entreprises.",
            "They answer for other companies, too.",
          )}</td>
        </tr>
      </tfoot>
    </table>
  `;
}
