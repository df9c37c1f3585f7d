/** Which screen stands for which state of the agent. */

import { callView } from "../signaling/browser/call_view.js";
import { duration, secondsSince } from "../signaling/browser/clock.js";
import { icon, logo } from "../signaling/browser/icons.js";
import { languageButton } from "../signaling/browser/language_view.js";
import { button, notice, say } from "../signaling/browser/say.js";
import { text } from "../signaling/browser/texts.js";
import { html, nothing } from "../signaling/browser/vendor/lit.js";
import { deskView } from "./desk_view.js";
import { ringView } from "./ring_view.js";
import { signInView } from "./sign_in_view.js";
import { transferView } from "./transfer_view.js";
import { wrapView } from "./wrap_view.js";

/** @import { CallActions } from "../signaling/browser/call_view.js" */
/** @import { IconName } from "../signaling/browser/icons.js" */
/** @import { TextKey } from "../signaling/browser/texts.js" */
/** @import { TemplateResult } from "../signaling/browser/vendor/lit.js" */
/** @import { DeskActions } from "./desk_view.js" */
/** @import { RingActions } from "./ring_view.js" */
/** @import { SignInActions } from "./sign_in_view.js" */
/** @import { Card, State } from "./state.js" */
/** @import { TransferActions } from "./transfer_view.js" */
/** @import { WrapActions } from "./wrap_view.js" */

/**
 * @typedef {object} ConsoleActions
 * @property {(difficult: boolean) => void} end
 * @property {(wants: boolean) => void} wishBreak
 * @property {() => void} signOut
 * @property {() => void} takeOver
 */

/**
 * What the templates read and do.
 * @typedef {object} Page
 * @property {State} state
 * @property {MediaStream | null} camera
 * @property {number} at now
 * @property {boolean} selfLast
 * @property {CallActions & RingActions & SignInActions & DeskActions & WrapActions
 *   & TransferActions & ConsoleActions} actions
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
    case "break":
    case "ready":
      return html`${top(page)}${deskView(state.screen, state, page.at, actions)}`;
    case "ringing":
      return html`${top(page)}<main class="single"></main>${
        ringView(state, page.at, page.camera, actions)
      }`;
    case "connecting":
    case "in-call":
      return html`${top(page)}${conversation(page)}`;
    case "wrap-up":
      return html`${top(page)}${wrapView(state, page.at, actions)}`;
  }
}

/** Where an agent may sign out. */
const DESKS = new Set(["away", "break", "ready"]);

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
    isIn && DESKS.has(state.screen)
      ? button({
        key: "sign-out",
        icon: "door",
        kind: "quiet",
        press: actions.signOut,
        testid: "sign-out",
      })
      : nothing
  }
    ${state.screen === "sign-in" ? languageButton() : nothing}
  </header>`;
}

/**
 * @param {State} state
 * @returns {{ sign: IconName, key: TextKey } | null}
 */
function statusOf({ screen }) {
  switch (screen) {
    case "away":
      return { sign: "door", key: "status-away" };
    case "break":
      return { sign: "coffee", key: "status-break" };
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
      before: arriving(state),
      after: inCall || isUnseen ? null : arriving(state),
      clock: "",
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
      within: true,
      aside: transferView(state, actions),
      card: cardLine(state, at),
      ends: html`${inCall ? middle(state, actions) : nothing} ${
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
 * What the agent reads until the caller is there; who is called back has to come first.
 * @param {State} state
 * @returns {TextKey}
 */
function arriving({ card, awaited }) {
  if (awaited) return "console-calling-back";
  return card?.mode === "text" ? "console-connecting-text" : "console-connecting";
}

/**
 * What an agent may do in the middle of a call.
 * @param {State} state
 * @param {Page["actions"]} actions
 */
function middle(state, actions) {
  const wants = state.wish === "break";
  return html`${
    button({
      key: "transfer",
      icon: "swap",
      press: () => actions.transfer(state.transfer === "no"),
      pressed: state.transfer !== "no",
      testid: "transfer",
    })
  } ${
    button({
      key: "break-wish",
      icon: "coffee",
      press: () => actions.wishBreak(!wants),
      pressed: wants,
      testid: "break-wish",
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
    ${icon("person")}<span>${cardWords(card)}</span>
    ${
    state.screen === "in-call"
      ? html`<span class="clock" aria-live="off">${duration(talked)}</span>`
      : nothing
  }
  </p>`;
}

/** @param {Card} card */
function cardWords({ company, topic, variant }) {
  return [company, topic, variant].filter(Boolean).join(" · ");
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
