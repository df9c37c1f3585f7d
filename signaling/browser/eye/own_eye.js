/** Looks at the own camera in the page itself; nothing of it goes anywhere. */

import { every, now } from "../clock.js";
import { play } from "../frames.js";
import { allowed, deviceOf } from "./allowed.js";
import { NO_CHECK } from "./check.js";
import { Helper } from "./helper.js";
import { asSent } from "./judge.js";
import { grayOf, heightOf, WIDTH } from "./measures.js";
import { THRESHOLDS } from "./models.js";
import { isAsked } from "./show_hands.js";
import { Watch } from "./watch.js";

/** @import { Judgement } from "./advice.js" */
/** @import { Check, CheckEvent } from "./check.js" */
/** @import { Depth } from "./allowed.js" */
/** @import { Found, Wish } from "./helper.js" */
/** @import { HandsSeen, Thresholds } from "./model.js" */
/** @import { Picture } from "./watch.js" */

/** @typedef {"mirror" | "call"} Place before a call, or while its pictures are sent */

/**
 * What the page hears of it: before a call everything, in a call the judgements.
 * @typedef {{ type: "check", event: CheckEvent }
 *   | { type: "looked", judgement: Judgement, at: number }} EyeEvent
 */

/** In a call half as often: the camera's frames come first. */
const SLOWER = 2;

/** Who calls at once fetches nothing: so long the mirror stands before the worker starts. */
const AT_EASE_S = 2;

/** @type {CheckEvent} */
const UNABLE = { type: "unable" };

/** @type {Promise<Thresholds | null> | null} */
let rules = null;

