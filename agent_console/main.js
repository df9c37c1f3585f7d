/** The agent's console put together: what is pressed, heard and shown. */

import { callStyles } from "../signaling/browser/call_styles.js";
import { closeCamera, openCamera } from "../signaling/browser/camera.js";
import { now } from "../signaling/browser/clock.js";
import { OwnEye } from "../signaling/browser/eye/own_eye.js";
import { frameStyles } from "../signaling/browser/frame_styles.js";
import { speakTheirs, SPOKEN } from "../signaling/browser/language.js";
import { newId } from "../signaling/browser/ids.js";
import { pageStyles } from "../signaling/browser/styles.js";
import { goOn, socketUrl, Talk } from "../signaling/browser/talk.js";
import { text } from "../signaling/browser/texts.js";
import { LitElement } from "../signaling/browser/vendor/lit.js";
import { allowAlarm, ring } from "../signaling/browser/alarm.js";
import { signIn, signOut, whoIsThere } from "./session.js";
import { act, FIRST, lookout, needsMedia, receive } from "./state.js";
import { consoleStyles } from "./styles.js";
import { view } from "./view.js";

/** @import { ServerMessage } from "../signaling/browser/wire.js" */
/** @import { Session } from "./session.js" */
/** @import { PageEvent, State } from "./state.js" */

const TICK_MS = 1000;
const COUNTDOWN_MS = 250;
const EYE_KEY = "illico.eye";

/** @type {Readonly<Record<string, number>>} how often a screen with a clock looks at it */
const TICKS = {
  "ringing": COUNTDOWN_MS,
  "connecting": TICK_MS,
  "in-call": TICK_MS,
  "wrap-up": COUNTDOWN_MS,
};

/**
 * How often the console looks at the time; `null` while it shows none.
 * @param {State} state
 */
