/** Between calls: away, on a break, ready; and the news from the last ring. */

import { duration } from "../signaling/browser/clock.js";
import { checkView } from "../signaling/browser/eye/check_view.js";
import { icon } from "../signaling/browser/icons.js";
import { button, notice, say } from "../signaling/browser/say.js";
import { keyOf, text } from "../signaling/browser/texts.js";
import { html, nothing } from "../signaling/browser/vendor/lit.js";
import { coolsDown } from "./state.js";

/** @import { CheckActions } from "../signaling/browser/eye/check_view.js" */
/** @import { IconName } from "../signaling/browser/icons.js" */
/** @import { TextKey } from "../signaling/browser/texts.js" */
/** @import { TemplateResult } from "../signaling/browser/vendor/lit.js" */
/** @import { State } from "./state.js" */

/**
 * @typedef {object} OwnActions
 * @property {(ready: boolean) => void} setReady
 * @property {() => void} takeBreak
 * @property {() => void} reconnect
 * @property {(open: boolean) => void} check
 */

/** @typedef {OwnActions & CheckActions} DeskActions */

/** @typedef {"away" | "break" | "ready"} Desk */

/** @type {Readonly<Record<Desk, { sign: IconName, title: TextKey, more: TextKey }>>} */
const FACES = {
  away: { sign: "door", title: "away-title", more: "away-more" },
  break: { sign: "coffee", title: "break-title", more: "break-more" },
  ready: { sign: "check", title: "ready-title", more: "ready-more" },
};

/**
 * @param {Desk} where
 * @param {State} state
 * @param {number} at now
 * @param {DeskActions} actions
 * @returns {TemplateResult}
 */
export function deskView(where, state, at, actions) {
  const { sign, title } = FACES[where];
  const isQuiet = state.channel !== "open";
  return html`<main class="single desk">
    ${newsView(state, actions)}
    <div class="sign ${where === "ready" ? "good" : ""}">${icon(sign)}</div>
    <div role="status">
      <h1 tabindex="-1">${say(title)}</h1>
      ${moreView(where, state)} ${rests(where, state, at)}
    </div>
    <div class="calls">
      ${
    where === "ready" && !isResting(state, at)
      ? nothing
      : readyButton(state, at, actions, "big", isQuiet)
  }
      ${
    where === "break" ? nothing : button({
      key: "be-on-break",
      icon: "coffee",
      kind: "big",
      press: actions.takeBreak,
      testid: "be-on-break",
      disabled: isQuiet,
    })
  } ${
    where === "away" ? nothing : button({
      key: "be-away",
      icon: "door",
      kind: "big",
      press: () => actions.setReady(false),
      testid: "be-away",
      disabled: isQuiet,
    })
  }
    </div>
    ${state.checking ? ownPicture(state, actions) : cameraOff(actions)}
  </main>`;
}

/** @param {DeskActions} actions */
function cameraOff(actions) {
  return html`<p class="fact" data-testid="camera-off">
      ${icon("cameraOff")}
      <span><strong>${say("camera-is-off")}</strong> ${say("camera-is-off-more")}</span>
    </p>
    ${
    button({
      key: "desk-check",
      icon: "camera",
      press: () => actions.check(true),
      testid: "check-picture",
    })
  }`;
}

/**
 * The agent's own picture, for nobody else: light, place, hands.
 * @param {State} state
 * @param {DeskActions} actions
 */
function ownPicture(state, actions) {
  return html`<section class="own-picture" aria-label=${text("desk-check")}>
    <video
      data-testid="mirror-video"
      aria-label=${text("self-title")}
      muted
      playsinline
      .muted=${true}
    ></video>
    ${state.camera === "on" ? checkView(state.check, actions) : whyDark(state)}
    <p class="fact">${icon("lock")}<span>${say("mirror-private")}</span></p>
    ${
    button({
      key: "desk-check-close",
      icon: "cameraOff",
      press: () => actions.check(false),
      testid: "check-close",
    })
  }
  </section>`;
}

/** @param {State} state */
function whyDark({ camera }) {
  if (camera === "asking" || camera === "on" || camera === "off") {
    return notice("plain", "camera", "mirror-asking");
  }
  return notice("warn", "cameraOff", `camera-${camera}`);
}

/**
 * The way to the next call; it says when, while the agent rests.
 * @param {State} state
 * @param {number} at now
 * @param {DeskActions} actions
 * @param {string} kind
 * @param {boolean} isQuiet
 */
function readyButton(state, at, actions, kind, isQuiet) {
  const cools = coolsDown(state, at);
  return button({
    key: cools ? "be-ready-in" : "be-ready",
    facts: { duration: restOf(state.cool, at) },
    icon: cools ? "clock" : "hands",
    kind: `main ${kind}`,
    press: () => actions.setReady(true),
    testid: "be-ready",
    disabled: isQuiet || cools,
  });
}

/**
 * What this means. To be ready is the yes of an agent in reserve, and nothing else is.
 * @param {Desk} where
 * @param {State} state
 * @returns {TemplateResult}
 */
function moreView(where, state) {
  const more = html`<p class="lead">${say(FACES[where].more)}</p>`;
  if (!state.reserve) return more;
  const key = where === "ready" ? "reserve-agreed" : "reserve-asked";
  const consent = html`<p class="lead" data-testid="reserve">${say(key)}</p>`;
  return where === "ready" ? consent : html`${more}${consent}`;
}

/**
 * A ready agent who rests after missed calls is told until when.
 * @param {Desk} where
 * @param {State} state
 * @param {number} at now
 */
function rests(where, state, at) {
  if (where !== "ready" || !isResting(state, at)) return nothing;
  return html`<p data-testid="rests">${
    say("ready-rests", { duration: restOf(state.until, at) })
  }</p>`;
}

/**
 * Whether a ready agent is asked nothing for a while; one press ends it.
 * @param {State} state
 * @param {number} at now
 */
function isResting({ until }, at) {
  return until !== null && until > at;
}

/**
 * How long until a moment, for people.
 * @param {number | null} moment
 * @param {number} at now
 */
export function restOf(moment, at) {
  return duration(moment === null ? 0 : Math.ceil(Math.max(0, moment - at) / 1000));
}

/**
 * @param {State} state
 * @param {{ reconnect: () => void }} actions
 */
export function newsView(state, actions) {
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
