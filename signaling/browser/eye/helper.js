/** The page's side of the worker: started when first wanted, one picture at a time. */

import { after } from "../clock.js";

/** @import { Box, FaceRule, FaceSeen, HandsSeen } from "./model.js" */

/**
 * What to look for in a picture.
 * @typedef {object} Wish
 * @property {boolean} face
 * @property {boolean} hands
 * @property {readonly Box[]} spots where to look once more for a face
 * @property {Box | null} space where hands are looked for, if not in all of it
 * @property {FaceRule} rule
 */

/** @typedef {Wish & { picture: ImageBitmap }} Glance */

/**
 * What the worker found.
 * @typedef {object} Found
 * @property {FaceSeen | null} face
 * @property {HandsSeen | null} hands `null` where nobody looked for them
 * @property {number} ms how long it took
 * @property {string | null} unable why it can look at nothing at all
 */

/** Pixels; in its parts a distant face is large enough. */
const WIDTH = 640;
/** For eleven megabytes on a slow line; nobody waits for it. */
const PATIENCE_MS = 60_000;

export class Helper {
  /** Whether this machine cannot do it: the page looks at light only. */
  isUnable = false;
  /**
   * How long the last answer took; `null` while the models are not there.
   * @type {number | null}
   */
  answerMs = null;
  #make;
  /** @type {Worker | null} */
  #worker = null;
  /** @type {((found: Found | null) => void) | null} */
  #told = null;

  /** @param {() => Worker} [make] */
  constructor(make = newWorker) {
    this.#make = make;
  }

  /** Whether a picture is being looked at. */
  get isBusy() {
    return this.#told !== null;
  }

  /**
   * Look at what a video shows now.
   * @param {HTMLVideoElement} video
   * @param {Wish} wish
   * @returns {Promise<Found | null>} `null` when nobody can look
   */
  async look(video, wish) {
    if (this.isBusy || this.isUnable) return null;
    /** @type {Promise<Found | null>} */
    const found = new Promise((told) => (this.#told = told));
    const stop = after(PATIENCE_MS, () => this.#fail());
    try {
      const picture = await pictureOf(video);
      this.#worker ??= this.#start();
      this.#worker.postMessage({ ...wish, picture }, [picture]);
    } catch {
      this.#tell(null); // a camera that has just gone shows nothing
    }
    return found.finally(stop);
  }

  /** Give the worker's memory back. */
  stop() {
    this.#worker?.terminate();
    this.#worker = null;
    this.answerMs = null;
    this.#tell(null);
  }

  #start() {
    const worker = this.#make();
    worker.onmessage = ({ data }) => this.#hear(data);
    worker.onerror = () => this.#fail();
    return worker;
  }

  /** @param {Found} found */
  #hear(found) {
    if (found.unable !== null) {
      this.#fail();
      return;
    }
    this.answerMs = found.ms;
    this.#tell(found);
  }

  #fail() {
    this.isUnable = true;
    this.stop();
  }

  /** @param {Found | null} found */
  #tell(found) {
    const told = this.#told;
    this.#told = null;
    told?.(found);
  }
}

/** @param {HTMLVideoElement} video */
function pictureOf(video) {
  const { videoWidth, videoHeight } = video;
  if (videoWidth <= WIDTH) return createImageBitmap(video);
  const resizeHeight = Math.round(WIDTH * videoHeight / videoWidth);
  return createImageBitmap(video, { resizeWidth: WIDTH, resizeHeight });
}

function newWorker() {
  return new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
}