export class OwnEye {
  /** What the templates of a check may do. */
  actions = {
    canSeekHands: () => this.#depth("mirror") === "hands",
    askHands: () => this.#happened({ type: "check", event: { type: "asked" } }),
    skipHands: () => this.#happened({ type: "check", event: { type: "skipped" } }),
  };
  #happened;
  #seeksHands = false;
  /** @type {number | null} `null` where the browser does not count them */
  #frames = null;
  #helper = new Helper();
  #device = deviceOf(navigator);
  #video = document.createElement("video");
  #pen = new OffscreenCanvas(WIDTH, WIDTH).getContext("2d", {
    willReadFrequently: true,
  });
  /** @type {Place | null} */
  #place = null;
  /** @type {MediaStream | null} */
  #stream = null;
  /** @type {Watch | null} */
  #watch = null;
  #since = 0;
  #stop = () => {};

  /** @param {(event: EyeEvent) => void} happened */
  constructor(happened) {
    this.#happened = happened;
    this.#video.muted = true;
    this.#video.playsInline = true;
    if ("requestVideoFrameCallback" in this.#video) this.#count();
  }

  /**
   * Let the person see their own picture where there is a mirror for it.
   * @param {HTMLVideoElement | null} mirror
   * @param {MediaStream | null} stream
   */
  show(mirror, stream) {
    if (mirror !== null && mirror.srcObject !== stream) void play(mirror, stream);
  }

  /**
   * Look at a camera from now on, or at nothing; the same one again changes nothing.
   * @param {Place | null} place
   * @param {MediaStream | null} stream
   * @param {Check} check where the person may have asked to look for their hands
   */
  watch(place, stream, { hands }) {
    this.#seeksHands = isAsked(hands);
    const seen = place === null ? null : stream;
    if (this.#place === place && this.#stream === seen) return;
    this.#stop();
    this.#place = place;
    this.#stream = seen;
    void play(this.#video, seen);
    if (place === null && this.#helper.answerMs === null) this.#helper.stop();
    if (place !== null && seen !== null) void this.#begin(place, seen);
  }

  /** The call is over: give the worker's memory back. */
  end() {
    this.watch(null, null, NO_CHECK);
    this.#helper.stop();
  }

  /**
   * @param {Place} place
   * @param {MediaStream} stream
   */
  async #begin(place, stream) {
    const thresholds = await (rules ??= read());
    if (this.#place !== place || this.#stream !== stream || thresholds === null) return;
    const look = thresholds.sampling.interval_s * (place === "call" ? SLOWER : 1);
    const stops = [
      every(1000 * look, () => void this.#look(place)),
      every(1000 * thresholds.stride_s, this.#judge(place, thresholds)),
    ];
    this.#watch = new Watch(thresholds);
    this.#since = now() / 1000;
    this.#stop = () => {
      for (const stop of stops) stop();
      this.#watch = null;
    };
  }

  /** @param {Place} place */
  async #look(place) {
    const [watch, at] = [this.#watch, now() / 1000];
    if (watch === null || document.hidden) return;
    watch.count(at, this.#frames);
    const picture = this.#sketch(at);
    if (picture === null) return;
    const sample = watch.see(picture);
    const wish = this.#wish(watch, picture, place);
    if (wish === null) return;
    const found = await this.#helper.look(this.#video, wish);
    if (watch !== this.#watch) return;
    if (found !== null) {
      watch.know(picture, sample, found, isSearched(wish, found, place));
    }
    if (found?.hands) this.#tell(found.hands, watch.cutShare);
    if (this.#helper.isUnable) this.#happened({ type: "check", event: UNABLE });
  }

  /** Firefox counts the frames of a camera nowhere else. */
  #count() {
    this.#video.requestVideoFrameCallback((_, { presentedFrames }) => {
      this.#frames = presentedFrames;
      this.#count();
    });
  }

  /**
   * What the worker should look for now, if anything.
   * @param {Watch} watch
   * @param {Picture} picture
   * @param {Place} place
   */
  #wish(watch, { at, size }, place) {
    if (this.#helper.isBusy) return null;
    const depth = this.#depth(place);
    const hands = this.#seeksHands && depth === "hands";
    const isAtEase = at - this.#since >= AT_EASE_S || this.#seeksHands;
    const face = depth !== "light" && isAtEase && watch.wantsFace(at, place === "call");
    if (!face && !hands) return null;
    const spots = watch.places(at, size, place === "call");
    const space = hands ? watch.space(at, size) : null;
    return { face, hands, spots, space, rule: watch.rule };
  }

  /**
   * Judge stride by stride; after a pause (the page was hidden, the device slept) all
   * begins anew.
   * @param {Place} place
   * @param {Thresholds} thresholds
   */
  #judge(place, thresholds) {
    const stride = thresholds.stride_s;
    let at = now() / 1000;
    return () => {
      at += stride;
      if (document.hidden || Math.abs(now() / 1000 - at) > stride / 2) {
        this.#watch = new Watch(thresholds);
        at = now() / 1000;
      }
      const judgement = this.#watch?.judge(at) ?? null;
      if (judgement !== null) this.#happened(told(judgement, place));
    };
  }

  /**
   * The present picture, as small as it is measured.
   * @param {number} at
   * @returns {Picture | null}
   */
  #sketch(at) {
    const { videoWidth: width, videoHeight: height } = this.#video;
    if (this.#pen === null || width === 0) return null;
    const rows = heightOf(width, height);
    const { canvas } = this.#pen;
    if (canvas.height !== rows) canvas.height = rows;
    this.#pen.imageSmoothingQuality = "medium"; // the mean of what one pixel covers
    this.#pen.drawImage(this.#video, 0, 0, WIDTH, rows);
    const { data } = this.#pen.getImageData(0, 0, WIDTH, rows);
    return { at, wide: grayOf(data, WIDTH), size: [width, height] };
  }

  /**
   * @param {HandsSeen} hands
   * @param {number} cut the share of landmarks outside from which on a hand is cut
   */
  #tell(hands, cut) {
    const event = /** @type {const} */ ({ type: "checked", hands, at: now(), cut });
    this.#happened({ type: "check", event });
  }

  /**
   * @param {Place} place
   * @returns {Depth}
   */
  #depth(place) {
    const { isUnable, answerMs } = this.#helper;
    return allowed({
      ...this.#device,
      isUnable,
      inCall: place === "call",
      isReady: answerMs !== null,
      fps: this.#watch?.fps ?? null,
      answerMs,
    });
  }
}

/**
 * Whether a face that was not found is not there: in a call it was looked for in the
 * whole picture and where it was, and who sits far away is found in neither.
 * @param {Wish} wish
 * @param {Found} found
 * @param {Place} place
 */
function isSearched({ face, spots }, found, place) {
  return face && (place === "mirror" || found.face !== null || spots.length > 0);
}

/**
 * @param {Judgement} judgement
 * @param {Place} place
 * @returns {EyeEvent}
 */
function told(judgement, place) {
  return place === "mirror"
    ? { type: "check", event: { type: "judged", judgement } }
    : { type: "looked", judgement: asSent(judgement), at: now() };
}

/**
 * A page that cannot get the numbers judges nothing, until the next time.
 * @returns {Promise<Thresholds | null>}
 */
async function read() {
  try {
    const answer = await fetch(THRESHOLDS);
    if (answer.ok) return await answer.json();
  } catch {
    // the line is cut; the channel says so
  }
  rules = null;
  return null;
}
