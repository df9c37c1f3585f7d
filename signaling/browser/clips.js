/** `<lsf-clip key="…">`: a signed clip beside a text, made by deaf signers. */

import { css, html, LitElement, nothing } from "./vendor/lit.js";
import { icon } from "./icons.js";
import { SPOKEN } from "./language.js";
import { baseStyles, buttonStyles, focusStyles } from "./styles.js";
import { text } from "./texts.js";

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

/**
 * A title's clip plays once by itself; any other waits behind a small button, so that
 * one thing moves at a time. Without a clip the slot takes no room at all.
 */
export class LsfClip extends LitElement {
  /** @override */
  static properties = {
    key: { type: String },
    isListed: { state: true },
    isOpen: { state: true },
    isPlaying: { state: true },
  };

  /** @override */
  static styles = [
    baseStyles,
    buttonStyles,
    focusStyles,
    css`
      :host {
        color: var(--ink);
        display: none;
        font-size: 1rem;
        font-weight: 400;
        letter-spacing: normal;
        line-height: 1.2;
      }

      :host([data-listed]) {
        display: inline-block;
        flex: none;
        max-width: 100%;
        vertical-align: middle;
      }

      :host([data-open]) {
        display: block;
        width: 14rem;
      }

      video {
        background: var(--brand-soft);
        border-radius: 14px;
        display: block;
        margin-bottom: 4px;
        max-width: 100%;
        width: 100%;
      }

      .button {
        background: var(--sun);
        border-color: var(--sun);
        color: #10222b;
        min-height: 44px;
        min-width: 44px;
        padding: 4px 9px;
      }

      .button:hover {
        background: #ffcf6b;
        border-color: #10222b;
      }
    `,
  ];

  constructor() {
    super();
    this.key = "";
    this.isListed = false;
    this.isOpen = false;
    this.isPlaying = false;
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    globalThis.addEventListener(SPOKEN, this.#sayAgain);
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    globalThis.removeEventListener(SPOKEN, this.#sayAgain);
  }

  #sayAgain = () => this.requestUpdate();

  /** @override @param {Map<PropertyKey, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("key")) {
      this.isListed = false; // until known: nobody asks for a clip that is not there
      void this.#look(this.key);
    }
    this.toggleAttribute("data-listed", this.isListed);
    this.toggleAttribute("data-open", this.isListed && this.isOpen);
  }

  /** @override */
  render() {
    if (!this.isListed) return nothing;
    const label = text(this.isPlaying ? "clip-pause" : "clip-play");
    return html`
      ${this.isOpen ? this.#video() : nothing}
      <button
        class="button"
        type="button"
        aria-label=${label}
        title=${label}
        @click=${this.#toggle}
      >
        ${icon(this.isPlaying ? "pause" : "hands")}
      </button>
    `;
  }

  #video() {
    return html`
      <video
        src="/lsf/${this.key}.webm"
        muted
        playsinline
        autoplay
        .muted=${true}
        @play=${() => (this.isPlaying = true)}
        @pause=${() => (this.isPlaying = false)}
        @ended=${this.#end}
      ></video>
    `;
  }

  /** @param {Event} event */
  #toggle(event) {
    event.preventDefault(); // a clip inside a label chooses nothing
    const video = this.renderRoot.querySelector("video");
    if (video === null) this.isOpen = true;
    else if (this.isPlaying) video.pause();
    else void video.play();
  }

  #end() {
    this.isPlaying = false;
    this.isOpen = this.#leads;
  }

  /** Whether this is a screen's own clip. */
  get #leads() {
    return this.closest("h1") !== null;
  }

  /** @param {string} key */
  async #look(key) {
    const known = (await clips()).has(key);
    if (key !== this.key) return;
    this.isPlaying = false;
    this.isListed = known;
    this.isOpen = this.#leads;
  }
}

customElements.define("lsf-clip", LsfClip);
