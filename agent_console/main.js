/** The agent's console put together: what is pressed, heard and shown. */

import { keepAwake } from "../signaling/browser/awake.js";
import { callStyles } from "../signaling/browser/call_styles.js";
import {
  closeCamera,
  openCamera,
  openMicrophone,
} from "../signaling/browser/camera.js";
import { Channel } from "../signaling/browser/channel.js";
import { after, every, now } from "../signaling/browser/clock.js";
import { firstFrame, play, watchFreeze } from "../signaling/browser/frames.js";
import { frameStyles } from "../signaling/browser/frame_styles.js";
import { newId } from "../signaling/browser/ids.js";
import { isLegProblem, MediaLine } from "../signaling/browser/line.js";
import { pageStyles } from "../signaling/browser/styles.js";
import { chunks } from "../signaling/browser/typing.js";
import { LitElement } from "../signaling/browser/vendor/lit.js";
import { allowAlarm, ring } from "./alarm.js";
import { signIn, signOut, whoIsThere } from "./session.js";
import { act, FIRST, needsMedia, receive } from "./state.js";
import { consoleStyles } from "./styles.js";
import { view } from "./view.js";

/** @import { ClientMessage, LegOffer, ServerMessage, Welcome } from "../signaling/browser/wire.js" */
/** @import { Session } from "./session.js" */
/** @import { PageEvent, State } from "./state.js" */

const TICK_MS = 1000;
const COUNTDOWN_MS = 250;
const WAVE_MS = 3800;
const EYE_KEY = "illico.eye";

/** @type {Readonly<Record<string, number>>} how often a screen with a clock looks at it */
const TICKS = {
  "ringing": COUNTDOWN_MS,
  "connecting": TICK_MS,
  "in-call": TICK_MS,
  "wrap-up": COUNTDOWN_MS,
};

class AgentConsole extends LitElement {
  /** @override */
  static properties = {
    state: { state: true },
    camera: { state: true },
    at: { state: true },
    selfLast: { state: true },
  };

  /** @override */
  static styles = [...pageStyles, frameStyles, consoleStyles, callStyles];

