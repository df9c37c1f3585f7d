/** Which screen stands for which state. */

import { callView } from "../signaling/browser/call_view.js";
import { duration, secondsSince } from "../signaling/browser/clock.js";
import { icon } from "../signaling/browser/icons.js";
import { button, say } from "../signaling/browser/say.js";
import { html, nothing } from "../signaling/browser/vendor/lit.js";
import { endView, supersededView } from "./end_view.js";
import { callBackView, summonView } from "./back_view.js";
import { closedView, entryView, header } from "./entry_view.js";
import { mirrorView } from "./mirror_view.js";
import { waitingView } from "./waiting_view.js";

/** @import { CallActions } from "../signaling/browser/call_view.js" */
/** @import { TemplateResult } from "../signaling/browser/vendor/lit.js" */
/** @import { BackActions } from "./back_view.js" */
/** @import { EndActions } from "./end_view.js" */
/** @import { Actions as EntryActions } from "./entry_view.js" */
/** @import { MirrorActions } from "./mirror_view.js" */
/** @import { State } from "./state.js" */
/** @import { WaitingActions } from "./waiting_view.js" */

/**
 * @typedef {object} DoubtActions
 * @property {(doubt: "no" | "asked" | "sent") => void} doubt
 */

/**
 * What the templates read and do.
 * @typedef {object} Page
 * @property {State} state
 * @property {MediaStream | null} camera
 * @property {number} at now, a second at a time
 * @property {boolean} selfLast
 * @property {EntryActions & MirrorActions & WaitingActions & BackActions & CallActions
 *   & EndActions & DoubtActions & { reconnect: () => void }} actions
 */

/**
 * @param {Page} page
 * @returns {TemplateResult}
 */
export function view(page) {
  const { state, actions } = page;
  switch (state.screen) {
    case "loading":
    case "resuming":
      return html`${header(state)}<main class="single">
        <p class="lead" role="status">${say("loading")}</p>
        ${gone(page)}
      </main>`;
    case "unknown":
      return html`
        <main class="single">
          <div class="sign warn">${icon("search")}</div>
          <h1 tabindex="-1">${say("problem-unknown_service")}</h1>
        </main>
      `;
    case "entry":
      return entryView(state, actions);
    case "mirror":
      return mirrorView(state, actions);
    case "waiting":
      return html`${waitingView(state, page.at, page.camera, actions)} ${gone(page)}`;
    case "call-back":
      return html`${callBackView(state, actions)} ${gone(page)}`;
    case "summoned":
      return html`${summonView(state, page.at, actions)} ${gone(page)}`;
    case "connecting":
    case "call":
      return html`${conversation(page)} ${gone(page)}`;
    case "ended":
      return endView(state, actions);
    case "closed":
      return closedView(state);
    case "superseded":
      return supersededView(state, actions);
  }
}

/** @param {Page} page */
function conversation({ state, at, camera, selfLast, actions }) {
  const talked = state.screen === "call" ? secondsSince(state.talking, at) : null;
  return callView({
    mode: state.mode,
    me: "caller",
    other: state.agent,
    seen: state.seen,
    frozen: state.frozen,
    before: state.mode === "text" ? "call-connecting-text" : "call-connecting",
    after: "call-with",
    clock: talked === null ? "" : duration(talked),
    channel: state.channel,
    media: state.media,
    broken: state.broken,
    presence: state.presence,
    waved: state.waved,
    advice: state.advice,
    eye: state.eye,
    hushed: state.hushed,
    self: camera,
    lines: state.lines,
    sound: state.sound,
    soundless: state.soundless,
    tap: state.tap,
    selfLast,
    actions,
    question: state.doubt === "no" ? nothing : doubt(state, actions),
    ends: html`${
      state.screen === "call"
        ? button({
          key: "call-doubt",
          icon: "doubt",
          press: () => actions.doubt("asked"),
          testid: "doubt",
        })
        : nothing
    } ${
      button({
        key: "call-hang-up",
        icon: "hangUp",
        kind: "stop",
        press: actions.leave,
        testid: "hang-up",
      })
    }`,
  });
}

/**
 * What "I do not understand" does, before it does it.
 * @param {State} state
 * @param {DoubtActions} actions
 */
function doubt(state, actions) {
  const sent = state.doubt === "sent";
  return html`
    <section class="question" aria-labelledby="doubt" data-testid="doubting">
      <div role="status">
        <h2 id="doubt">${say("doubt-title")}</h2>
        <p>${say("doubt-more")}</p>
      </div>
      <div class="calls">
          ${button({
            key: "doubt-yes",
            icon: "swap",
            kind: "main",
            press: () => actions.doubt("sent"),
            testid: "doubt-yes",
            disabled: sent,
          })} ${button({
            key: "doubt-no",
            icon: "back",
            press: () => actions.doubt("no"),
            testid: "doubt-no",
            disabled: sent,
          })}
        </div>
    </section>
  `;
}

/** @param {Page} page */
function gone({ state, actions }) {
  if (state.channel !== "gone") return nothing;
  return html`<div class="gone" role="alert" data-testid="gone">
    <p class="lead">${icon("network")}${say("gone-title")}</p>
    <p>${say("gone-more")}</p>
    ${
    button({
      key: "retry",
      icon: "reload",
      kind: "main",
      press: actions.reconnect,
      testid: "reconnect",
    })
  }
  </div>`;
}
