/** The call itself, the same on both sides: the other person large, never covered. */

import "./self_view.js";
import "./text_pane.js";
import { html, nothing } from "./vendor/lit.js";
import { pictogram } from "./eye/pictograms.js";
import { icon } from "./icons.js";
import { button, say } from "./say.js";
import { keyOf, text } from "./texts.js";

/** @import { TemplateResult } from "./vendor/lit.js" */
/** @import { ChannelStatus } from "./channel.js" */
/** @import { Advice, Shown } from "./eye/advice.js" */
/** @import { IconName } from "./icons.js" */
/** @import { MediaState } from "./line.js" */
/** @import { TextKey } from "./texts.js" */
/** @import { Line } from "./typing.js" */
/** @import { LegWhy, Mode, Presence, Speaker } from "./wire.js" */

/** @typedef {"good" | "warn" | "bad" | "none"} Tone */

/**
 * @typedef {object} CallPlan
 * @property {Mode} mode
 * @property {Speaker} me
 * @property {string} other the other person's name for people
 * @property {boolean} seen the other's first picture or words are on the screen
 * @property {boolean} frozen the other's picture has stopped moving
 * @property {TextKey} before the sentence until then
 * @property {TextKey | null} after the sentence from then on
 * @property {string} clock the time of the call, for people
 * @property {ChannelStatus} channel
 * @property {MediaState} media
 * @property {LegWhy | null} broken why the own media are brought up anew, while they are
 * @property {Presence} presence
 * @property {boolean} waved
 * @property {Advice} advice what the eye says of the own picture
 * @property {boolean | null} eye
 * @property {boolean} hushed nobody looks at the own picture, not even this page
 * @property {MediaStream | null} self
 * @property {readonly Line[]} lines
 * @property {boolean} sound
 * @property {boolean} soundless
 * @property {boolean} tap
 * @property {boolean} selfLast
 * @property {boolean} [within] below a page's header, not the whole window
 * @property {TemplateResult | typeof nothing} [card] what stands beside the states
 * @property {TemplateResult} ends the buttons that end the call
 * @property {TemplateResult | typeof nothing} [question] what the page asks back, in
 *   the place of the buttons: never over a face
 * @property {TemplateResult | typeof nothing} [aside] what stands in the place of the
 *   text for a moment
 * @property {CallActions} actions
 */

/**
 * @typedef {object} CallActions
 * @property {(chars: string) => void} type
 * @property {() => void} wave
 * @property {(open: boolean) => void} setSound
 * @property {(yes: boolean) => void} setEye
 * @property {() => void} moveSelf
 * @property {() => void} touch
 */

/**
 * @param {CallPlan} plan
 * @returns {TemplateResult}
 */
export function callView(plan) {
  const isVideo = plan.mode === "video";
  return html`
    <main
      class="call night ${plan.mode} ${plan.selfLast ? "self-last" : ""} ${plan.within
        ? "within"
        : ""}"
      data-presence=${plan.presence}
      data-media=${plan.media}
    >
        <h1 class="unseen" tabindex="-1">${text("call-title", {
          name: plan.other,
        })}</h1>
    <div class="strip" role="status">${plan.card ?? nothing} ${otherPill(
      plan,
    )} ${ownPill(plan)}</div>
        ${isVideo ? stage(plan) : nothing}
        <div class="side">
          ${isVideo
            ? html`<div class="own">${plan.self === null ? nothing : own(plan)}</div>`
            : nothing}
          ${plan.aside ?? nothing}
          <text-pane
            ?hidden=${(plan.aside ?? nothing) !== nothing}
            .lines=${plan.lines}
            .me=${plan.me}
            .other=${plan.other}
            @typed=${(/** @type {CustomEvent<string>} */ event) =>
              plan.actions.type(event.detail)}
          ></text-pane>
        </div>
        <div class="bar">${bar(plan)}</div>
      </main>
  `;
}

/** @param {CallPlan} plan */
function bar(plan) {
  const question = plan.question ?? nothing;
  if (question !== nothing) return question;
  return html`${
    button({
      key: "call-attention",
      icon: "hand",
      press: plan.actions.wave,
      testid: "attention",
    })
  } ${plan.mode === "video" ? soundButton(plan) : nothing} ${plan.ends}`;
}

/** @param {CallPlan} plan */
function own(plan) {
  return html`
    <self-view
      movable
      .stream=${plan.self}
      .tone=${toneOf(plan.advice)}
      @moved=${plan.actions.moveSelf}
    ></self-view>
        ${eyeButton(plan)}
  `;
}

