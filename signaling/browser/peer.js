/** One media leg: the page offers, the relay answers, both pictures flow. */

import { after, every, now } from "./clock.js";
import { fare, held, NO_HOLD, stepped, WHOLE } from "./steps.js";

/** @import { Hold } from "./steps.js" */
/** @import { IceServer } from "./wire.js" */

/** @typedef {"connecting" | "up" | "shaky" | "failed"} LegState */

/**
 * @typedef {object} LegPlan
 * @property {string} id
 * @property {readonly IceServer[]} iceServers
 * @property {MediaStream | null} camera
 * @property {boolean} full whether somebody watches: else only enough to be warm
 * @property {(state: LegState) => void} changed
 */

/** What a waiting caller sends, in bit/s: enough for the bandwidth estimate to live. */
export const WAITING_BITRATE = 150_000;
/** What a call sends at most, in bit/s. */
export const FULL_BITRATE = 1_500_000;

const MAX_FRAME_RATE = 30;
/**
 * Three temporal layers where the browser has them: the relay's eye then reads a
 * quarter of the frames, and a weak observer gets half or a quarter of them.
 */
const LAYERS = "L1T3";
const CONNECT_MS = 10_000;
const SHAKY_MS = 4_000;
const LOOK_MS = 500;
/** After a wait the estimate needs a moment to climb: that is no narrow line. */
const CLIMB_MS = 1_500;

/**
 * Put VP8 first and keep only what it needs: the relay forwards, it never transcodes.
 * @template {{ mimeType: string }} Codec
 * @param {readonly Codec[]} codecs
 */
export function preferVp8(codecs) {
  const is = (/** @type {Codec} */ codec, /** @type {string} */ name) =>
    codec.mimeType.toLowerCase() === `video/${name}`;
  const vp8 = codecs.filter((codec) => is(codec, "vp8"));
  if (vp8.length === 0) return [];
  return [...vp8, ...codecs.filter((codec) => is(codec, "rtx"))];
}

export class Leg {
  id;
  /** The other side, as soon as it sends. */
  remote = new MediaStream();
  #plan;
  #connection;
  #video;
  #audio;
  /** @type {() => void} */
  #stopWatch = () => {};
  /** @type {Promise<void>} the last change of the sender's parameters */
  #applied = Promise.resolve();
  /** @type {() => void} */
  #stopLooking = () => {};
  #fullSince = now();
  #step = WHOLE;
  #hold = NO_HOLD;
  #fare = fare([]);

