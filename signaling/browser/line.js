/** The media of one call, kept up: a leg that fails gives way to a new one. */

import { after } from "./clock.js";
import { newId } from "./ids.js";
import { Leg } from "./peer.js";

/** @import { LegState } from "./peer.js" */
/** @import { IceServer, LegOffer, LegWish } from "./wire.js" */

/** @typedef {"none" | "connecting" | "up" | "shaky"} MediaState */

/**
 * @typedef {object} LineListener
 * @property {(wish: LegWish) => void} wished
 * @property {(offer: LegOffer) => boolean} offered sends it now; `false`: no line yet
 * @property {(state: MediaState) => void} changed
 * @property {(remote: MediaStream | null) => void} seen another stream to show
 */

/** Refusals that concern the media leg alone: another try may find room. */
const LEG_PROBLEMS = new Set([
  "bad_sdp",
  "call_exists",
  "draining",
  "full",
  "no_video",
  "other_incarnation",
  "relay_unreachable",
  "stale_token",
  "unavailable",
]);

/** @param {string} code a refusal's */
export function isLegProblem(code) {
  return LEG_PROBLEMS.has(code);
}

const TRY_AGAIN_MS = [0, 1000, 2000, 4000, 8000];

export class MediaLine {
  #listener;
  /** @type {string | null} */
  #call = null;
  /** @type {Leg | null} */
  #leg = null;
  /** @type {MediaStream | null} */
  #camera = null;
  /** @type {MediaStreamTrack | null} */
  #microphone = null;
  /** Whether a leg may need TURN servers, which are asked for it alone. */
  needsServers = false;
  /** @type {string | null} the leg that waits for its servers */
  #wished = null;
  #full = false;
  #isOffered = false;
  #failures = 0;
  /** @type {() => void} */
  #stopRetry = () => {};

  /** @param {LineListener} listener */
  constructor(listener) {
    this.#listener = listener;
  }

  /** For tests and statistics; `null` without a leg. */
  get connection() {
    return this.#leg?.connection ?? null;
  }

  get call() {
    return this.#call;
  }

  /**
   * Bring the media of a call up; harmless when it is.
   * @param {string} call
   * @param {MediaStream | null} camera
   * @param {boolean} full
   */
  async start(call, camera, full) {
    if (this.#call === call && (this.#leg !== null || this.#wished !== null)) return;
    this.stop();
    this.#call = call;
    this.#camera = camera;
    this.#full = full;
    await this.#build();
  }

  /** The channel is back: offer again what the relay may never have read. */
  async resume() {
    const isAnswered = this.#leg?.isAnswered ?? this.#wished === null;
    if (!isAnswered) await this.#build();
  }

  /**
   * @param {string} leg
   * @param {string} sdp
   */
  async answer(leg, sdp) {
    if (this.#leg?.id !== leg) return;
    try {
      await this.#leg.answer(sdp);
    } catch {
      this.#fail();
    }
  }

  /**
   * The relay lost this leg.
   * @param {string} leg
   */
  lose(leg) {
    if (this.#leg?.id === leg) this.#fail();
  }

  /** The relay refused the offer; a later one may find room. */
  refuse() {
    if (this.#leg !== null && !this.#leg.isAnswered) this.#fail();
  }

  /** @param {boolean} full */
  async setFull(full) {
    if (this.#full === full) return;
    this.#full = full;
    await this.#leg?.setFull(full);
  }

  /** @param {MediaStream} camera */
  async setCamera(camera) {
    this.#camera = camera;
    await this.#leg?.setCamera(camera);
  }

  /** @param {MediaStreamTrack | null} track */
  async setMicrophone(track) {
    if (this.#microphone !== track) this.#microphone?.stop();
    this.#microphone = track;
    await this.#leg?.setMicrophone(track);
  }

  stop() {
    this.#stopRetry();
    this.#leg?.close();
    this.#leg = null;
    this.#wished = null;
    this.#microphone?.stop();
    this.#microphone = null;
    this.#failures = 0;
    if (this.#call === null) return;
    this.#call = null;
    this.#listener.seen(null);
    this.#listener.changed("none");
  }

  async #build() {
    this.#stopRetry();
    this.#leg?.close();
    this.#leg = null;
    this.#listener.changed("connecting");
    const id = newId();
    this.#wished = id;
    if (!this.needsServers) await this.open(id, []);
    else if (this.#call !== null) {
      this.#listener.wished({ type: "leg_wish", call: this.#call, leg: id });
    }
  }

  /**
   * The servers for a leg are known: make it.
   * @param {string} id
   * @param {readonly IceServer[]} iceServers
   */
  async open(id, iceServers) {
    if (this.#wished !== id) return;
    this.#wished = null;
    const leg = new Leg({
      id,
      iceServers,
      camera: this.#camera,
      full: this.#full,
      changed: (state) => this.#follow(leg, state),
    });
    this.#leg = leg;
    this.#isOffered = false;
    if (this.#microphone) await leg.setMicrophone(this.#microphone);
    this.#listener.seen(leg.remote);
    const sdp = await leg.offer();
    if (this.#leg !== leg || this.#call === null) return;
    this.#isOffered = this.#listener.offered({
      type: "leg_offer",
      call: this.#call,
      leg: leg.id,
      sdp,
    });
  }

  /**
   * @param {Leg} leg
   * @param {LegState} state
   */
  #follow(leg, state) {
    if (leg !== this.#leg) return;
    if (state === "failed") this.#fail();
    else this.#listener.changed(state);
    if (state === "up") this.#failures = 0;
  }

  #fail() {
    this.#listener.changed("connecting");
    if (this.#leg !== null && !this.#isOffered && !this.#leg.isAnswered) return; // resume() will
    const wait = TRY_AGAIN_MS[Math.min(this.#failures, TRY_AGAIN_MS.length - 1)] ?? 0;
    this.#failures += 1;
    this.#stopRetry();
    this.#stopRetry = after(wait, () => void this.#build());
  }
}
