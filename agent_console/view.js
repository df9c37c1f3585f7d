/** Which screen stands for which state of the agent. */

import { callView } from "../signaling/browser/call_view.js";
import { duration, secondsSince } from "../signaling/browser/clock.js";
import { icon, logo } from "../signaling/browser/icons.js";
import { button, notice, say } from "../signaling/browser/say.js";
import { keyOf, text } from "../signaling/browser/texts.js";
import { html, nothing } from "../signaling/browser/vendor/lit.js";
import { ringView } from "./ring_view.js";
import { signInView } from "./sign_in_view.js";

/** @import { CallActions } from "../signaling/browser/call_view.js" */
/** @import { IconName } from "../signaling/browser/icons.js" */
/** @import { TextKey } from "../signaling/browser/texts.js" */
/** @import { TemplateResult } from "../signaling/browser/vendor/lit.js" */
/** @import { RingActions } from "./ring_view.js" */
/** @import { SignInActions } from "./sign_in_view.js" */
/** @import { State } from "./state.js" */

/**
 * @typedef {object} ConsoleActions
 * @property {(ready: boolean) => void} setReady
 * @property {(ready: boolean) => void} finish
 * @property {(difficult: boolean) => void} end
 * @property {() => void} signOut
 * @property {() => void} takeOver
 * @property {() => void} reconnect
 */

/**
 * What the templates read and do.
 * @typedef {object} Page
 * @property {State} state
 * @property {MediaStream | null} camera
 * @property {number} at now
 * @property {boolean} selfLast
 * @property {CallActions & RingActions & SignInActions & ConsoleActions} actions
 */

/**
 * @param {Page} page
 * @returns {TemplateResult}
 */
export function view(page) {
  const { state, actions } = page;
  switch (state.screen) {
    case "loading":
      return html`
        ${top(page)}<main class="single">
          <p class="lead" role="status">${say("loading")}</p>
        </main>
      `;
    case "sign-in":
      return html`${top(page)}${signInView(state, actions)}`;
    case "superseded":
      return html`${top(page)}${superseded(actions)}`;
    case "away":
    case "ready":
      return html`${top(page)}${desk(page)}`;
    case "ringing":
      return html`${top(page)}<main class="single"></main>${
        ringView(state, page.at, page.camera, actions)
      }`;
    case "connecting":
    case "in-call":
      return html`${top(page)}${conversation(page)}`;
    case "wrap-up":
      return html`${top(page)}${wrapUp(page)}`;
  }
}

/** @param {Page} page */
function top({ state, actions }) {
  const isIn = state.name !== "" && state.screen !== "superseded";
  const status = statusOf(state);
  return html`<header class="top">
    ${logo()}
    <p><strong>${
    text("console-title")
  }</strong><span data-testid="name">${state.name}</span></p>
    ${
    status === null ? nothing : html`<p class="status ${state.screen}" role="status">
        ${icon(status.sign)}<span data-testid="status">${text(status.key)}</span>
      </p>`
  }
    ${
    isIn && (state.screen === "away" || state.screen === "ready")
      ? button({
        key: "sign-out",
        icon: "door",
        kind: "quiet",
        press: actions.signOut,
        testid: "sign-out",
      })
      : nothing
  }
  </header>`;
}

/**
 * @param {State} state
 * @returns {{ sign: IconName, key: TextKey } | null}
 */
function statusOf({ screen }) {
  switch (screen) {
    case "away":
      return { sign: "coffee", key: "status-away" };
    case "ready":
      return { sign: "check", key: "status-ready" };
    case "ringing":
      return { sign: "bell", key: "status-ringing" };
    case "connecting":
      return { sign: "phone", key: "status-connecting" };
    case "in-call":
      return { sign: "hands", key: "status-in_call" };
    case "wrap-up":
      return { sign: "note", key: "status-wrap_up" };
    default:
      return null;
  }
}

/** @param {Page} page */
function desk(page) {
  const { state, actions } = page;
  const ready = state.screen === "ready";
  return html`<main class="single desk">
    ${news(page)}
    <div class="sign ${ready ? "good" : ""}">${icon(ready ? "check" : "coffee")}</div>
    <div role="status">
      <h1 tabindex="-1">${say(ready ? "ready-title" : "away-title")}</h1>
      <p class="lead">${say(ready ? "ready-more" : "away-more")}</p>
    </div>
    ${
    button({
      key: ready ? "be-away" : "be-ready",
      icon: ready ? "coffee" : "hands",
      kind: ready ? "big" : "main big",
      press: () => actions.setReady(!ready),
      testid: ready ? "be-away" : "be-ready",
      disabled: state.channel !== "open",
    })
  }
    <p class="fact" data-testid="camera-off">
      ${icon("cameraOff")}
      <span><strong>${say("camera-is-off")}</strong> ${say("camera-is-off-more")}</span>
    </p>
  </main>`;
}

