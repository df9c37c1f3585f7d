/** The visible ring: who calls, how long is left, take it or pass it on. */

import "../signaling/browser/self_view.js";
import { duration, secondsSince } from "../signaling/browser/clock.js";
import { icon } from "../signaling/browser/icons.js";
import { button, say } from "../signaling/browser/say.js";
import { keyOf, text } from "../signaling/browser/texts.js";
import { html, nothing } from "../signaling/browser/vendor/lit.js";

/** @import { IconName } from "../signaling/browser/icons.js" */
/** @import { OfferReason } from "../signaling/browser/wire.js" */
/** @import { TextKey } from "../signaling/browser/texts.js" */
/** @import { TemplateResult } from "../signaling/browser/vendor/lit.js" */
/** @import { Card, State } from "./state.js" */

/**
 * @typedef {object} RingActions
 * @property {() => void} accept
 * @property {() => void} refuse
 */

/**
 * @param {State} state
 * @param {number} at now
 * @param {MediaStream | null} camera
 * @param {RingActions} actions
 * @returns {TemplateResult}
 */
export function ringView(state, at, camera, actions) {
  const card = state.card;
  const left = state.until === null ? 0 : Math.max(0, state.until - at);
  const refuse = (/** @type {Event} */ event) => {
    event.preventDefault();
    actions.refuse();
  };
  return html`
    <dialog
      class="ring-dialog"
      role="alertdialog"
      aria-labelledby="ring-title"
      aria-describedby="ring-facts"
      data-testid="ring"
      @cancel=${refuse}
    >
        <div class="bell">${icon("bell")}</div>
        <h1 id="ring-title">${say("ring-title", { company: card?.company ?? "" })}</h1>
        ${reason(card)}
        ${card === null ? nothing : html`<dl id="ring-facts">
        ${fact("ring-topic", card.topic ?? text("ring-no-topic"))}
        ${
          fact(
            "ring-mode",
            card.variant ?? text(card.mode === "video" ? "ring-video" : "ring-text"),
          )
        }
        ${fact("ring-waited", duration(secondsSince(card.since, at)))}
      </dl>`}
        <div class="left">
          <progress
            max=${Math.max(1, state.whole)}
            .value=${left}
            aria-label=${text("ring-left", { seconds: Math.ceil(left / 1000) })}
          ></progress>
          <p aria-hidden="true">${say("ring-left", {
            seconds: Math.ceil(left / 1000),
          })}</p>
        </div>
        <div class="calls">
          ${button({
            key: "ring-accept",
            icon: "hands",
            kind: "main big",
            press: actions.accept,
            testid: "accept",
            disabled: state.answered,
          })} ${button({
            key: "ring-refuse",
            icon: "cross",
            kind: "big",
            press: actions.refuse,
            testid: "refuse",
            disabled: state.answered,
          })}
        </div>
        ${card?.mode === "video"
          ? html`<div class="mirror">
          ${
            camera === null
              ? html`<p class="fact">${icon("cameraOff")}${
                say(state.camera === "asking" ? "mirror-asking" : "console-no-camera")
              }</p>`
              : html`
                <self-view paper .stream=${camera}></self-view>
                <p class="fact">${icon("camera")}${say("camera-is-on")}</p>
              `
          }
        </div>`
          : nothing}
        <p class="soft keys">${say("ring-keys")}</p>
      </dialog>
  `;
}

/** @type {Readonly<Record<OfferReason, IconName>>} */
const SIGNS = {
  first_offer: "bell",
  again: "reload",
  call_back: "callBack",
  transfer: "swap",
  not_understood: "doubt",
  preferred: "person",
};

/**
 * Why it rings here, where that is worth a word.
 * @param {Card | null} card
 */
function reason(card) {
  if (card === null || card.why === "first_offer") return nothing;
  return html`<p class="why" data-testid="why" data-why=${card.why}>
    ${icon(SIGNS[card.why])}${say(keyOf("why", card.why))}
  </p>`;
}

/**
 * @param {TextKey} key
 * @param {string} value
 */
function fact(key, value) {
  return html`
    <div>
      <dt>${text(key)}</dt>
      <dd>${value}</dd>
    </div>
  `;
}
