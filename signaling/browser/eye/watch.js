/** One camera over some seconds: measured, judged, its face remembered. No clock, no I/O. */

import { Judge } from "./judge.js";
import { change, edgeWidth, halved, light, personLight, personOf } from "./measures.js";
import { Seeker } from "./seeker.js";

/** @import { Judgement } from "./advice.js" */
/** @import { Found } from "./helper.js" */
/** @import { Blocks, Gray } from "./measures.js" */
/** @import { Box, Sample, Thresholds } from "./model.js" */

/**
 * One picture, small enough to be measured.
 * @typedef {object} Picture
 * @property {number} at seconds
 * @property {Gray} wide
 * @property {readonly [number, number]} size of the camera's, in pixels
 */

const USUAL_FPS = 30;
/** A search costs what some frames cost; in a call it may be so much rarer. */
const RARER = 3;

export class Watch {
  #thresholds;
  #judge;
  #seeker;
  #frames = 0;
  #arrived = 0;
  /** @type {number | null} frames a second, over the last stride */
  #fps = null;
  /** @type {Gray | null} */
  #before = null;
  /** @type {Blocks | null} */
  #blocks = null;
  /** @type {number | null} */
  #searchedAt = null;
  /** @type {number | null} frames at the last stride */
  #counted = null;

  /** @param {Thresholds} thresholds */
  constructor(thresholds) {
    this.#thresholds = thresholds;
    this.#judge = new Judge(thresholds);
    this.#seeker = new Seeker(thresholds.face);
  }

  /** Frames a second that the camera gives; `null` in the first second. */
  get fps() {
    return this.#fps;
  }

  /**
   * @param {number} at
   * @param {number | null} frames how many the camera has given so far; of one whose
   *   frames nobody counts, no rate is judged
   */
  count(at, frames) {
    const counted = frames ?? Math.round(USUAL_FPS * at);
    if (counted !== this.#frames) this.#arrived = at;
    this.#frames = counted;
  }

  /** The numbers of faces, for the worker. */
  get rule() {
    return this.#thresholds.face;
  }

  /** How many of a hand's landmarks may be outside before it is cut. */
  get cutShare() {
    return this.#thresholds.hands_cut.landmark_share;
  }

  /**
   * @param {Picture} picture
   * @returns {Sample}
   */
  see(picture) {
    const { at, wide } = picture;
    const small = halved(wide);
    const { block_change } = this.#thresholds.motion;
    const moved = this.#before && change(this.#before, small, block_change);
    this.#before = small;
    this.#blocks = moved?.blocks ?? null;
    const sample = {
      ...this.#measured(picture, small),
      at,
      size: picture.size,
      quantizer: 0,
      moving_share: moved?.moving_share ?? null,
      shift: moved?.shift ?? null,
      difference: moved?.difference ?? null,
      frame: null,
      hands: null,
    };
    this.#judge.look(sample);
    return sample;
  }

  /**
   * The worker has looked at the same picture.
   * @param {Picture} picture
   * @param {Sample} sample what was measured of it
   * @param {Found} found
   * @param {boolean} isSearched a face was looked for, wherever it may be
   */
  know(picture, sample, found, isSearched) {
    const { at, wide } = picture;
    const frame = isSearched ? this.#seeker.found(found.face, at) : null;
    const measured = this.#measured(picture, halved(wide));
    this.#judge.look({ ...sample, ...measured, frame, hands: found.hands });
  }

  /**
   * Whether it is time to look for the face again.
   * @param {number} at
   * @param {boolean} inCall
   */
  wantsFace(at, inCall) {
    const { face_interval_s, interval_s } = this.#thresholds.sampling;
    const every = face_interval_s * (inCall ? RARER : 1);
    const before = this.#searchedAt;
    if (before !== null && at - before < every - interval_s / 2) return false;
    this.#searchedAt = at;
    return true;
  }

  /**
   * Where to look for a face that the whole picture does not show; in a call only
   * where it was.
   * @param {number} at
   * @param {readonly [number, number]} size
   * @param {boolean} inCall
   * @returns {Box[]}
   */
  places(at, [width, height], inCall) {
    const aspect = width / height;
    return inCall
      ? this.#seeker.place(at, aspect)
      : this.#seeker.places(at, this.#blocks, aspect);
  }

  /**
   * Where hands are looked for, if that is not the whole picture.
   * @param {number} at
   * @param {readonly [number, number]} size
   */
  space(at, [width, height]) {
    return this.#seeker.space(at, width / height);
  }

  /**
   * @param {number} at a whole number of strides after the first time
   * @returns {Judgement | null}
   */
  judge(at) {
    const { stride_s } = this.#thresholds;
    this.#fps = this.#counted === null
      ? null
      : (this.#frames - this.#counted) / stride_s;
    this.#counted = this.#frames;
    return this.#judge.judge(at, this.#frames, this.#arrived);
  }

  /**
   * @param {Picture} picture
   * @param {Gray} small
   */
  #measured({ at, wide }, small) {
    const face = this.#seeker.face(at);
    return {
      ...light(small),
      edge: edgeWidth(wide, face && personOf(face)),
      person: face && personLight(small, face),
    };
  }
}
