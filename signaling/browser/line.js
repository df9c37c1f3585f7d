/** The media of one call, kept up: a leg that fails gives way to a new one. */

import { count, heard, isSilent, LOOK_MS, NOTHING } from "./arrivals.js";
import { after, every, now } from "./clock.js";
import { newId } from "./ids.js";
import { Leg } from "./peer.js";

/** @import { LegState } from "./peer.js" */
/** @import { IceServer, LegOffer, LegWhy, LegWish } from "./wire.js" */

/** @typedef {"none" | "connecting" | "up" | "shaky"} MediaState */

/**
 * @typedef {object} LineListener
 * @property {(wish: LegWish) => void} wished
 * @property {(offer: LegOffer) => boolean} offered sends it now; `false`: no line yet
 * @property {(state: MediaState, broken: LegWhy | null) => void} changed with the
 *   reason why a new leg is made, while it is
 * @property {(leg: string) => void} silent nothing arrives on a leg that was up
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
/** How long a new leg may take to bring the picture that the old one still shows. */
const TAKE_OVER_MS = 3000;
/** How long the old leg goes on for the other side, which may still look at it. */
const LINGER_MS = 1500;

export class MediaLine {
  #listener;
  /** @type {string | null} */
  #call = null;
  /** @type {Leg | null} */
  #leg = null;
  /** @type {Leg | null} the one before, as long as it shows the picture */
  #former = null;
  /** @type {MediaState} of the newest leg */
  #state = "connecting";
  #arrived = NOTHING;
  /** @type {LegWhy | null} */
  #broken = null;
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
  #stopLooking = () => {};
  #stopWaiting = () => {};

  /** @param {LineListener} listener */
  constructor(listener) {
    this.#listener = listener;
  }

  /** The leg that shows the picture, for tests and statistics; `null` without one. */
  get connection() {
    return (this.#former ?? this.#leg)?.connection ?? null;
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
      this.#fail("silent");
    }
  }

  /**
   * This leg has no way any more; or will have none, where the relay only leaves.
   * @param {string} leg
   * @param {LegWhy} why
   */
  lose(leg, why) {
    if (this.#leg?.id !== leg) return;
    if (why !== "silent") this.#failures = 0; // the fault is not on this side
    this.#fail(why);
  }

  /** The relay refused the offer; a later one may find room. */
  refuse() {
    if (this.#leg !== null && !this.#leg.isAnswered) this.#fail("silent");
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
    this.#stopLooking();
    this.#leg?.close();
    this.#leg = null;
    this.#dismiss();
    this.#broken = null;
    this.#wished = null;
    this.#microphone?.stop();
    this.#microphone = null;
    this.#failures = 0;
    if (this.#call === null) return;
    this.#call = null;
    this.#listener.seen(null);
    this.#listener.changed("none", null);
  }

  async #build() {
    this.#stopRetry();
    this.#stopLooking();
    this.#setAside();
    this.#tell("connecting");
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
    this.#state = "connecting";
    this.#isOffered = false;
    if (this.#microphone) await leg.setMicrophone(this.#microphone);
    if (this.#former === null) this.#listener.seen(leg.remote);
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
    if (leg === this.#former && state === "failed") this.#takeOver();
    if (leg !== this.#leg) return;
    if (state === "failed") {
      this.#fail("silent");
      return;
    }
    this.#state = state;
    if (state === "up") this.#begin(leg);
    this.#tell(state);
  }

  /**
   * The leg is up: look from now on whether anything arrives on it.
   * @param {Leg} leg
   */
  #begin(leg) {
    this.#failures = 0;
    this.#arrived = NOTHING;
    this.#stopLooking();
    this.#stopLooking = every(LOOK_MS, () => void this.#look(leg));
    if (this.#former === null) this.#broken = null;
    else if (this.#full) this.#wait(TAKE_OVER_MS, () => this.#takeOver());
    else this.#takeOver();
  }

  /** @param {Leg} leg */
  async #look(leg) {
    const counted = await count(leg.connection);
    if (leg !== this.#leg) return;
    this.#arrived = heard(this.#arrived, counted, now());
    if (this.#arrived.pictures > 0) this.#takeOver();
    if (!isSilent(this.#arrived, this.#full, now())) return;
    this.#arrived = { ...this.#arrived, since: now() }; // and said again, if it lasts
    this.#listener.silent(leg.id);
  }

  // ----------------------------------------------- two legs, while one follows another

  /** Close the leg; one that still shows the picture only when the next one does. */
  #setAside() {
    const leg = this.#leg;
    this.#leg = null;
    if (this.#broken === "relay_leaves" && this.#former === null && leg?.isAnswered) {
      this.#former = leg;
    } else leg?.close();
  }

  /** The new leg shows the picture from now on; the other side may still need the old. */
  #takeOver() {
    const former = this.#former;
    if (former === null) return;
    this.#stopWaiting();
    this.#former = null;
    this.#broken = null;
    after(LINGER_MS, () => former.close());
    this.#listener.seen(this.#leg?.remote ?? null);
    this.#listener.changed(this.#state, null);
  }

  #dismiss() {
    this.#stopWaiting();
    this.#former?.close();
    this.#former = null;
  }

  /**
   * @param {number} ms
   * @param {() => void} act
   */
  #wait(ms, act) {
    this.#stopWaiting();
    this.#stopWaiting = after(ms, act);
  }

  /** @param {MediaState} state of the newest leg; an older one may show the picture */
  #tell(state) {
    this.#listener.changed(this.#former === null ? state : "up", this.#broken);
  }

  /** @param {LegWhy} why */
  #fail(why) {
    if (why !== "silent" || this.#broken === null) this.#broken = why;
    if (why === "relay_gone" || why === "no_relay") this.#dismiss();
    const isOpen = this.#leg === null || this.#isOffered || this.#leg.isAnswered;
    if (why !== "relay_leaves") this.#tell("connecting");
    if (!isOpen) return; // resume() will
    const wait = TRY_AGAIN_MS[Math.min(this.#failures, TRY_AGAIN_MS.length - 1)] ?? 0;
    this.#failures += 1;
    this.#stopRetry();
    this.#stopRetry = after(wait, () => void this.#build());
  }
}
