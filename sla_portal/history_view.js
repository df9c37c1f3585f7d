/** A month: its level, its waits, its rhythm, its reasons, and what can be taken home. */

import { html } from "../signaling/browser/vendor/lit.js";
import { problem } from "./day_view.js";
import { heatmap } from "./heatmap.js";
import { columnName, histogram } from "./histogram.js";
import {
  dayRows,
  formulas,
  lines,
  months,
  PROMISED,
  standing,
  topics,
  totals,
} from "./history.js";
import { gauge } from "./gauge.js";
import { mark } from "./marks.js";
import { count, hundredths, longMonth, say, weekdays } from "./say.js";
import "./series.js";
import { table } from "./table_view.js";

/** @import { TemplateResult } from "../signaling/browser/vendor/lit.js" */
/** @import { State } from "./state.js" */
/** @import { History, Me } from "./types.js" */
/** @import { Deeds } from "./view.js" */

/**
 * @param {State} state
 * @param {History} history
 * @param {Me} me
 * @param {Deeds} deeds
 * @returns {TemplateResult}
 */
export function historyPage(state, history, me, deeds) {
  const { report } = history;
  return html`
    <div class="headline">
      <h1 data-testid="title">${longMonth(report.window)}</h1>
      ${choice(state, me, deeds)}
    </div>
    <p class="problem" role="alert">${problem(state.problem)}</p>
    <div class="board two">
      ${levelCard(history)}
      ${table(say("Le mois en chiffres", "The month in figures"), [], totals(report))}
    </div>
    ${waitsSection(history)}
    ${rhythmSection(history)}
    ${reasons(history, me)}
    ${takeHome(report.window, state.service)}
  `;
}

/**
 * @param {State} state
 * @param {Me} me
 * @param {Deeds} deeds
 * @returns {TemplateResult}
 */
function choice(state, me, deeds) {
  const today = state.newest?.date ?? new Date().toISOString().slice(0, 10);
  /** @param {Event} event */
  const change = (event) => {
    const form = /** @type {HTMLElement} */ (event.currentTarget).closest("form");
    const chosen = new FormData(/** @type {HTMLFormElement} */ (form));
    deeds.chooseMonth(String(chosen.get("month")), String(chosen.get("service")));
  };
  return html`
    <form class="choice">
      <label>${say("Mois", "Month")}
        <select name="month" @change=${change}>${months(today).map((month) =>
          html`<option value=${month} ?selected=${month === state.month}>${
            longMonth(month)
          }</option>`
        )}</select></label>
      <label>${say("Service", "Service")}
        <select name="service" @change=${change}>
          <option value="">${say("Tous", "All")}</option>
          ${me.services.map((service) =>
            html`<option value=${service.id} ?selected=${
              service.id === state.service
            }>${service.title}</option>`
          )}
        </select></label>
    </form>
  `;
}

/**
 * @param {History} history
 * @returns {TemplateResult}
 */
function levelCard(history) {
  const { level, words, tone, before } = standing(history);
  const { shown } = history.report.level;
  return html`
    <section class="card" aria-labelledby="level">
      <h2 id="level">${say(
        "Niveau de service du mois",
        "Service level of the month",
      )}</h2>
      ${gauge(shown === null ? null : shown / 10_000, PROMISED / 10_000)}
      <p class="level"><strong data-testid="level">${level}</strong>
        <span class="result is-${tone}">${mark(tone)}${words}</span></p>
      <p class="hint">${before}</p>
      <details>
        <summary>${say(
          "Les autres formules courantes",
          "The other common formulas",
        )}</summary>
        ${table(
          say(
            "Six façons de compter les mêmes appels",
            "Six ways to count the same calls",
          ),
          [say("Formule", "Formula"), say("Niveau", "Level"), say("Calcul", "Counts")],
          formulas(history.report),
        )}
      </details>
    </section>
  `;
}

/**
 * @param {History} history
 * @returns {TemplateResult}
 */
