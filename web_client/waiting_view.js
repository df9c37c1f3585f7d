/** Waiting: the place, the seconds, what comes next; honest when nobody is there. */

import { secondsSince } from "../signaling/browser/clock.js";
import { icon } from "../signaling/browser/icons.js";
import { ring } from "../signaling/browser/ring.js";
import { button, notice, say } from "../signaling/browser/say.js";
import { keyOf, text } from "../signaling/browser/texts.js";
import { html, nothing } from "../signaling/browser/vendor/lit.js";
import { header } from "./entry_view.js";
import { missingCamera } from "./state.js";
import { breaksPromise, waitWords } from "./wait_words.js";
import { ways } from "./ways_view.js";

/** @import { IconName } from "../signaling/browser/icons.js" */
/** @import { TextKey } from "../signaling/browser/texts.js" */
/** @import { TemplateResult } from "../signaling/browser/vendor/lit.js" */
/** @import { State } from "./state.js" */
/** @import { WaysActions } from "./ways_view.js" */

/**
 * @typedef {object} Staying
 * @property {() => void} leave
 * @property {() => void} stay
 */

/** @typedef {Staying & WaysActions} WaitingActions */

/** The contract's number. */
const PROMISE_S = 60;

/**
 * @param {State} state
 * @param {number} at now
 * @param {MediaStream | null} self
 * @param {WaitingActions} actions
 * @returns {TemplateResult}
 */
export function waitingView(state, at, self, actions) {
  const waited = secondsSince(state.since, at);
  const late = waited >= PROMISE_S;
  return html`${header(state)}
    <main class="waiting" data-found=${state.found} data-nobody=${state.nobody}>
      <div class="now">
        ${
    ring({
      part: waited / PROMISE_S,
      figure: waited < 600 ? String(waited) : `${Math.floor(waited / 60)}`,
      unit: text(unitOf(waited)),
      tone: late ? "warn" : "good",
    })
  }
        <p class="unseen" data-testid="waited" data-seconds=${waited}></p>
        <div class="words">
          <div role="status">
            <h1 tabindex="-1" data-testid="place">${place(state)}</h1>
          </div>
          ${promise(state, late)}
        </div>
      </div>
      <div role="status" class="news">
        ${
    state.channel === "open" ? nothing : notice("warn", "network", "call-reconnecting")
  } ${
    state.requeued === null
      ? nothing
      : notice("plain", "search", keyOf("requeue", state.requeued))
  } ${pictureNews(state)} ${
    state.problem === null
      ? nothing
      : notice("warn", "warning", keyOf("problem", state.problem))
  }
      </div>
      ${state.nobody && !state.stays ? nobody(actions) : steps(state)}
      ${ways(state, actions)}
      <div class="end">
        ${
    self === null
      ? nothing
      : html`<self-view class="mine" paper .stream=${self}></self-view>`
  }
        ${
    state.nobody && !state.stays ? nothing : button({
      key: "waiting-cancel",
      icon: "door",
      press: actions.leave,
      testid: "leave",
    })
  }
      </div>
    </main>`;
}

/**
 * The caller went on without waiting for the camera: what has become of it.
 * @param {State} state
 */
function pictureNews(state) {
  if (state.mode !== "video") return nothing;
  if (state.camera === "asking") return notice("plain", "camera", "mirror-asking");
  const why = missingCamera(state);
  return why === null ? nothing : notice("warn", "cameraOff", `camera-${why}`);
}

/** @param {number} waited in seconds */
function unitOf(waited) {
  if (waited >= 600) return "unit-minutes";
  return waited < 2 ? "unit-second" : "unit-seconds";
}

/** @param {State} state */
function place(state) {
  if (state.found) return say("waiting-found");
  if (state.call === null) return say("waiting-sending");
  if (state.nobody) return say("waiting-nobody");
  if (state.position === null || state.position <= 1) return say("waiting-next");
  return say("waiting-position", { position: state.position });
}

/**
 * The promise while it holds, or else how long it will be; never both where they
 * contradict each other, and no promise where nobody is there.
 * @param {State} state
 * @param {boolean} late
 */
function promise(state, late) {
  const wait = state.found || state.nobody ? null : waitWords(state.low, state.high);
  if (late) {
    return html`
      <p class="promise">${icon("warning")}${say("waiting-late")}</p>
      <p>${wait === null ? say("waiting-late-more") : rest(wait)}</p>
    `;
  }
  if (wait !== null && breaksPromise(state.low)) {
    return html`<p class="promise">${icon("clock")}${rest(wait)}</p>`;
  }
  if (state.nobody) return nothing;
  return html`<p class="promise">${icon("clock")}${say("waiting-promise")}</p>
    ${wait === null ? nothing : html`<p>${rest(wait)}</p>`}`;
}

/** @param {NonNullable<ReturnType<typeof waitWords>>} wait */
function rest({ key, facts }) {
  return html`<span data-testid="wait" data-key=${key}>${say(key, facts)}</span>`;
}

/** @param {WaitingActions} actions */
function nobody(actions) {
  return html`
    <section class="nobody" data-testid="nobody">
      <p>${icon("people")}${say("waiting-nobody-more")}</p>
      <div class="calls">
          ${button({
            key: "waiting-stay",
            icon: "clock",
            kind: "main",
            press: actions.stay,
            testid: "stay",
          })} ${button({
            key: "waiting-leave",
            icon: "door",
            press: actions.leave,
            testid: "leave",
          })}
        </div>
    </section>
  `;
}

/** @param {State} state */
function steps(state) {
  const last = state.mode === "video" ? "waiting-step-see" : "waiting-step-write";
  const at = state.call === null ? 0 : state.found ? 2 : 1;
  return html`<ol class="steps">
    ${step("check", "waiting-step-place", 0, at)}
    ${step("search", "waiting-step-search", 1, at)}
    ${step(state.mode === "video" ? "hands" : "text", last, 2, at)}
  </ol>`;
}

/**
 * @param {IconName} sign
 * @param {TextKey} key
 * @param {number} index
 * @param {number} at
 */
function step(sign, key, index, at) {
  const stage = index < at ? "past" : index === at ? "current" : "future";
  return html`<li class=${stage} aria-current=${stage === "current" ? "step" : "false"}>
    <span class="mark">${icon(index < at ? "check" : sign)}</span>${say(key)}
  </li>`;
}
