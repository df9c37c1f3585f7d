/** The API keys of a company: made here, shown once, revoked for good. */

import { html, nothing } from "../signaling/browser/vendor/lit.js";
import { problem } from "./day_view.js";
import { moment, say } from "./say.js";

/** @import { TemplateResult } from "../signaling/browser/vendor/lit.js" */
/** @import { State } from "./state.js" */
/** @import { ApiKey, ApiKeys } from "./types.js" */
/** @import { Deeds } from "./view.js" */

/** @returns {readonly (readonly [string, string])[]} */
function scopes() {
  return [
    [
      "figures",
      say("Chiffres : jours, demi-heures, mois", "Figures: days, half-hours, months"),
    ],
    ["calls", say("Appels, ligne à ligne", "Calls, line by line")],
    ["proof", say("Preuve : empreintes et chaîne", "Proof: heads and chain")],
  ];
}

/**
 * @param {State} state
 * @param {ApiKeys} keys
 * @param {Deeds} deeds
 * @returns {TemplateResult}
 */
export function keysPage(state, keys, deeds) {
  return html`
    <div class="headline">
      <h1 data-testid="title">${say("Clés d’API", "API keys")}</h1>
    </div>
    <p class="lead">${say(
      "Vos programmes lisent vos chiffres avec une clé. ",
      "Your programs read your figures with a key. ",
    )}<a href="/api/v1">${say(
      "Ce qu’ils peuvent demander",
      "What they may ask",
    )}</a></p>
    <p class="problem" role="alert">${problem(state.problem)}</p>
    <div role="status">${keys.secret === null ? nothing : secret(keys.secret)}</div>
    ${form(state, deeds)}
    ${list(keys.keys, deeds)}
  `;
}

/**
 * @param {string} text
 * @returns {TemplateResult}
 */
function secret(text) {
  return html`
    <section class="card secret">
      <h2>${say("Votre nouvelle clé", "Your new key")}</h2>
      <p>${say(
        "Copiez-la maintenant : elle ne sera plus jamais montrée.",
        "Copy it now: it will never be shown again.",
      )}</p>
      <p><code data-testid="secret">${text}</code></p>
    </section>
  `;
}

/**
 * @param {State} state
 * @param {Deeds} deeds
 * @returns {TemplateResult}
 */
function form(state, deeds) {
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    const wish = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    deeds.makeKey(String(wish.get("name")), wish.getAll("scope").map(String));
  };
  return html`
    <form class="card key-form" @submit=${submit}>
      <h2>${say("Créer une clé", "Make a key")}</h2>
      <label for="key-name">${say(
        "Nom, pour la reconnaître",
        "Name, to know it by",
      )}</label>
      <input id="key-name" name="name" required maxlength="80" autocomplete="off">
      <fieldset>
        <legend>${say("Ce qu’elle ouvre", "What it opens")}</legend>
        ${scopes().map(([scope, words]) =>
          html`<label class="check"><input type="checkbox" name="scope" value=${scope}
        ?checked=${scope === "figures"}> ${words}</label>`
        )}
      </fieldset>
      <button class="button main" type="submit" ?disabled=${state.busy}>${say(
        "Créer la clé",
        "Make the key",
      )}</button>
    </form>
  `;
}

/**
 * @param {readonly ApiKey[]} keys
 * @param {Deeds} deeds
 * @returns {TemplateResult}
 */
function list(keys, deeds) {
  return html`
    <div class="wide" tabindex="0" role="region" aria-labelledby="keys">
      <table class="table" data-testid="keys">
        <caption id="keys">${say(
          "Clés de l’entreprise",
          "The company’s keys",
        )}</caption>
        <thead>
          <tr>
            <th scope="col">${say("Nom", "Name")}</th>
            <th scope="col">${say("Commence par", "Begins with")}</th>
            <th scope="col">${say("Ouvre", "Opens")}</th>
            <th scope="col">${say("Créée", "Made")}</th>
            <th scope="col">${say("État", "State")}</th>
          </tr>
        </thead>
        <tbody>${keys.length === 0
          ? html`
            <tr>
              <td colspan="5">${say("Aucune clé.", "No key.")}</td>
            </tr>
          `
          : keys.map((key) => row(key, deeds))}</tbody>
      </table>
    </div>
  `;
}

/**
 * @param {ApiKey} key
 * @param {Deeds} deeds
 * @returns {TemplateResult}
 */
function row(key, deeds) {
  return html`
    <tr>
      <th scope="row">${key.name}</th>
      <td><code>${key.begins}…</code></td>
      <td>${scopes().filter(([scope]) => key.scopes.includes(scope)).map(([, words]) =>
        html`<span class="scope">${words}</span>`
      )}</td>
      <td>${moment(key.created_ms)}</td>
      <td>${key.revoked_ms === null
        ? html`<details class="sure"><summary>${say("Révoquer…", "Revoke…")}</summary>
          <button class="button small" type="button"
            aria-label=${
          say(`Révoquer « ${key.name} » pour toujours`, `Revoke “${key.name}” for good`)
        }
            @click=${() => deeds.revokeKey(key.id)}>${
          say("Oui, pour toujours", "Yes, for good")
        }</button></details>`
        : say(
          `Révoquée le ${moment(key.revoked_ms)}`,
          `Revoked ${moment(key.revoked_ms)}`,
        )}</td>
    </tr>
  `;
}
