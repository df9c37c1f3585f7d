/** One day: its figures, its calls, and how they are counted. */

import { html, live, nothing, repeat } from "../signaling/browser/vendor/lit.js";
import { dayView } from "./day.js";
import { mark } from "./marks.js";
import { clock, count, duration, hundredths, say, shiftDate } from "./say.js";
import { table } from "./table_view.js";

/** @import { TemplateResult } from "../signaling/browser/vendor/lit.js" */
/** @import { CallView, DayView, FigureView } from "./day.js" */
/** @import { State } from "./state.js" */
/** @import { DaySheet, Me } from "./types.js" */
/** @import { Deeds, Part } from "./view.js" */

/**
 * What the page says before it has a day to show.
 * @param {State} state
 * @returns {TemplateResult}
 */
export function waiting(state) {
  return html`<p class="starting" role="status">${
    problem(state.problem) === nothing
      ? say("Lecture des chiffres…", "Reading the figures…")
      : problem(state.problem)
  }</p>`;
}

/**
 * @param {State} state
 * @param {DaySheet} sheet
 * @param {Me} me
 * @param {Deeds} deeds
 * @returns {TemplateResult}
 */
export function day(state, sheet, me, deeds) {
  const view = dayView(sheet, me);
  return html`
    <div class="headline">
      <h1 data-testid="title">${view.title}</h1>
      ${dates(state, sheet, deeds)}
    </div>
    <p class="problem" role="alert">${problem(state.problem)}</p>
    <div class="line">
      <p role="status" class="summary" data-testid="summary">${view.summary}</p>
      ${freshness(state, sheet, view.asOf, deeds)}
    </div>
    ${figuresTable(view.figures)}
    ${callsTable(view)}
    ${detailsTable(view)}
    ${halfHours(state, sheet, deeds)}
    ${footer(view, sheet)}
  `;
}

/**
 * @param {State} state
 * @param {DaySheet} sheet
 * @param {Deeds} deeds
 * @returns {TemplateResult}
 */
function dates(state, sheet, deeds) {
  const today = state.newest?.date ?? (sheet.is_today ? sheet.date : null);
  /** @param {Event} event */
  const pick = (event) => {
    const { value } = /** @type {HTMLInputElement} */ (event.currentTarget);
    if (value !== "") deeds.chooseDate(value);
  };
  return html`
    <nav class="dates" aria-label=${say("Choix du jour", "Choose a day")}>
      <button class="button" type="button" data-testid="previous"
        @click=${() => deeds.chooseDate(shiftDate(sheet.date, -1))}>
        <span aria-hidden="true">←</span> ${say("Veille", "Day before")}
      </button>
      <label class="pick"><span class="unseen">${say("Jour", "Day")}</span>
        <input type="date" .value=${live(sheet.date)} max=${today ?? nothing}
          @change=${pick}></label>
      <button class="button" type="button" ?disabled=${sheet.is_today}
        @click=${() => deeds.chooseDate(shiftDate(sheet.date, 1))}>
        ${say("Lendemain", "Day after")} <span aria-hidden="true">→</span>
      </button>
      <button class="button" type="button" ?disabled=${sheet.is_today}
        data-testid="today" @click=${() => deeds.chooseDate(null)}>${say(
          "Aujourd’hui",
          "Today",
        )}</button>
    </nav>
  `;
}

/**
 * Whether the figures move, and the button that holds them still.
 * @param {State} state
 * @param {DaySheet} sheet
 * @param {string} asOf
 * @param {Deeds} deeds
 * @returns {TemplateResult}
 */
export function freshness(state, sheet, asOf, deeds) {
  if (!sheet.is_today) {
    return html`<p class="fresh">${
      say("Journée close, lue à", "Day over, read at")
    } ${asOf}.</p>`;
  }
  const link = state.frozen
    ? say("Affichage figé", "Display held still")
    : state.connected
    ? say("En direct", "Live")
    : say("Connexion perdue, reprise en cours", "Connection lost, coming back");
  return html`
    <p class="fresh">
      <span class="link" data-link=${state.connected && !state.frozen}>${mark(
        state.connected && !state.frozen ? "now" : "plain",
      )}${link}</span>
      <span>${say("chiffres de", "figures of")} ${asOf}</span>
      <button class="button small" type="button" aria-pressed=${state.frozen}
        @click=${() => deeds.freeze(!state.frozen)}>${say(
          "Figer l’affichage",
          "Hold still",
        )}</button>
    </p>
  `;
}

/**
 * @param {readonly FigureView[]} figures
 * @returns {TemplateResult}
 */
export function figuresTable(figures) {
  return html`
    <table class="figures" role="table">
      <caption>${say("La journée en chiffres", "The day in figures")}</caption>
      <tbody role="rowgroup">
        ${figures.map((one) => figureRow(one, "figure"))}
      </tbody>
    </table>
  `;
}

/**
 * @param {DayView} view
 * @returns {TemplateResult}
 */
function detailsTable(view) {
  return html`
    <table class="figures details" role="table">
      <caption>${say("Comptés à part", "Counted apart")}</caption>
      <tbody role="rowgroup">
        ${view.details.map((one) => figureRow(one, "detail"))}
      </tbody>
    </table>
  `;
}

/**
 * @param {FigureView} one
 * @param {string} testid
 * @returns {TemplateResult}
 */
function figureRow(one, testid) {
  return html`
    <tr role="row" data-testid="${testid}-${one.key}">
      <th role="rowheader" scope="row">${one.label}</th>
      <td role="cell"><span class="value">${one.value}</span>
        <span class="hint">${one.hint}</span></td>
    </tr>
  `;
}

/**
 * @param {DayView} view
 * @returns {TemplateResult}
 */
