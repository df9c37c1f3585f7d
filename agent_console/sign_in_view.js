/** The agents' way in: two fields that password managers know. */

import { icon } from "../signaling/browser/icons.js";
import { notice, say } from "../signaling/browser/say.js";
import { keyOf, text } from "../signaling/browser/texts.js";
import { html, nothing } from "../signaling/browser/vendor/lit.js";

/** @import { TemplateResult } from "../signaling/browser/vendor/lit.js" */
/** @import { State } from "./state.js" */

/**
 * @typedef {object} SignInActions
 * @property {(login: string, password: string) => void} signIn
 */

/**
 * @param {State} state
 * @param {SignInActions} actions
 * @returns {TemplateResult}
 */
export function signInView(state, actions) {
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    actions.signIn(String(form.get("login")), String(form.get("password")));
  };
  return html`
    <main class="single">
      <form class="card" data-testid="sign-in" @submit=${submit}>
        <h1 tabindex="-1">${say("signin-title")}</h1>
        <div role="alert">${state.problem === null
          ? nothing
          : notice("bad", "warning", keyOf("problem", state.problem))}</div>
        <label>
            ${say("signin-login")}
            <input
              name="login"
              data-testid="login"
              autocomplete="username"
              autocapitalize="none"
              spellcheck="false"
              required
            />
          </label>
        <label>
            ${say("signin-password")}
            <input
              name="password"
              data-testid="password"
              type="password"
              autocomplete="current-password"
              required
            />
          </label>
        <button
          class="button main big"
          data-testid="sign-in-go"
          ?disabled=${state.signing}
        >${icon("lock")}<span>${text(
          state.signing ? "signin-going" : "signin-go",
        )}</span></button>
      </form>
    </main>
  `;
}
