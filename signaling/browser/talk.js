/** What both pages of a call do alike: hear, show, write, wave, speak, be watched. */

import { keepAwake } from "./awake.js";
import { openMicrophone } from "./camera.js";
import { Channel } from "./channel.js";
import { after, every, now } from "./clock.js";
import { firstFrame, play, watchFreeze } from "./frames.js";
import { isLegProblem, MediaLine } from "./line.js";
import { due } from "./eye/advice.js";
import { chunks } from "./typing.js";

/** @import { Surroundings } from "./channel.js" */
/** @import { Advice } from "./eye/advice.js" */
/** @import { Claim, Frame } from "./frames.js" */
/** @import { TalkEvent } from "./talk_state.js" */
/** @import { ClientMessage, LegOffer, ServerMessage } from "./wire.js" */

const WAVE_MS = 3800;

/**
 * The page around a talk.
 * @typedef {object} TalkPage
 * @property {() => string | null} call the call that the page is in
 * @property {() => boolean} isTapped whether the page asks for a touch
 * @property {() => boolean} isHeard whether somebody wants to know that the page is hidden
 * @property {() => HTMLVideoElement | null} video where the other is shown
 * @property {() => void} changed there is something else to show
 * @property {(event: TalkEvent) => void} happened
 * @property {() => void} welcomed says what must come first
 * @property {(message: ServerMessage) => void} received
 * @property {(call: string) => void} offered the call's leg is on its way to the relay
 */

export class Talk {
  channel;
  line;
  /** What the templates of a call may do. */
  actions = {
    reconnect: () => this.channel.retry(),
    type: (/** @type {string} */ chars) => this.#type(chars),
    wave: () => this.say((call) => ({ type: "attention", call })),
    setSound: (/** @type {boolean} */ open) => this.#setSound(open),
    touch: () => this.#play(),
  };
  #page;
  /** @type {MediaStream | null} */
  #remote = null;
  /** @type {HTMLVideoElement | null} */
  #watched = null;
  #stopFreeze = () => {};
  /** @type {string | null} the call whose first picture is awaited */
  #awaited = null;
  #stopFrame = () => {};
  #stopAdvice = () => {};
  #stopTicking = () => {};

  /**
   * @param {string} url of the WebSocket
   * @param {TalkPage} page
   * @param {Surroundings} [around]
   */
  constructor(url, page, around) {
    this.#page = page;
    this.channel = new Channel(url, {
      welcomed: (welcome) => {
        this.line.needsServers = welcome.turn;
        page.welcomed();
      },
      received: (message) => this.#hear(message),
      changed: (status) => page.happened({ type: "channel", status }),
    }, around);
    this.line = new MediaLine({
      wished: (wish) => this.channel.sendNow(wish),
      offered: (offer) => this.#offer(offer),
      changed: (media, broken) => page.happened({ type: "media", media, broken }),
      silent: (leg) => this.#miss(leg),
      seen: (remote) => this.#show(remote),
    });
  }

