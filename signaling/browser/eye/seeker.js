/** Remembers for some seconds where a face was, and nothing else of it. */

import { frameOf, isStill, signingSpace, spots } from "./geometry.js";

/** @import { Blocks } from "./measures.js" */
/** @import { Box, FaceRule, FaceSeen, FrameSeen } from "./model.js" */

export class Seeker {
  #rule;
  /** @type {FaceSeen | null} */
  #face = null;
  #at = 0;
  #isThere = false;
  #turn = 0;

  /** @param {FaceRule} rule */
  constructor(rule) {
    this.#rule = rule;
  }

  /**
   * Where else to look when the whole picture shows no sure face.
   * @param {number} at now, in seconds
   * @param {Blocks | null} blocks where it moves
   * @param {number} aspect width of the picture over its height
   * @returns {Box[]}
   */
  places(at, blocks, aspect) {
    this.#turn += 1;
    const near = this.#known(at, this.#rule.memory_s)?.box ?? null;
    return spots(near, blocks, this.#turn, aspect);
  }

  /**
   * Where it was some seconds ago, and nowhere else.
   * @param {number} at
   * @param {number} aspect
   * @returns {Box[]}
   */
  place(at, aspect) {
    const near = this.#known(at, this.#rule.memory_s)?.box ?? null;
    return near === null ? [] : spots(near, null, 0, aspect).slice(0, 1);
  }

  /**
   * What the search of a moment says of the frame.
   * @param {FaceSeen | null} face
   * @param {number} at
   * @returns {FrameSeen}
   */
  found(face, at) {
    const before = this.#known(at, this.#rule.memory_s);
    const frame = frameOf(face, before, this.#rule);
    const isKnown = face !== null && before !== null;
    this.#isThere = frame.sure ||
      (isKnown && isStill(face.box, before.box, this.#rule));
    if (face !== null && frame.sure) {
      this.#face = face;
      this.#at = at;
    }
    return frame;
  }

  /**
   * Where the face is, if the last search found it not long ago.
   * @param {number} at
   */
  face(at) {
    if (!this.#isThere) return null;
    return this.#known(at, this.#rule.light_s)?.box ?? null;
  }

  /**
   * Where hands are looked for, if that is not the whole picture.
   * @param {number} at
   * @param {number} aspect width of the picture over its height
   */
  space(at, aspect) {
    const face = this.face(at);
    return face && signingSpace(face, aspect);
  }

  /**
   * @param {number} at
   * @param {number} spanS
   */
  #known(at, spanS) {
    return at - this.#at <= spanS ? this.#face : null;
  }
}
