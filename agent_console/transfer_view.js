/** Handing a call over, beside the caller's picture: to a service, to a colleague. */

import { icon } from "../signaling/browser/icons.js";
import { button, say } from "../signaling/browser/say.js";
import { text } from "../signaling/browser/texts.js";
import { html, nothing } from "../signaling/browser/vendor/lit.js";

/** @import { TemplateResult } from "../signaling/browser/vendor/lit.js" */
/** @import { Colleague, ServiceChoice, TransferOffer } from "../signaling/browser/wire.js" */
/** @import { State } from "./state.js" */

/**
 * @typedef {object} TransferActions
 * @property {(open: boolean) => void} transfer
 * @property {(service: string, topic: string | null) => void} toService
 * @property {(agent: string) => void} toAgent
 */

/**
 * @param {State} state
 * @param {TransferActions} actions
 * @returns {TemplateResult | typeof nothing} nothing while no transfer is open
 */
export function transferView(state, actions) {
  const { transfer } = state;
  if (transfer === "no") return nothing;
  return html`
    <section class="transfer" aria-labelledby="transfer"
      data-testid="transfer-choices" aria-busy=${transfer === "asked"}>
        <h2 id="transfer" tabindex="-1">${say("transfer-title")}</h2>
        <p>${say(transfer === "sent" ? "transfer-sent" : "transfer-more")}</p>
        ${typeof transfer === "string" ? nothing : choices(transfer, actions)}
        ${button({
          key: "transfer-close",
          icon: "back",
          press: () => actions.transfer(false),
          testid: "transfer-close",
          disabled: transfer === "sent",
        })}
      </section>
  `;
}

/**
 * @param {TransferOffer} offer
 * @param {TransferActions} actions
 */
function choices({ services, colleagues }, actions) {
  return html`
    <h3>${text("transfer-colleagues")}</h3>
    ${colleagues.length === 0
      ? html`<p>${say("transfer-nobody")}</p>`
      : html`<ul>${
        colleagues.map((one) => colleague(one, actions))
      }</ul>`} ${services.length === 0 ? nothing : html`
      <h3>${text("transfer-services")}</h3>
      <ul>${services.map((one) => service(one, actions))}</ul>
    `}
  `;
}

/**
 * @param {Colleague} one
 * @param {TransferActions} actions
 */
function colleague({ agent, name, status }, actions) {
  return html`
    <li>
      <button class="button" type="button" data-testid="to-agent-${agent}"
        @click=${() => actions.toAgent(agent)}>
        ${icon("person")}<span>${name} <span class="soft">${text(`status-${status}`)}
        </span></span>
      </button>
    </li>
  `;
}

/**
 * @param {ServiceChoice} one
 * @param {TransferActions} actions
 */
function service({ slug, title, topics }, actions) {
  const any = { slug: null, label: text("ring-no-topic") };
  return html`
    <li>
      <p><strong>${title}</strong></p>
      <div class="chips">${[any, ...topics].map((topic) =>
        html`
          <button class="button small" type="button"
            data-testid="to-service-${slug}-${topic.slug ?? "any"}"
            @click=${() => actions.toService(slug, topic.slug)}
          >${topic.label}</button>
        `
      )}</div>
    </li>
  `;
}