/** @param {Advice} advice @returns {Tone} */
function toneOf({ judgement }) {
  if (judgement === null) return "none";
  if (judgement.legibility === "legible") return "good";
  if (judgement.legibility === "unjudged") return "none";
  return judgement.legibility === "at_risk" ? "warn" : "bad";
}

/** @param {CallPlan} plan */
function stage(plan) {
  const isLive = plan.seen && !plan.frozen && plan.media === "up";
  return html`
    <div
      class="stage ${plan.waved ? "waved" : ""} ${isLive ? "live" : ""}">
        <video
          data-testid="remote-video"
          aria-label=${plan.other}
          playsinline
        ></video>
        ${isLive ? nothing : curtain(plan)}
        ${plan.tap
          ? html`<div class="tap">${
            button({
              key: "call-tap",
              icon: "hand",
              kind: "main big",
              press: plan.actions.touch,
              testid: "tap",
            })
          }</div>`
          : nothing}
      </div>
  `;
}

/**
 * Never a frozen last picture: a word and a sign until the picture lives.
 * @param {CallPlan} plan
 */
function curtain(plan) {
  const key = plan.seen ? "call-media-back" : plan.before;
  return html`<div class="curtain" data-testid="curtain">
    ${icon(plan.seen ? "network" : "person")}
    <p>${say(key, { name: plan.other })}</p>
    <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>
  </div>`;
}

/** @param {CallPlan} plan */
function otherPill(plan) {
  const facts = { name: plan.other };
  if (plan.channel !== "open") {
    return pill("warn", "network", "call-reconnecting", facts, "");
  }
  if (plan.broken !== null) {
    return pill("warn", "network", `leg-${plan.broken}`, facts, "");
  }
  if (plan.waved) return pill("sun", "hand", "call-waved", facts, "");
  if (plan.presence === "reconnecting") {
    return pill("warn", "network", "peer-reconnecting", facts, "");
  }
  if (plan.presence === "hidden") {
    return pill("warn", "windows", "peer-hidden", facts, "");
  }
  if (plan.presence === "adjusting") {
    return pill("plain", "person", "peer-adjusting", facts, "");
  }
  const key = plan.seen ? plan.after : plan.before;
  return key === null ? nothing : pill("plain", "person", key, facts, plan.clock);
}

/** @param {CallPlan} plan */
function ownPill(plan) {
  if (plan.soundless) {
    return pill("warn", "microphoneOff", "call-sound-missing", {}, "");
  }
  const { shown, judgement } = plan.advice;
  if (shown !== null) return advicePill(shown);
  if (plan.sound) return pill("sun", "microphone", "call-sound-on", {}, "");
  if (plan.eye !== true || judgement?.legibility !== "legible") return nothing;
  return verdictPill("good", icon("check"), "verdict-legible");
}

/** @param {Shown} shown */
function advicePill({ reason, legibility }) {
  const isLost = legibility === "lost";
  const general = isLost ? "verdict-lost" : "verdict-at_risk";
  const key = reason === "" ? general : keyOf("eye", reason);
  return verdictPill(isLost ? "bad" : "warn", pictogram(reason), key);
}

/**
 * @param {Tone} tone
 * @param {TemplateResult} sign
 * @param {TextKey} key
 */
function verdictPill(tone, sign, key) {
  return html`<p class="pill advice ${tone}" data-testid="verdict" data-key=${key}>
    ${sign}${say(key)}
  </p>`;
}

/**
 * @param {string} tone
 * @param {IconName} sign
 * @param {TextKey} key
 * @param {Readonly<Record<string, string | number>>} facts
 * @param {string} clock
 */
function pill(tone, sign, key, facts, clock) {
  return html`<p class="pill ${tone}" data-testid="call-status" data-key=${key}>
    ${icon(sign)}${say(key, facts)}
    ${clock ? html`<span class="clock" aria-live="off">${clock}</span>` : nothing}
  </p>`;
}

/** @param {CallPlan} plan */
function soundButton(plan) {
  return button({
    key: plan.sound ? "call-sound-close" : "call-sound-open",
    icon: plan.sound ? "microphone" : "microphoneOff",
    press: () => plan.actions.setSound(!plan.sound),
    pressed: plan.sound,
    testid: "sound",
  });
}

/** @param {CallPlan} plan */
function eyeButton(plan) {
  const yes = plan.eye === true || !plan.hushed;
  const label = text(yes ? "eye-stop" : "eye-start");
  return html`
    <button
      class="button small"
      type="button"
      data-testid="eye-toggle"
      @click=${() => plan.actions.setEye(!yes)}
    >${icon("eye")}<span>${label}</span></button>
  `;
}
