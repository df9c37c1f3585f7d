/** After a call: why it ended, three faces, and the way back. */

import { duration } from "../signaling/browser/clock.js";
import { icon } from "../signaling/browser/icons.js";
import { button, say } from "../signaling/browser/say.js";
import { keyOf, text } from "../signaling/browser/texts.js";
import { html, nothing } from "../signaling/browser/vendor/lit.js";
import { header } from "./entry_view.js";
import { regular } from "./regular_view.js";

/** @import { IconName } from "../signaling/browser/icons.js" */
/** @import { TextKey } from "../signaling/browser/texts.js" */
/** @import { TemplateResult } from "../signaling/browser/vendor/lit.js" */
/** @import { Face } from "../signaling/browser/wire.js" */
/** @import { RegularActions } from "./regular_view.js" */
/** @import { State } from "./state.js" */

/**
 * @typedef {object} OwnActions
 * @property {() => void} again
 * @property {() => void} home
 * @property {() => void} takeOver
 * @property {(face: Face) => void} rate
 */

/** @typedef {OwnActions & RegularActions} EndActions */

/**
 * What each end looks like; who leaves has done nothing to be warned of.
 * @type {Readonly<Record<string, { tone: "good" | "warn" | "", sign: IconName }>>}
 */
const SIGNS = {
  caller_hung_up: { tone: "good", sign: "check" },
  agent_hung_up: { tone: "good", sign: "check" },
  abandoned: { tone: "", sign: "door" },
  caller_lost: { tone: "", sign: "network" },
  lost_waiting: { tone: "", sign: "network" },
  no_one_there: { tone: "warn", sign: "people" },
  left_another_way: { tone: "good", sign: "film" },
  call_back_missed: { tone: "", sign: "callBack" },
  technical: { tone: "warn", sign: "warning" },
};

/** @type {readonly Face[]} */
const FACES = ["good", "fair", "bad"];

/**
 * @param {State} state
 * @param {EndActions} actions
 * @returns {TemplateResult}
 */
export function endView(state, actions) {
  const reason = state.ended?.reason ?? "other";
  const { tone, sign } = SIGNS[reason] ?? { tone: "", sign: "door" };
  return html`${header(state)}
    <main class="single" data-reason=${reason}>
      <div class="sign ${tone}">${icon(sign)}</div>
      <div role="status">
        <h1 tabindex="-1">${say("ended-title")}</h1>
        <p class="lead" data-testid="reason">${say(because(state))}</p>
      </div>
      ${times(state)} ${faces(state, actions)}
      <div class="calls">
        ${videoMessage(state)} ${regular(state, actions)} ${
    button({
      key: "ended-again",
      icon: "hands",
      kind: leads(state) ? "" : "main",
      press: actions.again,
      testid: "again",
    })
  } ${button({ key: "ended-home", icon: "back", press: actions.home, testid: "home" })}
      </div>
    </main>`;
}

/**
 * @param {State} state
 * @param {EndActions} actions
 * @returns {TemplateResult}
 */
export function supersededView(state, actions) {
  return html`${header(state)}
    <main class="single">
      <div class="sign">${icon("windows")}</div>
      <h1 tabindex="-1">${say("superseded-title")}</h1>
      <p class="lead">${say("superseded-more")}</p>
      ${
    button({
      key: "superseded-here",
      icon: "reload",
      kind: "main",
      press: actions.takeOver,
      testid: "take-over",
    })
  }
    </main>`;
}

/**
 * Why it ended; that we called back is only told where an agent did.
 * @param {State} state
 * @returns {TextKey}
 */
function because({ ended, agent }) {
  const reason = ended?.reason ?? "other";
  if (reason === "call_back_missed" && agent === "") return "ended-call_back_over";
  return keyOf("ended", reason);
}

/**
 * Whether the end page has something that comes before a new call.
 * @param {State} state
 */
function leads(state) {
  return state.ended?.reason === "left_another_way";
}

/**
 * Where the company takes the video message that the caller has chosen.
 * @param {State} state
 */
function videoMessage(state) {
  const address = state.service?.video_message ?? null;
  if (address === null || !leads(state)) return nothing;
  return html`
    <a class="button main big" href=${address} rel="noreferrer"
      data-testid="video-message">
      ${icon("film")}<span>${text("ended-message")}</span>
    </a>
  `;
}

/** @param {State} state */
function times(state) {
  const ended = state.ended;
  if (ended === null || ended.waited_ms + ended.talk_ms === 0) return nothing;
  const span = (/** @type {number} */ ms) => duration(Math.round(ms / 1000));
  return html`<dl class="times">
    <div><dt>${text("ended-waited")}</dt><dd>${span(ended.waited_ms)}</dd></div>
    ${
    ended.talk_ms === 0 ? nothing : html`
      <div>
        <dt>${text("ended-talked")}</dt>
        <dd>${span(ended.talk_ms)}</dd>
      </div>
    `
  }
  </dl>`;
}

/**
 * @param {State} state
 * @param {EndActions} actions
 */
function faces(state, actions) {
  if (state.talking === 0) return nothing;
  if (state.rated !== null) {
    return html`<p class="notice good" role="status" data-testid="thanks">
      ${icon(state.rated)}${say("rate-thanks")}
    </p>`;
  }
  return html`
    <section class="rate" aria-labelledby="rate">
      <h2 id="rate">${say("rate-title")}</h2>
      <div class="faces">${FACES.map((face) =>
        html`
          <button
            class="face ${face}"
            type="button"
            data-testid="rate-${face}"
            @click=${() => actions.rate(face)}
          >${icon(face)}<lsf-clip key="rate-${face}"></lsf-clip><span>${text(
            `rate-${face}`,
          )}</span></button>
        `
      )}</div>
    </section>
  `;
}
