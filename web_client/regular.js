/** Whom the caller may ask for again: kept by this tab for a quarter of an hour. */

import { after } from "../signaling/browser/clock.js";

/** @import { Mode } from "../signaling/browser/wire.js" */

/** As long as the server believes the word. */
export const KEPT_MS = 15 * 60 * 1000;

/**
 * The agent of the last call: the server's signed word, and the name that was shown.
 * @typedef {object} Regular
 * @property {string} word
 * @property {string} name
 * @property {Mode} mode how they talked
 */

/** The time of day, which goes on over a reload, and a timer. */
const TIME = { now: () => Date.now(), after };

export class Regulars {
  #key;
  #storage;
  #changed;
  #time;
  #stop = () => {};

  /**
   * @param {string} slug the service that the word is for
   * @param {Pick<Storage, "getItem" | "setItem" | "removeItem">} storage
   * @param {(regular: Regular | null) => void} changed who may be asked for now
   * @param {{ now: () => number, after: typeof after }} [time]
   */
  constructor(slug, storage, changed, time = TIME) {
    this.#key = `illico.again.${slug}`;
    this.#storage = storage;
    this.#changed = changed;
    this.#time = time;
  }

  /** @param {Regular} regular */
  keep(regular) {
    const until = this.#time.now() + KEPT_MS;
    this.#storage.setItem(this.#key, JSON.stringify({ ...regular, until }));
    this.look();
  }

  /** Say who may be asked for, and once more when the time is over. */
  look() {
    this.#stop();
    const kept = this.#read();
    if (kept === null) {
      this.#storage.removeItem(this.#key);
      this.#changed(null);
      return;
    }
    const { word, name, mode, until } = kept;
    this.#changed({ word, name, mode });
    this.#stop = this.#time.after(until - this.#time.now(), () => this.look());
  }

  /** @returns {Regular & { until: number } | null} */
  #read() {
    try {
      const kept = JSON.parse(this.#storage.getItem(this.#key) ?? "null");
      const left = kept?.until - this.#time.now();
      return left > 0 && left <= KEPT_MS && typeof kept.word === "string" ? kept : null;
    } catch {
      return null;
    }
  }
}
