/** The frame of every page: the door, the head with its ways, and what is below. */

import { html, nothing } from "../signaling/browser/vendor/lit.js";
import { logo } from "../signaling/browser/icons.js";
import { languageButton } from "../signaling/browser/language_view.js";
import { day, problem, waiting } from "./day_view.js";
import { chainPage } from "./chain_view.js";
import { historyPage } from "./history_view.js";
import { keysPage } from "./keys_view.js";
import { livePage } from "./live_view.js";
import { say } from "./say.js";

/** @import { TemplateResult } from "../signaling/browser/vendor/lit.js" */
/** @import { State } from "./state.js" */
/** @import { Me } from "./types.js" */

/**
 * @typedef {object} Deeds
 * @property {(login: string, password: string) => void} signIn
 * @property {() => void} signOut
 * @property {(date: string | null) => void} chooseDate
 * @property {(date: string) => void} showHalfHours
 * @property {(month: string, service: string) => void} chooseMonth
 * @property {(name: string, scopes: readonly string[]) => void} makeKey
 * @property {(id: string) => void} revokeKey
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
      state.problem || say("Ouverture du portail…", "Opening the portal…")
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
      <h1>${say("Portail des entreprises", "Portal for companies")}</h1>
      <p class="lead">${say(
        "La promesse des 60 secondes, vérifiable.",
        "The promise of 60 seconds, for you to check.",
      )}</p>
      <form @submit=${submit} data-testid="sign-in">
        <label for="login">${say("Identifiant", "Login")}</label>
        <input id="login" name="login" autocomplete="username" autocapitalize="none"
          spellcheck="false" required>
        <label for="password">${say("Mot de passe", "Password")}</label>
        <input id="password" name="password" type="password"
          autocomplete="current-password" required>
        <p class="problem" role="alert" data-testid="problem">${problem(
          state.problem,
        )}</p>
        <button class="button main" type="submit" ?disabled=${state.busy}>
          ${say("Se connecter", "Sign in")}
        </button>
      </form>
      ${languageButton()}
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
      ${languageButton()}
      <button class="button" type="button" data-testid="sign-out"
        @click=${deeds.signOut}>${say("Se déconnecter", "Sign out")}</button>
    </header>
    ${ways(state)}
    <main class="desk" aria-busy=${state.busy}>${below(state, me, deeds)}</main>
  `;
}

/**
 * @param {State} state
 * @returns {TemplateResult}
 */
function ways(state) {
  return html`
    <nav class="ways" aria-label=${say("Pages du portail", "Pages of the portal")}>
      <ul>
        ${pages().map(([page, title]) =>
          html`<li><a href="/${page === "live" ? "" : page}"
            aria-current=${page === state.page ? "page" : nothing}>${title}</a></li>`
        )}
      </ul>
    </nav>
  `;
}

/**
 * Every page, by the last part of its address.
 * @returns {readonly (readonly [State["page"], string])[]}
 */
export function pages() {
  return [
    ["live", say("En direct", "Live")],
    ["day", say("Journée", "Day")],
    ["history", say("Historique", "History")],
    ["chain", say("Preuve", "Proof")],
    ["keys", say("Clés", "Keys")],
  ];
}

/**
 * @param {State} state
 * @param {Me} me
 * @param {Deeds} deeds
 * @returns {Part}
 */
function below(state, me, deeds) {
  const { page, sheet, history, heads, keys } = state;
  if (page === "history" && history !== null) {
    return historyPage(state, history, me, deeds);
  }
  if (page === "chain" && heads !== null) return chainPage(state, heads);
  if (page === "keys" && keys !== null) return keysPage(state, keys, deeds);
  if (page === "live" && sheet !== null) return livePage(state, sheet, me, deeds);
  if (page === "day" && sheet !== null) return day(state, sheet, me, deeds);
  return waiting(state);
}
