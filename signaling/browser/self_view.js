/** `<self-view>`: one's own picture, mirrored for oneself only, never over the other's. */

import { css, html, LitElement, nothing } from "./vendor/lit.js";
import { play } from "./frames.js";
import { icon } from "./icons.js";
import { baseStyles, buttonStyles, focusStyles } from "./styles.js";
import { text } from "./texts.js";

/** Fires `moved` when the person wants it elsewhere. */
export class SelfView extends LitElement {
  /** @override */
  static properties = {
    stream: { attribute: false },
    tone: { type: String, reflect: true },
    movable: { type: Boolean },
    paper: { type: Boolean, reflect: true },
    isHidden: { state: true },
  };

  /** @override */
  static styles = [
    baseStyles,
    buttonStyles,
    focusStyles,
    css`
      :host {
        container-type: inline-size;
        display: block;
        min-width: 0;
      }

      :host([paper]) video {
        border-color: var(--line);
      }

      figure {
        align-items: stretch;
        display: grid;
        gap: 6px;
      }

      video {
        aspect-ratio: 4 / 3;
        background: #05090b;
        border: 4px solid var(--night-line);
        border-radius: 14px;
        display: block;
        max-height: 34vh;
        object-fit: contain;
        transform: scaleX(-1);
        width: 100%;
      }

      :host([tone="good"]) video {
        border-color: #58b67a;
      }

      :host([tone="warn"]) video {
        border-color: #f2b33d;
        border-style: dashed;
      }

      :host([tone="bad"]) video {
        border-color: #ff8a7d;
        border-style: double;
      }

      figcaption {
        display: flex;
        gap: 6px;
        justify-content: space-between;
      }

      .button {
        flex: 1 1 auto;
        font-size: 0.9rem;
        font-weight: 500;
        min-height: 44px;
        min-width: 44px;
        padding: 4px 8px;
      }

      .button[data-testid="self-move"] {
        flex: 0 0 auto;
      }

      @container (max-width: 230px) {
        .button span {
          clip-path: inset(50%);
          height: 1px;
          overflow: hidden;
          position: absolute;
          white-space: nowrap;
          width: 1px;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** @type {MediaStream | null} */
    this.stream = null;
    /** @type {"none" | "good" | "warn" | "bad"} */
    this.tone = "none";
    this.movable = false;
    this.paper = false;
    this.isHidden = false;
  }

  /** @override */
  render() {
    const toggle = text(this.isHidden ? "self-show" : "self-hide");
    return html`
      <figure class=${this.paper ? "paper" : "night"}>
        <video
          data-testid="self-video"
          aria-label=${text("self-title")}
          ?hidden=${this.isHidden}
          muted
          playsinline
          .muted=${true}
        ></video>
        <figcaption>
              <button class="button" type="button" data-testid="self-hide" @click=${() =>
                this.isHidden = !this.isHidden}>
                ${icon(this.isHidden ? "eye" : "hide")}<span>${toggle}</span>
              </button>
              ${this.movable && !this.isHidden
                ? html`
                  <button
                    class="button"
                    type="button"
                    data-testid="self-move"
                    aria-label=${text("self-move")}
                    title=${text("self-move")}
                    @click=${() => this.dispatchEvent(new CustomEvent("moved"))}
                  >${icon("move")}</button>
                `
                : nothing}
            </figcaption>
      </figure>
    `;
  }

  /** @override */
  updated() {
    const video = this.renderRoot.querySelector("video");
    if (video && video.srcObject !== this.stream) void play(video, this.stream);
  }
}

customElements.define("self-view", SelfView);