function callsTable(view) {
  return html`
    <table class="calls" role="table" data-testid="calls">
      <caption>${say(
        "Les appels, du plus récent au plus ancien",
        "The calls, newest first",
      )}
        ${view.cut === "" ? nothing : html`<span class="cut">${view.cut}</span>`}
      </caption>
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">${say("Arrivée", "Arrived")}</th>
          <th role="columnheader" scope="col">Service</th>
          <th role="columnheader" scope="col" class="number">${say(
            "Attente",
            "Wait",
          )}</th>
          <th role="columnheader" scope="col">${say("Résultat", "Result")}</th>
          <th role="columnheader" scope="col" class="number">${say(
            "Conversation",
            "Talk",
          )}</th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${view.calls.length === 0 ? emptyRow() : repeat(
          view.calls,
          (call) => call.call,
          callRow,
        )}
      </tbody>
    </table>
  `;
}

/** @returns {TemplateResult} */
function emptyRow() {
  return html`
    <tr role="row" class="empty">
      <td role="cell" colspan="5">${say(
        "Aucun appel ce jour-là.",
        "No call on that day.",
      )}</td>
    </tr>
  `;
}

/**
 * @param {CallView} call
 * @returns {TemplateResult}
 */
function callRow(call) {
  return html`
    <tr role="row" data-call=${call.call}>
      <th role="rowheader" scope="row"><time datetime=${call.instant}>${call
        .time}</time></th>
      <td role="cell" data-label="Service">
        <span>${call.service}${call.topic === ""
          ? nothing
          : html`<small>${call.topic}</small>`}</span></td>
      <td role="cell" class="number" data-label=${say("Attente", "Wait")}>${call
        .wait}</td>
      <td role="cell" data-label=${say("Résultat", "Result")}>
        <span class="result is-${call.tone}">${mark(call.tone)}${call
          .result}</span></td>
      <td role="cell" class="number" data-label=${say("Conversation", "Talk")}>${call
        .talk}</td>
    </tr>
  `;
}

/**
 * The day by half-hours, read when somebody opens it.
 * @param {State} state
 * @param {DaySheet} sheet
 * @param {Deeds} deeds
 * @returns {TemplateResult}
 */
function halfHours(state, sheet, deeds) {
  /** @param {Event} event */
  const open = (event) => {
    const details = /** @type {HTMLDetailsElement} */ (event.currentTarget);
    if (details.open) deeds.showHalfHours(sheet.date);
  };
  const read = state.halves?.date === sheet.date ? state.halves.half_hours : [];
  return html`
    <details class="words" @toggle=${open} data-testid="half-hours">
      <summary>${say("La journée par demi-heures", "The day by half-hours")}</summary>
      ${table(
        say("Demi-heures où l’on a appelé", "Half-hours in which people called"),
        [
          say("Début", "Begin"),
          say("Reçus", "Received"),
          say("À temps", "In time"),
          say("Niveau", "Level"),
          "p50",
          "p95",
        ],
        read.map((half) => [
          clock(half.begin_ms),
          count(half.counters.offered),
          count(half.counters.in_time),
          hundredths(half.level.shown),
          duration(half.p50_us === null ? null : half.p50_us / 1000),
          duration(half.p95_us === null ? null : half.p95_us / 1000),
        ]),
      )}
    </details>
  `;
}

/**
 * @param {DayView} view
 * @param {DaySheet} sheet
 * @returns {TemplateResult}
 */
function footer(view, sheet) {
  const target = Math.round(sheet.target_ms / 1000);
  return html`
    <details class="words">
      <summary>${say("Comment on compte", "How we count")}</summary>
      <dl>${howWeCount(target).map(([word, meaning]) =>
        html`
          <dt>${word}</dt>
          <dd>${meaning}</dd>
        `
      )}</dl>
    </details>
    <p class="chain"
      data-testid="chain">${say("Règles, version", "Rules, version")} ${sheet
        .rules}. ${say("Chaîne des événements :", "Chain of events:")} ${view.chain}</p>
  `;
}

/**
 * @param {number} target seconds
 * @returns {readonly (readonly [string, string])[]}
 */
function howWeCount(target) {
  return [
    [
      say("Attente", "Wait"),
      say(
        "De la demande d’appel à la première image de la personne qui répond.",
        "From the request to the first picture of the person who answers.",
      ),
    ],
    [
      say(`Répondu en ${target} s`, `Answered within ${target} s`),
      say(
        `Une personne a pris l’appel, et l’appelant l’a vue en ${target},000 s au plus.`,
        `Somebody took the call, and the caller saw them within ${target}.000 s.`,
      ),
    ],
    [
      say("Niveau de service", "Service level"),
      say(
        "À temps ÷ (répondus + abandonnés + autre suite + nos pannes et refus).",
        "In time ÷ (answered + abandoned + another way + our failures and refusals).",
      ),
    ],
    [
      say("Court", "Short"),
      say(
        "L’appelant part avant 5 s : affiché, hors calcul.",
        "The caller leaves before 5 s: shown, not counted.",
      ),
    ],
    [
      say("Promesse manquée", "Promise broken"),
      say(
        `Datée à ${target} s, quelle que soit la suite.`,
        `Dated at ${target} s, whatever comes after.`,
      ),
    ],
    [
      say("Image lisible", "Legible picture"),
      say(
        "Part du temps de conversation où l’image permettait de lire les signes, chez les personnes qui ont accepté la vérification. Comptée par appel, jamais par personne.",
        "Share of the conversation in which signs could be read, of people who agreed to the check. Counted by call, never by person.",
      ),
    ],
  ];
}
/**
 * @param {string} text
 * @returns {Part}
 */
export function problem(text) {
  return text === "" ? nothing : html`${mark("bad")}<span>${text}</span>`;
}
