/** `<lsf-clip key="…">`: a signed clip beside a text, made by deaf signers. */

import { css, html, LitElement, nothing } from "./vendor/lit.js";
import { icon } from "./icons.js";
import { buttonStyles, focusStyles } from "./styles.js";

/** @type {Promise<ReadonlySet<string>> | null} */
let listed = null;

/** Which clips the operator has filled in; asked once a page. */
function clips() {
  listed ??= fetch("/lsf/index.json")
    .then((answer) => answer.ok ? answer.json() : [])
    .then((keys) => new Set(Array.isArray(keys) ? keys.map(String) : []))
    .catch(() => new Set());
  return listed;
}

/** Plays once, without sound, in place; without a clip it takes no room at all. */
export class LsfClip extends LitElement {
  /** @override */
  static properties = {
    key: { type: String },
    isListed: { state: true },
    isPlaying: { state: true },
  };

  /** @override */
  static styles = [
    buttonStyles,
    focusStyles,
    css`
      :host {
        display: none;
      }

      :host([data-listed]) {
        display: inline-block;
        max-width: 100%;
        width: 12rem;
      }

      video {
        background: var(--brand-soft);
        border-radius: 14px;
        display: block;
        height: auto;
        max-width: 100%;
        width: 100%;
      }

      .button {
        margin-top: 4px;
        width: 100%;
      }

      .icon {
        fill: none;
        height: 1.4em;
        stroke: currentColor;
        stroke-linecap: round;
        stroke-width: 2;
        width: 1.4em;
      }
    `,
  ];

  constructor() {
    super();
    this.key = "";
    this.isListed = false;
    this.isPlaying = false;
  }

  /** @override @param {Map<PropertyKey, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("key")) void this.#look(this.key);
  }

  /** @override */
  render() {
    if (!this.isListed) return nothing;
    return html`
      <video
        src="/lsf/${this.key}.webm"
        muted
        playsinline
        autoplay
        preload="metadata"
        .muted=${true}
        @play=${() => (this.isPlaying = true)}
        @pause=${() => (this.isPlaying = false)}
        @ended=${() => (this.isPlaying = false)}
      ></video>
      <button class="button" type="button" @click=${this.#toggle}>
        ${icon(this.isPlaying ? "cross" : "reload")}
        <span>${this.isPlaying ? "Pause" : "Revoir en LSF"}</span>
      </button>
    `;
  }

  #toggle() {
    const video = this.renderRoot.querySelector("video");
    if (video === null) return;
    if (this.isPlaying) video.pause();
    else void video.play();
  }

  /** @param {string} key */
  async #look(key) {
    const known = (await clips()).has(key);
    if (key !== this.key) return;
    this.isListed = known;
    this.toggleAttribute("data-listed", known);
  }
}

customElements.define("lsf-clip", LsfClip);