  /** Follow the page to the background and back, and the network. */
  listen() {
    document.addEventListener("visibilitychange", () => this.#turned());
    globalThis.addEventListener("online", () => this.channel.retry());
  }

  /** The page was painted: its video may be another element. */
  painted() {
    const video = this.#page.video();
    if (video && video.srcObject !== this.#remote) void this.#play();
    this.#watch(video);
  }

  /**
   * Say something about the page's call; nothing without one.
   * @param {(call: string) => ClientMessage} message
   */
  say(message) {
    const call = this.#page.call();
    if (call !== null) this.channel.send(message(call));
  }

  /** @param {boolean} yes the person's answer to the eye */
  setEye(yes) {
    this.#page.happened({ type: "eye", yes });
    this.say((call) => ({ type: "eye_consent", call, yes }));
  }

  /**
   * Tell the other's first picture, once a call (or until it is forgotten).
   * @param {string} call
   * @param {Claim} claim
   * @param {(frame: Frame) => void} tell
   */
  expect(call, claim, tell) {
    const video = this.#page.video();
    if (video === null || this.#awaited === call) return;
    this.forget();
    this.#awaited = call;
    this.#stopFrame = firstFrame(video, claim, tell);
  }

  /** Stop watching for a picture: the next one is another person's. */
  forget() {
    this.#stopFrame();
    this.#awaited = null;
  }

  /** The call is over for this page. */
  stop() {
    this.forget();
    this.line.stop();
  }

  /**
   * Let a wave calm down, and advice go when its time is over.
   * @param {{ waved: boolean, advice: Advice }} next
   * @param {{ waved: boolean, advice: Advice }} before
   */
  calm(next, before) {
    if (next.waved && !before.waved) {
      after(WAVE_MS, () => this.#page.happened({ type: "calmed" }));
    }
    if (next.advice !== before.advice) this.#wait(next.advice);
  }

  /** @param {Advice} advice */
  #wait(advice) {
    this.#stopAdvice();
    const at = now();
    const then = due(advice, at);
    this.#stopAdvice = then === null
      ? () => {}
      : after(then - at, () => this.#page.happened({ type: "advised", at: now() }));
  }

  /**
   * Show the time again and again, on a lit screen.
   * @param {number | null} ms `null`: there is no clock to show
   * @param {(at: number) => void} show
   */
  tick(ms, show) {
    this.#stopTicking();
    void keepAwake(ms !== null);
    show(now());
    this.#stopTicking = ms === null ? () => {} : every(ms, () => show(now()));
  }

  /** @param {LegOffer} offer */
  #offer(offer) {
    const isSent = this.channel.sendNow(offer);
    if (isSent) this.#page.offered(offer.call);
    return isSent;
  }

  /** @param {string} leg on which nothing arrives: the relay may be gone */
  #miss(leg) {
    const call = this.line.call;
    if (call !== null) this.channel.sendNow({ type: "media_lost", call, leg });
  }

  /** @param {ServerMessage} message */
  #hear(message) {
    this.#page.received(message);
    switch (message.type) {
      case "ice_servers":
        void this.line.open(message.leg, message.ice_servers);
        break;
      case "leg_answer":
        void this.line.answer(message.leg, message.sdp);
        break;
      case "leg_lost":
        this.line.lose(message.leg, message.why);
        break;
      case "attention_from":
        navigator.vibrate?.(200);
        break;
      case "problem":
        if (isLegProblem(message.code)) this.line.refuse();
        break;
    }
  }

  /** @param {MediaStream | null} remote */
  #show(remote) {
    this.#remote = remote;
    this.#page.changed();
  }

  /** @param {HTMLVideoElement | null} video */
  #watch(video) {
    if (video === this.#watched) return;
    this.#watched = video;
    this.#stopFreeze();
    this.#stopFreeze = video === null ? () => {} : watchFreeze(
      video,
      (frozen) => this.#page.happened({ type: "frozen", frozen }),
    );
  }

  async #play() {
    const video = this.#page.video();
    if (video === null) return;
    const plays = await play(video, this.#remote);
    if (this.#page.isTapped() !== plays) return;
    this.#page.happened({ type: "tap", needed: !plays });
  }

  /** @param {string} chars */
  #type(chars) {
    this.#page.happened({ type: "typed", chars });
    for (const part of chunks(chars)) {
      this.say((call) => ({ type: "text", call, chars: part }));
    }
  }

  /** @param {boolean} open */
  async #setSound(open) {
    const track = open ? await openMicrophone() : null;
    await this.line.setMicrophone(track);
    const missing = open && track === null;
    this.#page.happened({ type: "sound", open: track !== null, missing });
  }

  /** The page went to the background, or came back. */
  #turned() {
    const hidden = document.hidden;
    if (!hidden) this.channel.retry();
    if (!this.#page.isHeard()) return;
    if (!hidden) void keepAwake(true);
    const call = this.#page.call();
    if (call !== null) this.channel.sendNow({ type: "visibility", call, hidden });
  }
}

/**
 * The address of a WebSocket beside this page.
 * @param {string} path
 */
export function socketUrl(path) {
  return `${location.origin.replace(/^http/, "ws")}${path}`;
}

/**
 * Go on from a new screen's title, unless the person is already somewhere in it.
 * @param {DocumentFragment | HTMLElement} root
 * @param {string} target a selector
 */
export function goOn(root, target) {
  const found = root.querySelector(target);
  const isInside = root instanceof ShadowRoot && root.activeElement !== null;
  if (found instanceof HTMLElement && !isInside) found.focus({ preventScroll: true });
}