function waitsSection(history) {
  const drawn = lines(history);
  return html`
    <section class="card" aria-labelledby="waits">
      <h2 id="waits">${say("Combien de temps on attend", "How long people wait")}</h2>
      ${histogram(history.report.histogram)}
      <details><summary>${say("Le même en tableau", "The same as a table")}</summary>
        ${table(
          say("Appels répondus selon leur attente", "Answered calls by their wait"),
          [say("Attente", "Wait"), say("Appels", "Calls")],
          history.report.histogram.map((
            calls,
            place,
          ) => [columnName(place), count(calls)]),
        )}
        ${table(
          say("Patience : qui part, et quand", "Patience: who leaves, and when"),
          [
            say("À partir de", "From"),
            say("Attendent encore", "Still waiting"),
            say("Partent alors", "Leave then"),
          ],
          history.report.patience
            .filter(([, waiting]) => (waiting ?? 0) > 0)
            .map(([second, waiting, gone]) => [
              `${second} s`,
              count(waiting ?? 0),
              count(gone ?? 0),
            ]),
        )}
      </details>
      <h3>${say("Jour par jour, en secondes", "Day by day, in seconds")}</h3>
      <illico-series .series=${{
        dates: history.days.map((day) => day.date),
        lines: drawn,
        unit: "s",
      }}></illico-series>
      <ul class="legend">${[
        ["p50", say("la moitié attend moins", "half wait less")],
        ["p90", say("9 sur 10 attendent moins", "9 of 10 wait less")],
        ["p95", say("95 sur 100 attendent moins", "95 of 100 wait less")],
        ["promise", say("la promesse : 60 s", "the promise: 60 s")],
      ].map(([name, words]) =>
        html`<li><svg class="sample is-${name}" viewBox="0 0 40 8" aria-hidden="true">
            <path d="M0 4h40" /></svg>${words}</li>`
      )}</ul>
      <details><summary>${say("Le même en tableau", "The same as a table")}</summary>
        ${table(
          say("Les jours du mois", "The days of the month"),
          [
            say("Jour", "Day"),
            say("Reçus", "Received"),
            say("À temps", "In time"),
            say("Niveau", "Level"),
            "p50",
            "p90",
            "p95",
          ],
          dayRows(history),
        )}
      </details>
    </section>
  `;
}

/**
 * @param {History} history
 * @returns {TemplateResult}
 */
function rhythmSection(history) {
  const names = weekdays();
  return html`
    <section class="card" aria-labelledby="rhythm">
      <h2 id="rhythm">${say("À quelles heures on appelle", "When people call")}</h2>
      <div class="wide" tabindex="0" role="region" aria-labelledby="rhythm">
        ${heatmap(history.week)}</div>
      <p class="hint">${say(
        "Nombre d’appels par heure, à l’heure de Paris ; plus c’est foncé, plus il y en a. Un trait en bas : moins de 95 % à temps.",
        "Calls an hour, in Paris time; the darker, the more. A bar at the bottom: less than 95 % in time.",
      )}</p>
      <details><summary>${say("Le même en tableau", "The same as a table")}</summary>
        ${table(
          say("Appels et niveau, heure par heure", "Calls and level, hour by hour"),
          [say("Heure", "Hour"), say("Appels", "Calls"), say("Niveau", "Level")],
          history.week.flatMap((row, day) =>
            row.flatMap((cell, hour) =>
              cell.offered === 0 ? [] : [[
                `${names[day]} ${hour} h`,
                count(cell.offered),
                hundredths(cell.level.shown),
              ]]
            )
          ),
        )}
      </details>
    </section>
  `;
}

/**
 * @param {History} history
 * @param {Me} me
 * @returns {TemplateResult}
 */
function reasons(history, me) {
  return table(
    say("Motifs des appels", "Reasons for calls"),
    [say("Motif", "Reason"), say("Appels", "Calls")],
    topics(history.report, me).map(([topic, calls]) => [topic, count(calls)]),
  );
}

/**
 * @param {string} month
 * @param {string} service
 * @returns {TemplateResult}
 */
function takeHome(month, service) {
  const query = service === "" ? "" : `?${new URLSearchParams({ service })}`;
  const root = `/api/v1/months/${month}`;
  return html`
    <section class="card" aria-labelledby="home">
      <h2 id="home">${say("Emporter les chiffres", "Take the figures home")}</h2>
      <ul class="files">
        <li><a href="${root}/days.csv${query}" download>${say(
          "Le mois, jour par jour (CSV pour tableur)",
          "The month by day (CSV)",
        )}</a></li>
        <li><a href="${root}/calls.csv${query}" download>${say(
          "Le mois, appel par appel (CSV pour tableur)",
          "The month call by call (CSV)",
        )}</a></li>
        <li><a href="${root}${query}" download="illico-${month}.json">${say(
          "Le mois entier (JSON)",
          "The whole month (JSON)",
        )}</a></li>
      </ul>
    </section>
  `;
}