  #channel = new Channel(
    `${location.origin.replace(/^http/, "ws")}/ws/agent`,
    {
      welcomed: (welcome) => this.#welcomed(welcome),
      received: (message) => this.#received(message),
      changed: (status) => this.#dispatch({ type: "channel", status }),
    },
  );
  #line = new MediaLine({
    offered: (offer) => this.#offer(offer),
    changed: (media) => this.#dispatch({ type: "media", media }),
    seen: (remote) => this.#show(remote),
  });
  /** @type {MediaStream | null} */
  #remote = null;
  /** @type {string | null} the call that this page opened its camera for */
  #filmed = null;
  /** @type {string | null} the call whose first picture is awaited */
  #awaited = null;
  #stopFrame = () => {};
  /** @type {HTMLVideoElement | null} */
  #watched = null;
  #stopFreeze = () => {};
  #stopTicking = () => {};

  constructor() {
    super();
    /** @type {State} */
    this.state = { ...FIRST, eye: localStorage.getItem(EYE_KEY) === "yes" };
    /** @type {MediaStream | null} */
    this.camera = null;
    this.at = now();
    this.selfLast = false;
    /** What the templates may do. */
    this.actions = {
      signIn: (/** @type {string} */ login, /** @type {string} */ password) =>
        this.#signIn(login, password),
      signOut: () => this.#signOut(),
      setReady: (/** @type {boolean} */ ready) => this.#setReady(ready),
      accept: () => this.#accept(),
      refuse: () => this.#refuse(),
      end: (/** @type {boolean} */ difficult) =>
        this.#say((call) => ({ type: "hang_up", call, difficult })),
      finish: (/** @type {boolean} */ ready) =>
        this.#channel.send({ type: "wrap_up_done", request: newId(), ready }),
      takeOver: () => location.reload(),
      reconnect: () => this.#channel.retry(),
      type: (/** @type {string} */ chars) => this.#type(chars),
      wave: () => this.#say((call) => ({ type: "attention", call })),
      setSound: (/** @type {boolean} */ open) => this.#setSound(open),
      setEye: (/** @type {boolean} */ yes) => this.#setEye(yes),
      moveSelf: () => (this.selfLast = !this.selfLast),
      touch: () => this.#play(),
    };
  }

  /** For tests and statistics: the media leg, `null` without one. */
  get peerConnection() {
    return this.#line.connection;
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    document.addEventListener("visibilitychange", () => this.#turned());
    globalThis.addEventListener("online", () => this.#channel.retry());
    this.#mark();
    void whoIsThere().then((session) => this.#enter(session));
  }

  /** @override */
  render() {
    return view(this);
  }

  /** @override */
  updated() {
    const dialog = this.renderRoot.querySelector("dialog");
    if (dialog && !dialog.open) dialog.showModal();
    const remote = this.#video();
    if (remote && remote.srcObject !== this.#remote) void this.#play();
    this.#watch(remote);
    this.#await();
  }

  // ---------------------------------------------------------------- in and out

  /**
   * @param {string} login
   * @param {string} password
   */
  async #signIn(login, password) {
    this.#dispatch({ type: "signing" });
    this.#enter(await signIn(login, password));
  }

  /** @param {Session} session */
  #enter({ name, problem }) {
    if (name === null) {
      this.#dispatch({ type: "signed-out", problem });
      return;
    }
    this.#dispatch({ type: "signed-in", name });
    this.#channel.open();
  }

  async #signOut() {
    this.#channel.close();
    await signOut();
    this.#dispatch({ type: "signed-out", problem: null });
  }

  /** A socket that does not open may be a session that is over. */
  async #checkSession() {
    const { name, problem } = await whoIsThere();
    if (name !== null || problem !== null) return;
    this.#channel.close();
    this.#dispatch({ type: "signed-out", problem: "not_signed_in" });
  }

  /** @param {boolean} ready */
  #setReady(ready) {
    if (ready) allowAlarm();
    this.#channel.send({
      type: ready ? "agent_ready" : "agent_away",
      request: newId(),
    });
  }

  // ------------------------------------------------------------------- ringing

  #accept() {
    const card = this.state.card;
    if (card === null || this.state.answered) return;
    const { call, token } = card;
    this.#dispatch({ type: "answered" });
    this.#channel.send({ type: "accept", request: newId(), call, token });
  }

  #refuse() {
    const card = this.state.card;
    if (card === null || this.state.answered) return;
    const { call, token } = card;
    this.#dispatch({ type: "answered" });
    this.#channel.send({ type: "refuse", request: newId(), call, token });
  }

  // --------------------------------------------------------------------- words

  /** @param {Welcome} welcome */
  #welcomed(welcome) {
    this.#line.setIceServers(welcome.ice_servers);
  }

  /** @param {ServerMessage} message */
  #received(message) {
    this.#update(receive(this.state, message, now()));
    switch (message.type) {
      case "agent_call":
        void this.#line.resume();
        break;
      case "leg_answer":
        void this.#line.answer(message.leg, message.sdp);
        break;
      case "leg_lost":
        this.#line.lose(message.leg);
        break;
      case "attention_from":
        navigator.vibrate?.(200);
        break;
      case "problem":
        if (isLegProblem(message.code)) this.#line.refuse();
        break;
    }
  }

  /** @param {string} chars */
  #type(chars) {
    this.#dispatch({ type: "typed", chars });
    for (const part of chunks(chars)) {
      this.#say((call) => ({ type: "text", call, chars: part }));
    }
  }

  /** @param {(call: string) => ClientMessage} message */
  #say(message) {
    const call = this.state.card?.call;
    if (call !== undefined) this.#channel.send(message(call));
  }

  // --------------------------------------------------------------------- media

  /** The camera opens for a ringing call, its leg goes up while it rings. */
  async #film(/** @type {string} */ call) {
    this.#filmed = call;
    this.#dispatch({ type: "camera", camera: "asking" });
    const { state, stream } = await openCamera();
    if (this.#filmed !== call) {
      closeCamera(stream);
      return;
    }
    this.camera = stream;
    this.#dispatch({ type: "camera", camera: state });
    await this.#line.start(call, stream, true);
  }

  /**
   * The agent's yes to the eye follows the leg that it is about.
   * @param {LegOffer} offer
   */
  #offer(offer) {
    const isSent = this.#channel.sendNow(offer);
    if (isSent && this.state.eye) {
      this.#channel.sendNow({ type: "eye_consent", call: offer.call, yes: true });
    }
    return isSent;
  }

  #unfilm() {
    this.#filmed = null;
    this.#awaited = null;
    this.#stopFrame();
    this.#line.stop();
    closeCamera(this.camera);
    this.camera = null;
    if (this.state.camera !== "off") this.#dispatch({ type: "camera", camera: "off" });
  }

  /** @param {MediaStream | null} remote */
  #show(remote) {
    this.#remote = remote;
    this.requestUpdate();
  }

  /** @param {HTMLVideoElement | null} remote */
  #watch(remote) {
    if (remote === this.#watched) return;
    this.#watched = remote;
    this.#stopFreeze();
    this.#stopFreeze = remote === null ? () => {} : watchFreeze(
      remote,
      (frozen) => this.#dispatch({ type: "frozen", frozen }),
    );
  }

  async #play() {
    const video = this.#video();
    if (video === null) return;
    const plays = await play(video, this.#remote);
    if (this.state.tap === plays) this.#dispatch({ type: "tap", needed: !plays });
  }

  /** Lift the curtain with the caller's first picture. */
  #await() {
    const video = this.#video();
    const call = this.state.card?.call ?? null;
    if (video === null || call === null || this.state.seen) return;
    if (this.#awaited === call) return;
    this.#awaited = call;
    this.#stopFrame();
    const claim = { since: 0, shows: () => true }; // agents see a covered camera as it is
    this.#stopFrame = firstFrame(video, claim, () => this.#dispatch({ type: "seen" }));
  }

  /** @param {boolean} open */
  async #setSound(open) {
    const track = open ? await openMicrophone() : null;
    await this.#line.setMicrophone(track);
    const missing = open && track === null;
    this.#dispatch({ type: "sound", open: track !== null, missing });
  }

  /** @param {boolean} yes */
  #setEye(yes) {
    localStorage.setItem(EYE_KEY, yes ? "yes" : "no");
    this.#dispatch({ type: "eye", yes });
    this.#say((call) => ({ type: "eye_consent", call, yes }));
  }

  /** The page went to the background, or came back. */
  #turned() {
    const hidden = document.hidden;
    if (!hidden) this.#channel.retry();
    const { screen, card } = this.state;
    if (screen !== "in-call" || card === null) return;
    if (!hidden) void keepAwake(true);
    this.#channel.sendNow({ type: "visibility", call: card.call, hidden });
  }

  // ------------------------------------------------------------------- changes

  /** @param {PageEvent} event */
  #dispatch(event) {
    this.#update(act(this.state, event));
  }

  /** @param {State} next */
  #update(next) {
    const before = this.state;
    this.state = next;
    if (next.waved && !before.waved) {
      after(WAVE_MS, () => this.#dispatch({ type: "calmed" }));
    }
    if (next.channel === "lost" && before.channel !== "lost") void this.#checkSession();
    const filmed = needsMedia(next) ? next.card?.call ?? null : null;
    if (filmed !== this.#filmed) {
      if (this.#filmed !== null) this.#unfilm();
      if (filmed !== null) void this.#film(filmed);
    }
    if (next.screen !== before.screen) this.#turn(next, before);
  }

  /**
   * @param {State} next
   * @param {State} before
   */
  #turn(next, before) {
    if (next.screen === "superseded") this.#channel.close();
    if (next.screen === "ringing") ring(next.card?.company ?? "");
    else if (before.screen === "ringing") ring(null);
    this.#tick(TICKS[next.screen] ?? null);
    this.#mark();
    if (before.screen === "loading") return;
    void this.updateComplete.then(() => this.#focus());
  }

  /** @param {number | null} ms */
  #tick(ms) {
    this.#stopTicking();
    this.at = now();
    this.#stopTicking = ms ? every(ms, () => (this.at = now())) : () => {};
    void keepAwake(ms !== null);
  }

  /** Tell tests, styles and the browser's tab where the console is. */
  #mark() {
    const screen = this.state.screen;
    this.dataset.state = screen;
    const root = document.documentElement.dataset;
    root.state = screen;
    root.ground = screen === "connecting" || screen === "in-call" ? "night" : "paper";
  }

  /** Go on from the new screen's title, unless the person is already somewhere in it. */
  #focus() {
    const target = this.renderRoot.querySelector(
      "dialog [data-testid=accept], h1",
    );
    if (!(target instanceof HTMLElement) || this.shadowRoot?.activeElement) return;
    target.focus({ preventScroll: true });
  }

  #video() {
    /** @type {HTMLVideoElement | null} */
    const video = this.renderRoot.querySelector("video[data-testid=remote-video]");
    return video;
  }
}

customElements.define("illico-agent", AgentConsole);
