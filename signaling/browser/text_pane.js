/** `<text-pane>`: real-time text; each side reads the other's letters as they come. */

import { css, html, LitElement, nothing, repeat } from "./vendor/lit.js";
import { say } from "./say.js";
import { baseStyles, focusStyles } from "./styles.js";
import { text } from "./texts.js";
import { difference } from "./typing.js";

/** @import { Line } from "./typing.js" */
/** @import { Speaker } from "./wire.js" */

/**
 * Fires `typed` with the T.140 characters in `detail`.
 */
export class TextPane extends LitElement {
  /** @override */
  static properties = {
    lines: { attribute: false },
    me: { type: String },
    other: { type: String },
  };

  /** @override */
  static styles = [
    baseStyles,
    focusStyles,
    css`
      :host {
        display: grid;
        gap: 8px;
        grid-template-rows: minmax(0, 1fr) auto;
        min-height: 0;
      }

      .said {
        background: var(--night-card);
        border: 1px solid var(--night-line);
        border-radius: 14px;
        color: var(--night-ink);
        display: flex;
        flex-direction: column;
        font-size: 1.15rem;
        gap: 8px;
        min-height: 5.5rem;
        overflow-y: auto;
        padding: 12px;
      }

      .empty {
        color: var(--night-muted);
        font-size: 1rem;
        margin: auto;
        text-align: center;
      }

      .log {
        display: contents;
      }

      .line {
        border-radius: 12px;
        max-width: 92%;
        overflow-wrap: anywhere;
        padding: 6px 12px;
      }

      .who {
        display: block;
        font-size: 0.8rem;
        font-weight: 700;
        letter-spacing: 0.02em;
      }

      .received {
        align-self: flex-start;
        background: #eef4f5;
        border-bottom-left-radius: 2px;
        color: #10222b;
      }

      .sent {
        align-self: flex-end;
        background: #0b5d57;
        border-bottom-right-radius: 2px;
        color: #fff;
      }

      .open.received {
        box-shadow: inset 0 0 0 2px var(--sun);
      }

      .open.sent {
        opacity: 0.9;
        box-shadow: inset 0 0 0 1px #9fd3cb;
      }

      textarea {
        background: #fff;
        border: 2px solid #8fa3ab;
        border-radius: 14px;
        color: #10222b;
        display: block;
        font: inherit;
        font-size: 1.1rem;
        height: 3.4rem;
        padding: 10px 12px;
        resize: none;
        width: 100%;
      }

      textarea::placeholder {
        color: #55666e;
        font-size: 0.95rem;
        opacity: 1;
      }
    `,
  ];

  #before = "";
  #resized = new ResizeObserver(() => this.#showLast());

  constructor() {
    super();
    /** @type {readonly Line[]} */
    this.lines = [];
    /** @type {Speaker} */
    this.me = "caller";
    this.other = "";
  }

  /** @override */
  render() {
    const done = this.lines.filter((line) => line.done);
    const open = this.lines.filter((line) => !line.done);
    const hint = text("text-hint");
    return html`
      <div class="said" tabindex="0" role="group" aria-label=${text("text-title")}>
        ${this.lines.length > 0
          ? nothing
          : html`<p class="empty">${say("text-empty")}</p>`}
        <div class="log" role="log">
          ${repeat(done, (line) => line.id, (line) => this.#line(line))}
        </div>
        ${repeat(open, (line) => line.id, (line) => this.#line(line))}
      </div>
      <textarea
        data-testid="text-input"
        aria-label=${hint}
        placeholder=${text("text-here")}
        maxlength="2000"
        autocomplete="off"
        @input=${this.#typed}
        @keydown=${this.#pressed}
      ></textarea>
    `;
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.#resized.observe(this);
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.#resized.disconnect();
  }

  /** @override */
  updated() {
    this.#showLast();
  }

  #showLast() {
    const said = this.renderRoot.querySelector(".said");
    if (said) said.scrollTop = said.scrollHeight;
  }

  /** @param {Line} line */
  #line(line) {
    const mine = line.speaker === this.me;
    const side = mine ? "sent" : "received";
    const who = mine ? text("text-you") : this.other;
    const body = html`
      <span class="who">${who}<span class="unseen"> :</span></span><span
        data-testid="text-${side}">${line.text}</span>
    `;
    return html`<p class="line ${line.done ? "" : "open"} ${side}">${body}</p>`;
  }

  /** @param {InputEvent} event */
  #typed(event) {
    const field = /** @type {HTMLTextAreaElement} */ (event.target);
    this.#tell(field.value);
    if (!field.value.endsWith("\n")) return;
    field.value = "";
    this.#before = "";
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    const field = /** @type {HTMLTextAreaElement} */ (event.target);
    if (field.value === "") return;
    this.#tell(`${field.value}\n`);
    field.value = "";
    this.#before = "";
  }

  /** @param {string} value */
  #tell(value) {
    const detail = difference(this.#before, value);
    this.#before = value;
    if (detail === "") return;
    this.dispatchEvent(new CustomEvent("typed", { detail }));
  }
}

customElements.define("text-pane", TextPane);
