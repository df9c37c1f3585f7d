/** What the page looks like in each state. */

import { html, live, nothing } from "../signaling/browser/vendor/lit.js";
import { repeat } from "../signaling/browser/vendor/lit.js";
import { logo } from "../signaling/browser/icons.js";
import { dayView, shiftDate } from "./day.js";
import { mark } from "./marks.js";

/** @import { TemplateResult } from "../signaling/browser/vendor/lit.js" */
/** @import { CallView, DayView, FigureView } from "./day.js" */
/** @import { State } from "./state.js" */
/** @import { DaySheet, Me } from "./types.js" */

/**
 * @typedef {object} Deeds
 * @property {(login: string, password: string) => void} signIn
 * @property {() => void} signOut
 * @property {(date: string | null) => void} chooseDate
 * @property {(frozen: boolean) => void} freeze
 */

/** @typedef {TemplateResult | typeof nothing} Part */

/**
 * @param {State} state
 * @param {Deeds} deeds
 * @returns {Part}
 */
export function page(state, deeds) {
  if (state.phase === "starting") {
    return html`<p class="starting" role="status">${
      state.problem || "Ouverture du portail…"
    }</p>`;
  }
  if (state.phase === "signed_out" || state.me === null) return entry(state, deeds);
  return desk(state, state.me, deeds);
}

/**
 * @param {State} state
 * @param {Deeds} deeds
 * @returns {TemplateResult}
 */
function entry(state, deeds) {
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    deeds.signIn(String(form.get("login")), String(form.get("password")));
  };
  return html`
    <main class="entry">
      <div class="brand">${logo()}<span>Illico</span></div>
      <h1>Portail des entreprises</h1>
      <p class="lead">Votre journée, appel par appel.</p>
      <form @submit=${submit} data-testid="sign-in">
        <label for="login">Identifiant</label>
        <input id="login" name="login" autocomplete="username" autocapitalize="none"
          spellcheck="false" required>
        <label for="password">Mot de passe</label>
        <input id="password" name="password" type="password"
          autocomplete="current-password" required>
        <p class="problem" role="alert" data-testid="problem">${problem(
          state.problem,
        )}</p>
        <button class="button main" type="submit" ?disabled=${state.busy}>
          Se connecter
        </button>
      </form>
    </main>
  `;
}

/**
 * @param {State} state
 * @param {Me} me
 * @param {Deeds} deeds
 * @returns {TemplateResult}
 */
function desk(state, me, deeds) {
  return html`
    <header class="top">
      <div class="brand">${logo()}<span>Illico</span></div>
      <p class="who"><strong data-testid="company">${me.company}</strong>
        ${me.name === me.company ? nothing : html`<span>${me.name}</span>`}</p>
      <button class="button" type="button" data-testid="sign-out"
        @click=${deeds.signOut}>Se déconnecter</button>
    </header>
    <main class="desk" aria-busy=${state.busy}>
      ${state.sheet === null ? waiting(state) : day(state, state.sheet, me, deeds)}
    </main>
  `;
}

/**
 * @param {State} state
 * @returns {TemplateResult}
 */
