/** The ticket that brings a caller back after a reload: kept by this tab alone. */

/** @import { Mode } from "../signaling/browser/wire.js" */

/**
 * @typedef {object} Kept
 * @property {string} ticket
 * @property {Mode} mode
 * @property {boolean | null} eye
 * @property {boolean} [away] the caller has gone and waits to be called back
 */

export class TicketBox {
  #key;
  #storage;

  /**
   * @param {string} slug one live call for each service and tab
   * @param {Pick<Storage, "getItem" | "setItem" | "removeItem">} storage
   */
  constructor(slug, storage) {
    this.#key = `illico.ticket.${slug}`;
    this.#storage = storage;
  }

  /** @returns {Kept | null} */
  read() {
    try {
      const kept = JSON.parse(this.#storage.getItem(this.#key) ?? "null");
      return typeof kept?.ticket === "string" ? kept : null;
    } catch {
      return null;
    }
  }

  /** @param {Kept} kept */
  keep(kept) {
    this.#storage.setItem(this.#key, JSON.stringify(kept));
  }

  /** @param {Partial<Kept>} part of what is kept, if anything is */
  change(part) {
    const kept = this.read();
    if (kept !== null) this.keep({ ...kept, ...part });
  }

  forget() {
    this.#storage.removeItem(this.#key);
  }
}