/** @param {Page} page */
function news({ state, actions }) {
  return html`<div class="news" role="status">
    ${
    state.channel === "open" ? nothing : notice(
      "warn",
      "network",
      state.channel === "gone" ? "gone-title" : "call-reconnecting",
    )
  } ${
    state.channel === "gone"
      ? button({
        key: "retry",
        icon: "reload",
        kind: "main",
        press: actions.reconnect,
        testid: "reconnect",
      })
      : nothing
  } ${
    state.missed === null
      ? nothing
      : notice("plain", "bell", keyOf("offer-ended", state.missed))
  } ${
    state.problem === null
      ? nothing
      : notice("warn", "warning", keyOf("problem", state.problem))
  }
  </div>`;
}

/** @param {Page} page */
function conversation({ state, at, camera, selfLast, actions }) {
  const isText = state.card?.mode === "text";
  const inCall = state.screen === "in-call";
  const isUnseen = !isText && state.camera !== "on" && state.camera !== "asking";
  return html`${
    isUnseen
      ? html`<div class="over" role="alert">${
        notice("bad", "cameraOff", "console-no-camera")
      }</div>`
      : nothing
  }${
    callView({
      mode: state.card?.mode ?? "video",
      me: "agent",
      other: text("caller"),
      seen: isText ? inCall : state.seen,
      frozen: state.frozen,
      before: isText ? "console-connecting-text" : "console-connecting",
      after: inCall || isUnseen ? null : "console-connecting",
      clock: "",
      channel: state.channel,
      media: state.media,
      presence: state.presence,
      waved: state.waved,
      verdict: state.verdict,
      eye: state.eye,
      self: camera,
      lines: state.lines,
      sound: state.sound,
      soundless: state.soundless,
      tap: state.tap,
      selfLast,
      actions,
      within: true,
      card: cardLine(state, at),
      ends: html`${
        button({
          key: "console-end",
          icon: "hangUp",
          kind: "stop",
          press: () => actions.end(false),
          testid: "end",
        })
      } ${
        button({
          key: "console-end-difficult",
          icon: "warning",
          press: () => actions.end(true),
          testid: "end-difficult",
        })
      }`,
    })
  }`;
}

/**
 * @param {State} state
 * @param {number} at
 */
function cardLine(state, at) {
  const card = state.card;
  if (card === null) return nothing;
  const talked = state.screen === "in-call" ? secondsSince(state.talking, at) : 0;
  return html`<p class="pill plain" data-testid="card">
    ${icon("person")}<span>${card.company}${card.topic ? ` · ${card.topic}` : ""}</span>
    ${
    state.screen === "in-call"
      ? html`<span class="clock" aria-live="off">${duration(talked)}</span>`
      : nothing
  }
  </p>`;
}

/** @param {Page} page */
function wrapUp(page) {
  const { state, at, actions } = page;
  const left = state.until === null ? 0 : Math.max(0, state.until - at);
  const seconds = Math.ceil(left / 1000);
  return html`<main class="single">
    ${news(page)}
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
    ${
    state.until === null ? nothing : html`
      <div class="left">
        <progress
          max=${Math.max(1, state.whole)}
          .value=${left}
          aria-label=${text("wrap-title")}
        ></progress>
        <p data-testid="wrap-left">${say("wrap-left", {
          duration: duration(seconds),
        })}</p>
      </div>
    `
  }
    <div class="calls">
      ${
    button({
      key: "wrap-ready",
      icon: "check",
      kind: "main big",
      press: () => actions.finish(true),
      testid: "wrap-ready",
    })
  } ${
    button({
      key: "wrap-away",
      icon: "coffee",
      kind: "big",
      press: () => actions.finish(false),
      testid: "wrap-away",
    })
  }
    </div>
  </main>`;
}

/** @param {ConsoleActions} actions */
function superseded(actions) {
  return html`<main class="single">
    <div class="sign">${icon("windows")}</div>
    <h1 tabindex="-1">${say("console-superseded")}</h1>
    <p class="lead">${say("console-superseded-more")}</p>
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