function waiting(state) {
  return html`<p class="starting" role="status">${
    problem(state.problem) === nothing
      ? "Lecture de la journée…"
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
function day(state, sheet, me, deeds) {
  const view = dayView(sheet, me);
  return html`
    <div class="headline">
      <h1 data-testid="title">${view.title}</h1>
      ${dates(state, sheet, deeds)}
    </div>
    <p class="problem" role="alert">${problem(state.problem)}</p>
    <div class="line">
      <p role="status" class="summary" data-testid="summary">${view.summary}</p>
      ${freshness(state, sheet, view, deeds)}
    </div>
    ${figuresTable(view)}
    ${callsTable(view)}
    ${detailsTable(view)}
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
    <nav class="dates" aria-label="Choix du jour">
      <button class="button" type="button" data-testid="previous"
        @click=${() => deeds.chooseDate(shiftDate(sheet.date, -1))}>
        <span aria-hidden="true">←</span> Veille
      </button>
      <label class="pick"><span class="unseen">Jour</span>
        <input type="date" .value=${live(sheet.date)} max=${today ?? nothing}
          @change=${pick}></label>
      <button class="button" type="button" ?disabled=${sheet.is_today}
        @click=${() => deeds.chooseDate(shiftDate(sheet.date, 1))}>
        Lendemain <span aria-hidden="true">→</span>
      </button>
      <button class="button" type="button" ?disabled=${sheet.is_today}
        data-testid="today" @click=${() => deeds.chooseDate(null)}>Aujourd’hui</button>
    </nav>
  `;
}

/**
 * Whether the figures move, and the button that holds them still.
 * @param {State} state
 * @param {DaySheet} sheet
 * @param {DayView} view
 * @param {Deeds} deeds
 * @returns {TemplateResult}
 */
function freshness(state, sheet, view, deeds) {
  if (!sheet.is_today) {
    return html`<p class="fresh">Journée close, lue à ${view.asOf}.</p>`;
  }
  const link = state.frozen
    ? "Affichage figé"
    : state.connected
    ? "En direct"
    : "Connexion perdue, reprise en cours";
  return html`
    <p class="fresh">
      <span class="link" data-link=${state.connected && !state.frozen}>${mark(
        state.connected && !state.frozen ? "now" : "plain",
      )}${link}</span>
      <span>chiffres de ${view.asOf}</span>
      <button class="button small" type="button" aria-pressed=${state.frozen}
        @click=${() => deeds.freeze(!state.frozen)}>Figer l’affichage</button>
    </p>
  `;
}

/**
 * @param {DayView} view
 * @returns {TemplateResult}
 */
function figuresTable(view) {
  return html`
    <table class="figures" role="table">
      <caption>La journée en chiffres</caption>
      <tbody role="rowgroup">
        ${view.figures.map((one) => figureRow(one, "figure"))}
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
      <caption>Comptés à part</caption>
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
      <caption>Les appels, du plus récent au plus ancien
        ${view.cut === "" ? nothing : html`<span class="cut">${view.cut}</span>`}
      </caption>
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">Arrivée</th>
          <th role="columnheader" scope="col">Service</th>
          <th role="columnheader" scope="col" class="number">Attente</th>
          <th role="columnheader" scope="col">Résultat</th>
          <th role="columnheader" scope="col" class="number">Conversation</th>
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
      <td role="cell" colspan="5">Aucun appel ce jour-là.</td>
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
      <td role="cell" class="number" data-label="Attente">${call.wait}</td>
      <td role="cell" data-label="Résultat">
        <span class="result is-${call.tone}">${mark(call.tone)}${call
          .result}</span></td>
      <td role="cell" class="number" data-label="Conversation">${call.talk}</td>
    </tr>
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
      <summary>Comment on compte</summary>
      <dl>
        <dt>Attente</dt>
        <dd>De la demande d’appel à la première image de la personne qui répond.</dd>
        <dt>Répondu en ${target} s</dt>
        <dd>Une personne a pris l’appel, et l’appelant l’a vue en ${target},000 s au plus.</dd>
        <dt>Niveau de service</dt>
        <dd>À temps ÷ (répondus + abandonnés + autre suite + nos pannes et refus).</dd>
        <dt>Court</dt>
        <dd>L’appelant part avant 5 s : affiché, hors calcul.</dd>
        <dt>Promesse manquée</dt>
        <dd>Datée à ${target} s, quelle que soit la suite.</dd>
        <dt>Image lisible</dt>
        <dd>Part du temps de conversation où l’image permettait de lire les signes, chez
          les personnes qui ont accepté la vérification. Comptée par appel, jamais par
          personne.</dd>
      </dl>
    </details>
    <p class="chain" data-testid="chain">Règles, version ${sheet.rules}. Chaîne des
      événements : ${view.chain}</p>
  `;
}

/**
 * @param {string} text
 * @returns {Part}
 */
function problem(text) {
  return text === "" ? nothing : html`${mark("bad")}<span>${text}</span>`;
}