function beatOf({ screen, cool, until }) {
  const counts = cool !== null || until !== null;
  return TICKS[screen] ?? (counts ? TICK_MS : null);
}

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

  #talk = new Talk(socketUrl("/ws/agent"), {
    call: () => this.#call,
    isTapped: () => this.state.tap,
    isHeard: () => this.state.screen === "in-call",
    video: () => this.#video("remote-video"),
    changed: () => this.requestUpdate(),
    happened: (event) => this.#dispatch(event),
    welcomed: () => {}, // the cookie has said who is here
    received: (message) => this.#received(message),
    offered: (call) => this.#offered(call),
  });
  #channel = this.#talk.channel;
  #line = this.#talk.line;
  #eye = new OwnEye((event) => this.#dispatch(event));
  /** @type {string | null} the call that this page opened its camera for */
  #filmed = null;

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
      ...this.#talk.actions,
      ...this.#eye.actions,
      check: (/** @type {boolean} */ open) =>
        this.#dispatch({ type: "checking", open }),
      signIn: (/** @type {string} */ login, /** @type {string} */ password) =>
        this.#signIn(login, password),
      signOut: () => this.#signOut(),
      setReady: (/** @type {boolean} */ ready) => this.#setReady(ready),
      takeBreak: () => this.#channel.send({ type: "agent_break", request: newId() }),
      wishBreak: (/** @type {boolean} */ wants) => this.#wishBreak(wants),
      transfer: (/** @type {boolean} */ open) => this.#transfer(open),
      toService: (/** @type {string} */ service, /** @type {string | null} */ topic) =>
        this.#toService(service, topic),
      toAgent: (/** @type {string} */ to) => this.#toAgent(to),
      accept: () => this.#answer("accept"),
      refuse: () => this.#answer("refuse"),
      end: (/** @type {boolean} */ difficult) =>
        this.#talk.say((call) => ({ type: "hang_up", call, difficult })),
      finish: (/** @type {boolean} */ ready) => this.#finish(ready),
      takeOver: () => location.reload(),
      setEye: (/** @type {boolean} */ yes) => this.#setEye(yes),
      moveSelf: () => (this.selfLast = !this.selfLast),
    };
  }

  get #call() {
    return this.state.card?.call ?? null;
  }

  /** For tests and statistics: the media leg, `null` without one. */
  get peerConnection() {
    return this.#line.connection;
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    speakTheirs();
    globalThis.addEventListener(SPOKEN, () => this.#sayAgain());
    this.#talk.listen();
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
    this.#talk.painted();
    this.#await();
    this.#eye.show(this.#video("mirror-video"), this.camera);
    this.#eye.watch(lookout(this.state), this.camera, this.state.check);
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
  #enter({ name, reserve, problem }) {
    if (name === null) {
      this.#dispatch({ type: "signed-out", problem });
      return;
    }
    this.#dispatch({ type: "signed-in", name, reserve });
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

  /** @param {boolean} ready or away, even where a break was wished for */
  #finish(ready) {
    const request = newId();
    if (!ready && this.state.wish !== null) {
      this.#channel.send({ type: "agent_away", request });
    } else this.#channel.send({ type: "wrap_up_done", request, ready });
  }

  /** @param {boolean} wants a break once the call is over */
  #wishBreak(wants) {
    this.#channel.send({
      type: wants ? "agent_break" : "agent_ready",
      request: newId(),
    });
  }

  // -------------------------------------------------------------- handing over

  /** @param {boolean} open */
  #transfer(open) {
    this.#dispatch({ type: "transfer", transfer: open ? "asked" : "no" });
    if (open) this.#talk.say((call) => ({ type: "transfer_choices", call }));
    const target = open ? "#transfer" : "[data-testid=transfer]";
    void this.updateComplete.then(() => {
      const found = this.renderRoot.querySelector(target);
      if (found instanceof HTMLElement) found.focus({ preventScroll: true });
    });
  }

  /**
   * @param {string} service
   * @param {string | null} topic
   */
  #toService(service, topic) {
    const card = this.state.card;
    if (card === null) return;
    const { call, token } = card;
    this.#dispatch({ type: "transfer", transfer: "sent" });
    this.#channel.send({
      type: "transfer_to_service",
      request: newId(),
      call,
      token,
      service,
      topic,
    });
  }

  /** @param {string} to */
  #toAgent(to) {
    const card = this.state.card;
    if (card === null) return;
    const { call, token } = card;
    this.#dispatch({ type: "transfer", transfer: "sent" });
    this.#channel.send({
      type: "transfer_to_agent",
      request: newId(),
      call,
      token,
      to,
    });
  }

  // ------------------------------------------------------------------- ringing

  /** @param {"accept" | "refuse"} type */
  #answer(type) {
    const card = this.state.card;
    if (card === null || this.state.answered) return;
    const { call, token } = card;
    this.#dispatch({ type: "answered" });
    this.#channel.send({ type, request: newId(), call, token });
  }

  // --------------------------------------------------------------------- words

  /** @param {ServerMessage} message */
  #received(message) {
    this.#update(receive(this.state, message, now()));
    if (message.type === "agent_call") void this.#line.resume();
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
   * @param {string} call
   */
  #offered(call) {
    if (!this.state.eye) return;
    this.#channel.sendNow({ type: "eye_consent", call, yes: true });
  }

  /** At the desk the camera opens for the agent alone, and closes with the check. */
  async #look() {
    this.#dispatch({ type: "camera", camera: "asking" });
    const { state, stream } = await openCamera();
    if (!this.state.checking) {
      closeCamera(stream);
      return;
    }
    this.camera = stream;
    this.#dispatch({ type: "camera", camera: state });
  }

  #unfilm() {
    this.#filmed = null;
    this.#eye.end();
    this.#talk.stop();
    this.#closeCamera();
  }

  #closeCamera() {
    closeCamera(this.camera);
    this.camera = null;
    if (this.state.camera !== "off") this.#dispatch({ type: "camera", camera: "off" });
  }

  /** Lift the curtain with the caller's first picture, a covered camera's too. */
  #await() {
    const call = this.#call;
    if (call === null || this.state.seen) return;
    const claim = { since: 0, shows: () => true };
    this.#talk.expect(call, claim, () => this.#dispatch({ type: "seen" }));
  }

  /** @param {boolean} yes */
  #setEye(yes) {
    localStorage.setItem(EYE_KEY, yes ? "yes" : "no");
    this.#talk.setEye(yes);
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
    this.#talk.calm(next, before);
    if (next.channel === "lost" && before.channel !== "lost") void this.#checkSession();
    if (before.checking && !next.checking) this.#closeCamera();
    if (!before.checking && next.checking) void this.#look();
    const filmed = needsMedia(next) ? next.card?.call ?? null : null;
    if (filmed !== this.#filmed) {
      if (this.#filmed !== null) this.#unfilm();
      if (filmed !== null) void this.#film(filmed);
    }
    const beat = beatOf(next);
    if (beat !== beatOf(before)) this.#talk.tick(beat, (at) => (this.at = at));
    if (next.screen !== before.screen) this.#turn(next, before);
  }

  /**
   * @param {State} next
   * @param {State} before
   */
  #turn(next, before) {
    if (next.screen === "superseded") this.#channel.close();
    if (next.screen === "ringing") {
      ring(text("ring-title", { company: next.card?.company ?? "" }));
    } else if (before.screen === "ringing") ring(null);
    this.#mark();
    if (before.screen === "loading") return;
    const target = "dialog [data-testid=accept], h1";
    void this.updateComplete.then(() => goOn(this.renderRoot, target));
  }

  #sayAgain() {
    this.#mark();
    this.requestUpdate();
  }

  /** Tell tests, styles and the browser's tab where the console is. */
  #mark() {
    const screen = this.state.screen;
    this.dataset.state = screen;
    const root = document.documentElement.dataset;
    root.state = screen;
    root.ground = screen === "connecting" || screen === "in-call" ? "night" : "paper";
    if (screen !== "ringing") document.title = text("console-title");
  }

  /** @param {string} testid */
  #video(testid) {
    /** @type {HTMLVideoElement | null} */
    const video = this.renderRoot.querySelector(`video[data-testid=${testid}]`);
    return video;
  }
}

customElements.define("illico-agent", AgentConsole);
