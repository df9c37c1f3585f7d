/** The caller's page put together: what is pressed, heard and shown. */

import { keepAwake } from "../signaling/browser/awake.js";
import {
  closeCamera,
  openCamera,
  openMicrophone,
} from "../signaling/browser/camera.js";
import { Channel } from "../signaling/browser/channel.js";
import { after, every, now } from "../signaling/browser/clock.js";
import { firstFrame, play, watchFreeze } from "../signaling/browser/frames.js";
import { newId } from "../signaling/browser/ids.js";
import { newLook, watchLight } from "../signaling/browser/light.js";
import { isLegProblem, MediaLine } from "../signaling/browser/line.js";
import { frameStyles } from "../signaling/browser/frame_styles.js";
import { text } from "../signaling/browser/texts.js";
import { pageStyles } from "../signaling/browser/styles.js";
import { chunks } from "../signaling/browser/typing.js";
import { LitElement } from "../signaling/browser/vendor/lit.js";
import { callStyles } from "../signaling/browser/call_styles.js";
import { act, FIRST, isLive, receive, wantsCamera } from "./state.js";
import { callerStyles } from "./styles.js";
import { TicketBox } from "./ticket.js";
import { view } from "./view.js";

/** @import { Frame } from "../signaling/browser/frames.js" */
/** @import { ClientMessage, Face, Mode, ServerMessage, Welcome } from "../signaling/browser/wire.js" */
/** @import { PageEvent, Service, State } from "./state.js" */

const SECOND_MS = 1000;
const WAVE_MS = 3800;

class CallerPage extends LitElement {
  /** @override */
  static properties = {
    state: { state: true },
    camera: { state: true },
    at: { state: true },
    selfLast: { state: true },
  };

  /** @override */
  static styles = [...pageStyles, frameStyles, callerStyles, callStyles];

