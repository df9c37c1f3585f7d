/** The mirror: one's own picture, the frame, the light, and the eye's yes or no. */

import { checkView } from "../signaling/browser/eye/check_view.js";
import { framingGuide } from "../signaling/browser/guide.js";
import { icon } from "../signaling/browser/icons.js";
import { button, say } from "../signaling/browser/say.js";
import { text } from "../signaling/browser/texts.js";
import { html, nothing } from "../signaling/browser/vendor/lit.js";
import { header } from "./entry_view.js";
import { missingCamera } from "./state.js";

/** @import { CheckActions } from "../signaling/browser/eye/check_view.js" */
/** @import { TemplateResult } from "../signaling/browser/vendor/lit.js" */
/** @import { State } from "./state.js" */

/**
 * @typedef {object} OwnActions
 * @property {() => void} call
 * @property {() => void} callByText
 * @property {() => void} retry
 * @property {() => void} home
 * @property {(yes: boolean) => void} answer
 */

/** @typedef {OwnActions & CheckActions} MirrorActions */

/**
 * @param {State} state
 * @param {MirrorActions} actions
 * @returns {TemplateResult}
 */
export function mirrorView(state, actions) {
  const why = missingCamera(state);
  return html`${header(state)}
    <main class="mirror" data-camera=${state.camera}>
      <div class="title">
        <button
          class="button quiet"
          type="button"
          data-testid="back"
          @click=${actions.home}
        >${icon("back")}<span>${text("back")}</span></button>
        <h1 tabindex="-1">${say("mirror-title")}</h1>
      </div>
      ${why === null ? preview(state, actions) : noCamera(why, actions)}
      ${why === null ? choices(state, actions) : nothing}
    </main>`;
}

/**
 * @param {State} state
 * @param {MirrorActions} actions
 */
function preview(state, actions) {
  return html`
    <figure class="glass">
      <div class="frame">
          <video
            data-testid="mirror-video"
            aria-label=${text("self-title")}
            muted
            playsinline
            .muted=${true}
          ></video>
          ${state.camera === "on"
            ? framingGuide()
            : html`<p class="asking" role="status">
        ${icon("camera")}${say("mirror-asking")}
      </p>`}
        </div>
      <figcaption>
        <p>${icon("person")}${say("mirror-guide")}</p>
        ${state.camera === "on" ? checkView(state.check, actions) : nothing}
        <p class="soft">${icon("lock")}${say("mirror-private")}</p>
      </figcaption>
    </figure>
  `;
}

/**
 * @param {State} state
 * @param {MirrorActions} actions
 */
function choices(state, actions) {
  return html`<div class="choices">
    <fieldset class="eye">
      <legend>${icon("eye")}${say("eye-title")}</legend>
      <ul>
        <li>${say("eye-what")}</li>
        <li>${say("eye-keeps")}</li>
        <li>${say("eye-free")}</li>
        <li>${say("eye-here")}</li>
      </ul>
      <div class="chips">
        ${answer(state, actions, true)} ${answer(state, actions, false)}
      </div>
    </fieldset>
    ${
    button({
      key: "mirror-call",
      icon: "phone",
      kind: "main big",
      press: actions.call,
      testid: "call-now",
    })
  }
    <p class="soft center">${say("mirror-skip")}</p>
    ${state.camera === "on" ? nothing : textCall(actions)}
  </div>`;
}

/**
 * @param {State} state
 * @param {MirrorActions} actions
 * @param {boolean} yes
 */
function answer(state, actions, yes) {
  const key = yes ? "eye-yes" : "eye-no";
  return html`<label class="chip">
    <input
      type="radio"
      name="eye"
      data-testid=${key}
      .checked=${state.eye === yes}
      @change=${() => actions.answer(yes)}
    />
    ${icon(yes ? "check" : "cross")}
    <lsf-clip key=${key}></lsf-clip>
    <span>${text(key)}</span>
  </label>`;
}

/** @param {MirrorActions} actions */
function textCall(actions) {
  return button({
    key: "entry-text",
    icon: "text",
    press: actions.callByText,
    testid: "call-text",
  });
}

/**
 * @param {"refused" | "absent" | "busy"} why
 * @param {MirrorActions} actions
 */
function noCamera(why, actions) {
  return html`
    <section class="blocked" data-testid="no-camera">
      <div class="sign">${icon("cameraOff")}</div>
      <p class="lead" role="alert">${say(`camera-${why}`)}</p>
      <p>${say(`camera-${why}-help`)}</p>
      <div class="calls">
          ${button({
            key: "retry",
            icon: "reload",
            kind: "main big",
            press: actions.retry,
            testid: "camera-retry",
          })} ${textCall(actions)}
        </div>
      <p class="soft">${say("camera-text")}</p>
    </section>
  `;
}
