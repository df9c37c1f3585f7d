/** Judges the light of the caller's own picture for as long as the mirror stands. */

import { watchLight } from "../signaling/browser/light.js";

/** @import { Light } from "../signaling/browser/light.js" */

export class MirrorLight {
  #judged;
  #stop = () => {};

  /** @param {(light: Light) => void} judged */
  constructor(judged) {
    this.#judged = judged;
  }

  /** @param {HTMLVideoElement | null} mirror */
  watch(mirror) {
    this.stop();
    if (mirror !== null) this.#stop = watchLight(mirror, this.#judged);
  }

  stop() {
    this.#stop();
    this.#stop = () => {};
  }
}