  /** @param {LegPlan} plan */
  constructor(plan) {
    this.id = plan.id;
    this.#plan = plan;
    this.#connection = new RTCPeerConnection({
      iceServers: plan.iceServers.map((server) => ({
        ...server,
        urls: [...server.urls],
      })),
      bundlePolicy: "max-bundle",
    });
    this.#video = this.#addVideo();
    this.#audio = this.#connection.addTransceiver("audio", { direction: "sendrecv" });
    for (const line of [this.#video, this.#audio]) {
      this.remote.addTrack(line.receiver.track);
    }
    this.#connection.addEventListener("connectionstatechange", () => this.#follow());
  }

  get connection() {
    return this.#connection;
  }

  get isAnswered() {
    return this.#connection.remoteDescription !== null;
  }

  /**
   * The offer, at once: the relay finds this browser by its first packets, so no
   * candidate is worth a wait.
   */
  async offer() {
    await this.#connection.setLocalDescription();
    this.#watch(CONNECT_MS);
    return this.#connection.localDescription?.sdp ?? "";
  }

  /** @param {string} sdp */
  async answer(sdp) {
    if (this.#connection.signalingState !== "have-local-offer") return;
    await this.#connection.setRemoteDescription({ type: "answer", sdp });
    await this.#apply();
  }

  /**
   * Full rate from the moment an agent's console rings.
   * @param {boolean} full
   */
  async setFull(full) {
    this.#plan.full = full;
    this.#fullSince = now();
    this.#step = WHOLE;
    await this.#apply();
  }

  /**
   * Bring the sender to the plan, one change at a time: a browser refuses parameters
   * that were read before another change, and a refused one would leave a call at the
   * rate of a wait.
   */
  async #apply() {
    this.#applied = this.#applied.then(() => this.#change("maintain-framerate"));
    await this.#applied;
  }

  /**
   * Let the browser forget by how much it has made the picture smaller itself: it is slow
   * to make it larger again, and it forgets only when it is to care for something else.
   */
  async #enlarge() {
    this.#applied = this.#applied.then(() => this.#change("balanced"));
    await this.#apply();
  }

  /** @param {RTCDegradationPreference} preference */
  async #change(preference) {
    if (await this.#set(preference, { scalabilityMode: LAYERS })) return;
    await this.#set(preference, {}); // a browser without layers
  }

  /**
   * @param {RTCDegradationPreference} preference
   * @param {{ scalabilityMode?: string }} layers
   * @returns {Promise<boolean>} whether the browser took it
   */
  async #set(preference, layers) {
    const parameters = this.#video.sender.getParameters();
    const encoding = parameters.encodings?.[0];
    if (encoding === undefined) return true;
    Object.assign(encoding, this.#encoding(), layers);
    parameters.degradationPreference = preference;
    try {
      await this.#video.sender.setParameters(parameters);
      return true;
    } catch {
      return false;
    }
  }

  /**
   * Show another camera on the same leg.
   * @param {MediaStream | null} camera
   */
  async setCamera(camera) {
    await this.#video.sender.replaceTrack(camera?.getVideoTracks()[0] ?? null);
  }

  /**
   * Open the sound line with a track, close it with `null`.
   * @param {MediaStreamTrack | null} track
   */
  async setMicrophone(track) {
    await this.#audio.sender.replaceTrack(track);
  }

  close() {
    this.#stopWatch();
    this.#stopLooking();
    this.#connection.close();
  }

  #addVideo() {
    const track = this.#plan.camera?.getVideoTracks()[0];
    const line = this.#connection.addTransceiver(track ?? "video", {
      direction: "sendrecv",
      sendEncodings: [this.#encoding()],
      streams: this.#plan.camera ? [this.#plan.camera] : [],
    });
    const codecs = RTCRtpReceiver.getCapabilities("video")?.codecs ?? [];
    const wanted = preferVp8(codecs);
    if (wanted.length > 0) line.setCodecPreferences?.(wanted);
    return line;
  }

  #encoding() {
    const maxBitrate = this.#plan.full ? FULL_BITRATE : WAITING_BITRATE;
    return {
      maxBitrate,
      maxFramerate: MAX_FRAME_RATE,
      scaleResolutionDownBy: this.#step.scale,
    };
  }

  /** See how both pictures fare: smaller or later, but thirty a second. */
  async #look() {
    if (!this.#plan.full) return;
    const seen = fare((await this.#connection.getStats()).values());
    this.#holdBack(held(this.#hold, this.#fare, seen, now()));
    this.#fare = seen;
    await this.#fit(seen.bps);
  }

  /** @param {number | null} bps what the browser lets the picture have, if it says */
  async #fit(bps) {
    const at = now();
    if (bps === null || at - this.#fullSince < CLIMB_MS) return;
    const { scale } = this.#step;
    this.#step = stepped(this.#step, bps, at);
    if (this.#step.scale > scale) await this.#apply();
    if (this.#step.scale < scale) await this.#enlarge();
  }

  /** @param {Hold} hold */
  #holdBack(hold) {
    const { receiver } = this.#video;
    if (hold.ms !== this.#hold.ms && "jitterBufferTarget" in receiver) {
      receiver.jitterBufferTarget = hold.ms || null;
    }
    this.#hold = hold;
  }

  #follow() {
    const state = this.#connection.connectionState;
    if (state === "connected") {
      this.#stopWatch();
      this.#stopLooking();
      this.#stopLooking = every(LOOK_MS, () => void this.#look());
      this.#plan.changed("up");
    } else if (state === "disconnected") {
      this.#watch(SHAKY_MS);
      this.#plan.changed("shaky");
    } else if (state === "failed") {
      this.#stopWatch();
      this.#stopLooking();
      this.#plan.changed("failed");
    }
  }

  /** @param {number} ms */
  #watch(ms) {
    this.#stopWatch();
    this.#stopWatch = after(ms, () => this.#plan.changed("failed"));
  }
}
