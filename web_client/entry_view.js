/** Before a call: who answers, who sees you, one big button; or when it opens. */

import { signers } from "../signaling/browser/guide.js";
import { icon, logo } from "../signaling/browser/icons.js";
import { languageButton } from "../signaling/browser/language_view.js";
import { button, notice, say } from "../signaling/browser/say.js";
import { keyOf, language, text, when } from "../signaling/browser/texts.js";
import { html, nothing } from "../signaling/browser/vendor/lit.js";
import { regular } from "./regular_view.js";
import { variantLabel, variants } from "./variants_view.js";

/** @import { IconName } from "../signaling/browser/icons.js" */
/** @import { TextKey } from "../signaling/browser/texts.js" */
/** @import { TemplateResult } from "../signaling/browser/vendor/lit.js" */
/** @import { ClosedReason } from "../signaling/browser/wire.js" */
/** @import { RegularActions } from "./regular_view.js" */
/** @import { State } from "./state.js" */
/** @import { VariantActions } from "./variants_view.js" */

/**
 * @typedef {object} EntryActions
 * @property {() => void} prepare
 * @property {() => void} callByText
 * @property {(topic: string | null) => void} pick
 */

/** @typedef {EntryActions & VariantActions & RegularActions} Actions */

/**
 * @param {State} state
 * @param {Actions} actions
 * @returns {TemplateResult}
 */
export function entryView(state, actions) {
  const company = state.service?.company ?? "";
  const variant = variantLabel(state);
  return html`
    ${header(state)}
        <main class="entry">
      <div class="welcome">
            <h1 tabindex="-1">${say("entry-title", { company })}</h1>
            <p class="promise">${icon("clock")}${say("entry-promise")}</p>
            ${state.problem === null
              ? nothing
              : notice("warn", "warning", keyOf("problem", state.problem))}
            ${topics(state, actions)} ${variants(state, actions)}
            <div class="calls">
              ${button({
                key: variant === null ? "entry-call" : "entry-call-variant",
                facts: { variant: variant ?? "" },
                icon: "hands",
                kind: "main big",
                press: actions.prepare,
                testid: "call-video",
              })} ${button({
                key: "entry-text",
                icon: "text",
                press: actions.callByText,
                testid: "call-text",
              })} ${regular(state, actions)}
            </div>
          </div>
      <div class="drawing">${signers()}</div>
      <ul class="facts">
            ${fact("eye", "entry-seen", "entry-seen-more", company)}
            ${fact("kept", "entry-kept", "entry-kept-more", company)}
            ${fact("gift", "entry-price", "entry-price-more", company)}
          </ul>
    </main>
        ${footer()}
  `;
}

/**
 * @param {State} state
 * @returns {TemplateResult}
 */
export function closedView(state) {
  const company = state.service?.company ?? "";
  return html`
    ${header(state)}
        <main class="single" data-testid="closed">
      <div class="sign">${icon("clock")}</div>
      <h1 tabindex="-1">${say("closed-title", { company })}</h1>
      ${closedFor(state)}
      <p class="lead" data-testid="opens-at">${state.opensAt === null
        ? say("closed-unknown")
        : say("closed-opens", { when: when(state.opensAt) })}</p>
      <p>${say("closed-again")}</p>
    </main>
        ${footer()}
  `;
}

/** @type {Readonly<Record<ClosedReason, TextKey>>} */
const CLOSED_FOR = { holiday: "closed-holiday" };

/** @param {State} state */
function closedFor({ closedFor: reason }) {
  if (reason === null) return nothing;
  return html`<p class="lead" data-testid="closed-for" data-reason=${reason}>
    ${say(CLOSED_FOR[reason])}
  </p>`;
}

/** Where a language can be chosen: not while somebody waits or talks. */
const SWITCHED = new Set(["entry", "closed", "ended"]);

/**
 * @param {State} state
 * @returns {TemplateResult}
 */
export function header(state) {
  return html`<header class="top">
    ${logo()}
    <p><strong>${state.service?.company ?? text("brand")}</strong><span>${
    text("brand-with")
  }</span></p>
    ${SWITCHED.has(state.screen) ? languageButton() : nothing}
  </header>`;
}

function footer() {
  return html`
    <footer class="foot">
      <p>${icon("emergency")}<span>${say("entry-emergency")} <span class="soft">${say(
        "entry-emergency-more",
      )}</span></span></p>
      <a class="button" href="https://www.urgence114.fr" rel="noreferrer"
        data-testid="emergency"
      >${text("entry-emergency-link")}</a>
    </footer>
  `;
}

/**
 * @param {IconName} sign
 * @param {TextKey} key
 * @param {TextKey} more
 * @param {string} company
 */
function fact(sign, key, more, company) {
  return html`<li>
    ${icon(sign)}
    <div><h2>${say(key)}</h2><p>${say(more, { company })}</p></div>
  </li>`;
}

/**
 * @param {State} state
 * @param {EntryActions} actions
 */
function topics(state, actions) {
  const known = state.service?.topics ?? [];
  if (known.length === 0) return nothing;
  const any = { slug: null, label: text("entry-topic-any") };
  return html`
    <fieldset class="topics">
      <legend>${say("entry-topic")} <span class="soft">${text(
        "entry-topic-optional",
      )}</span></legend>
      <div class="chips">${[...known, any].map(({ slug, label }) =>
        html`
          <label class="chip">
            <input
              type="radio"
              name="topic"
              data-testid="topic-${slug ?? "any"}"
              .checked=${state.topic === slug}
              @change=${() => actions.pick(slug)}
            />
            <lsf-clip key="topic-${slug ?? "any"}"></lsf-clip>
            <span lang=${slug === null ? language() : "fr"}>${label}</span>
          </label>
        `
      )}</div>
    </fieldset>
  `;
}
