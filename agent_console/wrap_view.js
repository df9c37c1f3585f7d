/** After a call: notes, a rest that nothing shortens, and what comes next. */

import { duration } from "../signaling/browser/clock.js";
import { icon } from "../signaling/browser/icons.js";
import { button, say } from "../signaling/browser/say.js";
import { keyOf, text } from "../signaling/browser/texts.js";
import { html, nothing } from "../signaling/browser/vendor/lit.js";
import { newsView, restOf } from "./desk_view.js";
import { coolsDown } from "./state.js";

/** @import { TemplateResult } from "../signaling/browser/vendor/lit.js" */
/** @import { State } from "./state.js" */

/**
 * @typedef {object} WrapActions
 * @property {(ready: boolean) => void} finish
 * @property {() => void} takeBreak
 * @property {() => void} reconnect
 */

/**
 * @param {State} state
 * @param {number} at now
 * @param {WrapActions} actions
 * @returns {TemplateResult}
 */
export function wrapView(state, at, actions) {
  const cools = coolsDown(state, at);
  return html`<main class="single">
    ${newsView(state, actions)}
    <div class="sign">${icon("note")}</div>
    <div role="status">
      <h1 tabindex="-1">${say("wrap-title")}</h1>
      ${
    state.ended === null
      ? nothing
      : html`<p class="lead" data-testid="reason">${
        say(keyOf("wrap", state.ended.reason))
      }</p>`
  }
    </div>
    <p>${say("wrap-more")}</p>
    ${remaining(state, at)}
    <div class="calls">
      ${
    button({
      key: cools ? "wrap-ready-in" : "wrap-ready",
      facts: { duration: restOf(state.cool, at) },
      icon: cools ? "clock" : "check",
      kind: "main big",
      press: () => actions.finish(true),
      testid: "wrap-ready",
      disabled: cools,
    })
  } ${
    button({
      key: "be-on-break",
      icon: "coffee",
      kind: "big",
      press: actions.takeBreak,
      testid: "be-on-break",
    })
  } ${
    button({
      key: "wrap-away",
      icon: "door",
      kind: "big",
      press: () => actions.finish(false),
      testid: "wrap-away",
    })
  }
    </div>
  </main>`;
}

/**
 * How long the notes may take, and what the time's end brings.
 * @param {State} state
 * @param {number} at now
 */
function remaining(state, at) {
  if (state.until === null) return nothing;
  const left = Math.max(0, state.until - at);
  const key = state.wish === "break" ? "wrap-left-break" : "wrap-left";
  return html`
    <div class="left">
      <progress
        max=${Math.max(1, state.whole)}
        .value=${left}
        aria-label=${text("wrap-title")}
      ></progress>
      <p data-testid="wrap-left">${say(key, {
        duration: duration(Math.ceil(left / 1000)),
      })}</p>
    </div>
  `;
}