  #slug = location.pathname.split("/").filter(Boolean)[0] ?? "";
  #box = new TicketBox(this.#slug, sessionStorage);
  #channel = new Channel(
    `${location.origin.replace(/^http/, "ws")}/ws/caller`,
    {
      welcomed: (welcome) => this.#welcomed(welcome),
      received: (message) => this.#received(message),
      changed: (status) => this.#dispatch({ type: "channel", status }),
    },
  );
  #line = new MediaLine({
    offered: (offer) => this.#channel.sendNow(offer),
    changed: (media) => this.#dispatch({ type: "media", media }),
    seen: (remote) => this.#show(remote),
  });
  /** @type {MediaStream | null} */
  #remote = null;
  #stopTicking = () => {};
  #stopLight = () => {};
  #stopFrame = () => {};
  /** @type {HTMLVideoElement | null} */
  #watched = null;
  #stopFreeze = () => {};
  /** @type {string | null} the call whose first picture or words are awaited */
  #awaited = null;

  constructor() {
    super();
    /** @type {State} */
    this.state = FIRST;
    /** @type {MediaStream | null} */
    this.camera = null;
    this.at = now();
    this.selfLast = false;
    /** What the templates may do. */
    this.actions = {
      prepare: () => this.#prepare(),
      retry: () => this.#openCamera(),
      call: () => this.#call("video"),
      callByText: () => this.#call("text"),
      again: () => this.state.mode === "video" ? this.#prepare() : this.#call("text"),
      home: () => this.#dispatch({ type: "home" }),
      pick: (/** @type {string | null} */ topic) =>
        this.#dispatch({ type: "topic", topic }),
      answer: (/** @type {boolean} */ yes) => this.#setEye(yes),
      stay: () => this.#dispatch({ type: "stay" }),
      leave: () => this.#leave(),
      takeOver: () => location.reload(),
      reconnect: () => this.#channel.retry(),
      rate: (/** @type {Face} */ face) => this.#rate(face),
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
    void this.#begin();
  }

  /** @override */
  render() {
    return view(this);
  }

  /** @override */
  updated() {
    const mirror = this.#video("mirror-video");
    if (mirror && mirror.srcObject !== this.camera) void play(mirror, this.camera);
    const remote = this.#video("remote-video");
    if (remote && remote.srcObject !== this.#remote) void this.#play();
    this.#watch(remote);
    this.#await();
  }

  // ---------------------------------------------------------------- beginning

  async #begin() {
    const kept = this.#box.read();
    if (kept !== null) {
      const { mode, eye } = kept;
      this.#dispatch({ type: "resume", request: newId(), mode, eye });
      this.#channel.open();
      if (mode === "video") void this.#openCamera();
    }
    this.#dispatch({ type: "service", service: await this.#service() });
  }

  /** @returns {Promise<Service | null>} */
  async #service() {
    for (;;) {
      try {
        const answer = await fetch(`/api/service/${this.#slug}`);
        if (answer.ok) return await answer.json();
        if (answer.status === 404) return null;
      } catch { /* the network will come back */ }
      await new Promise((resolve) => after(2 * SECOND_MS, () => resolve(null)));
    }
  }

  async #prepare() {
    this.#dispatch({ type: "prepare" });
    this.#channel.open();
    await this.#openCamera();
  }

  async #openCamera() {
    this.#dispatch({ type: "camera", camera: "asking" });
    const { state, stream } = await openCamera();
    const wanted = wantsCamera(this.state);
    if (!wanted) closeCamera(stream);
    this.camera = wanted ? stream : null;
    this.#dispatch({ type: "camera", camera: wanted ? state : "off" });
    if (stream !== null && this.#line.call !== null) void this.#line.setCamera(stream);
  }

  // ------------------------------------------------------------------ calling

  /** @param {Mode} mode */
  #call(mode) {
    this.#dispatch({ type: "asked", request: newId(), mode, at: now() });
    if (mode === "text") this.#closeCamera();
    this.#channel.open();
    if (this.#channel.status === "open") this.#introduce();
  }

  /** Say who we are to a server that has just answered: the same call, or a new one. */
  #introduce() {
    const { request, call, mode, eye, topic } = this.state;
    const kept = this.#box.read();
    if (kept !== null && isLive(this.state)) {
      const again = call === null && request !== null ? request : newId();
      this.#dispatch({ type: "again", request: again });
      this.#channel.sendNow({ type: "resume", request: again, ticket: kept.ticket });
    } else if (request !== null) {
      const service = this.#slug;
      this.#channel.sendNow({
        type: "call_request",
        request,
        service,
        mode,
        eye: mode === "video" && eye === true,
        topic,
      });
    }
  }

  /** @param {Welcome} welcome */
  #welcomed(welcome) {
    this.#line.setIceServers(welcome.ice_servers);
    this.#introduce();
  }

  /** @param {ServerMessage} message */
  #received(message) {
    this.#update(receive(this.state, message, now()));
    switch (message.type) {
      case "ticket":
        void this.#admitted(message.call, message.ticket, message.eye);
        break;
      case "waiting":
      case "requeued":
        this.#forget();
        void this.#line.setFull(false);
        void this.#line.setMicrophone(null);
        break;
      case "agent_found":
      case "in_call":
        void this.#line.setFull(true);
        break;
      case "connecting":
        this.#forget();
        void this.#line.setFull(true);
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

  /**
   * @param {string} call
   * @param {string} ticket
   * @param {boolean} eyeKnown what the server holds of the caller's yes
   */
  async #admitted(call, ticket, eyeKnown) {
    const { mode, eye } = this.state;
    this.#box.keep({ ticket, mode, eye });
    if (mode !== "video") return;
    if (eye === true && !eyeKnown) {
      this.#channel.sendNow({ type: "eye_consent", call, yes: true });
    }
    if (this.#line.call === call) await this.#line.resume();
    else await this.#line.start(call, this.camera, false);
  }

  #leave() {
    this.#say((call) => ({ type: "hang_up", call }));
    this.#dispatch({ type: "left" });
  }

  /** @param {Face} face */
  #rate(face) {
    const call = this.state.ended?.call;
    if (call !== undefined) this.#channel.send({ type: "rate", call, face });
    this.#dispatch({ type: "rated", face });
  }

  // ------------------------------------------------------------------- seeing

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
    const video = this.#video("remote-video");
    if (video === null) return;
    const plays = await play(video, this.#remote);
    if (this.state.tap === plays) this.#dispatch({ type: "tap", needed: !plays });
  }

  /** Watch for the evidence that ends the wait (the clock's T1), once an agent. */
  #await() {
    const { screen, call, seen, mode, said, from } = this.state;
    const here = screen === "connecting" || screen === "call";
    if (!here || seen || call === null) return;
    if (mode === "text") {
      if (said) requestAnimationFrame(() => this.#read(from));
      return;
    }
    const video = this.#video("remote-video");
    if (video === null || this.#awaited === call) return;
    this.#awaited = call;
    this.#stopFrame();
    const claim = { since: from, shows: newLook() };
    this.#stopFrame = firstFrame(video, claim, (frame) => this.#saw(frame));
  }

  /**
   * The words are painted; by now another agent may have come instead.
   * @param {number} from when the one who wrote them came
   */
  #read(from) {
    const { said, from: current } = this.state;
    if (said && current === from) this.#saw({ at: now(), hidden: false });
  }

  /** Stop watching: the next agent's first picture is another's. */
  #forget() {
    this.#stopFrame();
    this.#awaited = null;
  }

  /** @param {Frame} frame */
  #saw({ at, hidden }) {
    const { screen, call, seen, mode, since } = this.state;
    if (call === null || seen) return;
    if (screen === "connecting") {
      const elapsed_ms = Math.max(0, Math.round(at - since));
      this.#channel.send(
        mode === "text"
          ? { type: "text_shown", call, elapsed_ms }
          : { type: "first_frame", call, elapsed_ms, hidden },
      );
    }
    this.#dispatch({ type: "seen" });
  }

  // -------------------------------------------------------------- in the call

  /** @param {string} chars */
  #type(chars) {
    this.#dispatch({ type: "typed", chars });
    for (const part of chunks(chars)) {
      this.#say((call) => ({ type: "text", call, chars: part }));
    }
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
    this.#dispatch({ type: "eye", yes });
    const kept = this.#box.read();
    if (kept !== null) this.#box.keep({ ...kept, eye: yes });
    this.#say((call) => ({ type: "eye_consent", call, yes }));
  }

  /** The page went to the background, or came back. */
  #turned() {
    const hidden = document.hidden;
    if (!hidden) this.#channel.retry();
    if (!isLive(this.state)) return;
    if (!hidden) void keepAwake(true);
    const call = this.state.call;
    if (call !== null) this.#channel.sendNow({ type: "visibility", call, hidden });
  }

  /** @param {(call: string) => ClientMessage} message */
  #say(message) {
    if (this.state.call !== null) this.#channel.send(message(this.state.call));
  }

  // ------------------------------------------------------------------ changes

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
    if (next.screen === before.screen) return;
    this.#mark();
    this.#tick(isLive(next));
    this.#watchMirror(next.screen === "mirror");
    if (isLive(before) && !isLive(next)) this.#over();
    if (next.screen === "entry" || next.screen === "superseded") this.#channel.close();
    if (next.screen === "entry") this.#closeCamera();
    if (before.screen === "loading") return;
    void this.updateComplete.then(() => this.#focus());
  }

  #over() {
    this.#forget();
    this.#line.stop();
    this.#closeCamera();
    if (this.state.screen !== "superseded") this.#box.forget();
  }

  #closeCamera() {
    closeCamera(this.camera);
    this.camera = null;
    if (this.state.camera !== "off") this.#dispatch({ type: "camera", camera: "off" });
  }

  /** @param {boolean} yes */
  #tick(yes) {
    this.#stopTicking();
    void keepAwake(yes);
    this.at = now();
    this.#stopTicking = yes ? every(SECOND_MS, () => (this.at = now())) : () => {};
  }

  /** @param {boolean} yes */
  #watchMirror(yes) {
    this.#stopLight();
    this.#stopLight = () => {};
    if (!yes) return;
    void this.updateComplete.then(() => {
      const video = this.#video("mirror-video");
      if (video === null) return;
      this.#stopLight = watchLight(
        video,
        (light) => this.#dispatch({ type: "light", light }),
      );
    });
  }

  /** Tell tests, styles and the browser's tab where the page is. */
  #mark() {
    const { screen, mode } = this.state;
    this.dataset.state = screen;
    this.dataset.mode = mode;
    const root = document.documentElement.dataset;
    const company = this.state.service?.company;
    if (company !== undefined) document.title = text("entry-title", { company });
    root.state = screen;
    root.ground = screen === "connecting" || screen === "call" ? "night" : "paper";
  }

  /** Go on from the new screen's title, unless the person is already somewhere in it. */
  #focus() {
    const target = this.renderRoot.querySelector("h1");
    if (!(target instanceof HTMLElement) || this.shadowRoot?.activeElement) return;
    target.focus({ preventScroll: true });
  }

  /** @param {string} testid */
  #video(testid) {
    /** @type {HTMLVideoElement | null} */
    const video = this.renderRoot.querySelector(`video[data-testid=${testid}]`);
    return video;
  }
}

customElements.define("illico-caller", CallerPage);
