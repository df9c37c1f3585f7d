/** A call-back: the caller may go, the page keeps the place, then rings to be seen. */

import { icon } from "../signaling/browser/icons.js";
import { button, notice, say } from "../signaling/browser/say.js";
import { text } from "../signaling/browser/texts.js";
import { html, nothing } from "../signaling/browser/vendor/lit.js";
import { header } from "./entry_view.js";
import { waitWords } from "./wait_words.js";

/** @import { TemplateResult } from "../signaling/browser/vendor/lit.js" */
/** @import { State } from "./state.js" */

/**
 * @typedef {object} BackActions
 * @property {() => void} comeBack
 * @property {() => void} leave
 */

/**
 * @param {State} state
 * @param {BackActions} actions
 * @returns {TemplateResult}
 */
export function callBackView(state, actions) {
  const wait = waitWords(state.low, state.high);
  return html`${header(state)}
    <main class="single back">
      <div class="sign good">${icon("callBack")}</div>
      <div role="status">
        <h1 tabindex="-1">${say("back-title")}</h1>
        <p class="lead">${say("back-more")}</p>
      </div>
      ${
    wait === null || state.nobody
      ? nothing
      : html`<p class="promise">${icon("clock")}${say(wait.key, wait.facts)}</p>`
  }
      <ul class="notes">
        <li>${icon("bell")}${say("back-sign")}</li>
        <li>${icon("cameraOff")}${say("back-camera")}</li>
      </ul>
      <div class="news" role="status">${
    state.channel === "open" ? nothing : notice("warn", "network", "call-reconnecting")
  }</div>
      <div class="calls">
        ${
    button({
      key: "back-come",
      icon: "clock",
      kind: "main",
      press: actions.comeBack,
      testid: "come-back",
    })
  } ${
    button({
      key: "back-cancel",
      icon: "door",
      press: actions.leave,
      testid: "leave",
    })
  }
      </div>
    </main>`;
}

/**
 * The page rings: large, slow, in words; one press answers.
 * @param {State} state
 * @param {number} at now
 * @param {BackActions} actions
 * @returns {TemplateResult}
 */
export function summonView(state, at, actions) {
  return html`${header(state)}
    <main class="single summon" data-testid="summon">
      <div class="bell">${icon("callBack")}</div>
      <div role="alert">
        <h1 tabindex="-1">${say("summon-title", { name: state.agent })}</h1>
        <p class="lead">${say("summon-more")}</p>
      </div>
      ${
    button({
      key: "summon-come",
      icon: state.mode === "video" ? "hands" : "text",
      kind: "main big",
      press: actions.comeBack,
      testid: "come-back",
    })
  }
      ${state.until === null ? nothing : countdown(state, at)}
      ${
    button({ key: "back-cancel", icon: "door", press: actions.leave, testid: "leave" })
  }
    </main>`;
}

/**
 * @param {State} state
 * @param {number} at now
 */
function countdown(state, at) {
  const left = Math.max(0, (state.until ?? at) - at);
  const seconds = Math.ceil(left / 1000);
  return html`
    <div class="left">
      <progress
        max=${Math.max(1, state.whole)}
        .value=${left}
        aria-label=${text("summon-left", { seconds })}
      ></progress>
      <p aria-hidden="true">${say("summon-left", { seconds })}</p>
    </div>
  `;
}
