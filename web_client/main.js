/** The caller's page put together: what is pressed, heard and shown. */

import { allowAlarm, ring } from "../signaling/browser/alarm.js";
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
import { act } from "./act.js";
import { Evidence } from "./evidence.js";
import { callRequest, resume } from "./introduction.js";
import { mark } from "./marks.js";
import { receive } from "./receive.js";
import { Regulars } from "./regular.js";
import { serviceFacts } from "./service.js";
import { FIRST, isLive, lookout, wantsCamera } from "./state.js";
import { mirrorStyles } from "./mirror_styles.js";
import { entryStyles } from "./styles.js";
import { TicketBox } from "./ticket.js";
import { view } from "./view.js";
import { waitingStyles } from "./waiting_styles.js";
import { waysStyles } from "./ways_styles.js";

/** @import { Face, Mode, Overflow, ServerMessage } from "../signaling/browser/wire.js" */
/** @import { Regular } from "./regular.js" */
/** @import { PageEvent, Screen, State } from "./state.js" */

const SECOND_MS = 1000;

class CallerPage extends LitElement {
  /** @override */
  static properties = {
    state: { state: true },
    camera: { state: true },
    at: { state: true },
    selfLast: { state: true },
  };

  /** @override */
  static styles = [
    ...pageStyles,
    frameStyles,
    entryStyles,
    mirrorStyles,
    waitingStyles,
    waysStyles,
    callStyles,
  ];

  #slug = location.pathname.split("/").filter(Boolean)[0] ?? "";
  #box = new TicketBox(this.#slug, sessionStorage);
  #regulars = new Regulars(
    this.#slug,
    sessionStorage,
    (regular) => this.#dispatch({ type: "regular", regular }),
  );
  #talk = new Talk(socketUrl("/ws/caller"), {
    call: () => this.state.call,
    isTapped: () => this.state.tap,
    isHeard: () => isLive(this.state),
    video: () => this.#video("remote-video"),
    changed: () => this.requestUpdate(),
    happened: (event) => this.#dispatch(event),
    welcomed: () => this.#introduce(),
    received: (message) => this.#received(message),
    offered: () => {}, // the yes to the eye went with the call request
  });
  #channel = this.#talk.channel;
  #line = this.#talk.line;
  #evidence = new Evidence(
    this.#talk,
    () => this.state,
    () => this.#dispatch({ type: "seen" }),
  );
  #eye = new OwnEye((event) => this.#dispatch(event));

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
      ...this.#talk.actions,
      ...this.#eye.actions,
      prepare: () => this.#prepare(),
      retry: () => this.#openCamera(),
      call: () => this.#call("video"),
      callByText: () => this.#call("text"),
      again: () => this.#again(),
      home: () => this.#dispatch({ type: "home" }),
      pick: (/** @type {string | null} */ topic) =>
        this.#dispatch({ type: "topic", topic }),
      answer: (/** @type {boolean} */ yes) => this.#setEye(yes),
      vary: (/** @type {string | null} */ variant) =>
        this.#dispatch({ type: "variant", variant }),
      same: (/** @type {Regular} */ regular) => this.#callSame(regular),
      leaveBy: (/** @type {Overflow} */ way) => this.#leaveBy(way),
      comeBack: () => this.#comeBack(),
      doubt: (/** @type {"no" | "asked" | "sent"} */ doubt) => this.#doubt(doubt),
      stay: () => this.#dispatch({ type: "stay" }),
      leave: () => this.#leave(),
      takeOver: () => location.reload(),
      rate: (/** @type {Face} */ face) => this.#rate(face),
      setEye: (/** @type {boolean} */ yes) => this.#setEye(yes),
      moveSelf: () => (this.selfLast = !this.selfLast),
    };
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
    mark(this, this.state);
    void this.#begin();
  }

  /** @override */
  render() {
    return view(this);
  }

  /** @override */
  updated() {
    this.#talk.painted();
    this.#evidence.watch();
    this.#eye.show(this.#video("mirror-video"), this.camera);
    this.#eye.watch(lookout(this.state), this.camera, this.state.check);
  }

  // ---------------------------------------------------------------- beginning

  async #begin() {
    this.#regulars.look();
    const kept = this.#box.read();
    if (kept !== null) {
      const { mode, eye, away = false } = kept;
      this.#dispatch({ type: "resume", request: newId(), mode, eye, away });
      this.#channel.open();
      if (wantsCamera(this.state)) void this.#openCamera();
    }
    this.#dispatch({ type: "service", service: await serviceFacts(this.#slug) });
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

  #again() {
    if (this.state.mode === "video") void this.#prepare();
    else this.#call("text");
  }

  /** @param {Regular} regular */
  #callSame(regular) {
    this.#dispatch({ type: "same", regular });
    this.#again();
  }

  /** Say who we are to a server that has just answered: the same call, or a new one. */
  #introduce() {
    const { request, call } = this.state;
    const kept = this.#box.read();
    if (kept !== null && isLive(this.state)) {
      const again = call === null && request !== null ? request : newId();
      this.#dispatch({ type: "again", request: again });
      this.#channel.sendNow(resume(this.state, again, kept.ticket));
    } else if (request !== null) {
      this.#channel.sendNow(callRequest(this.state, request, this.#slug));
    }
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
        this.#talk.forget();
        void this.#line.setFull(false);
        void this.#line.setMicrophone(null);
        break;
      case "agent_found":
      case "in_call":
        void this.#line.setFull(true);
        break;
      case "connecting":
        this.#talk.forget();
        void this.#line.setFull(true);
        break;
      case "called_back_later":
        this.#goAway();
        break;
      case "ended":
        this.#remember(message.again);
        break;
    }
  }

  /** @param {string | null} word the server's for the agent of this call */
  #remember(word) {
    const { agent: name, mode } = this.state;
    if (word !== null) this.#regulars.keep({ word, name, mode });
  }

  /**
   * @param {string} call
   * @param {string} ticket
   * @param {boolean} eyeKnown what the server holds of the caller's yes
   */
  async #admitted(call, ticket, eyeKnown) {
    const { mode, eye, back } = this.state;
    const away = back === "away";
    this.#box.keep({ ticket, mode, eye, away });
    if (mode === "text") this.#unfilm();
    if (mode === "text" || away) return;
    if (eye === true && !eyeKnown) {
      this.#channel.sendNow({ type: "eye_consent", call, yes: true });
    }
    if (this.#line.call === call) await this.#line.resume();
    else await this.#line.start(call, this.camera, false);
  }

  // ------------------------------------------------- other ways than to wait here

  /** @param {Overflow} way */
  #leaveBy(way) {
    if (way === "call_back") allowAlarm();
    this.#dispatch({ type: "leaving", way });
    const request = newId();
    this.#talk.say((call) => ({ type: "leave_another_way", request, call, way }));
  }

  /** The place stays, the caller may go: nobody is filmed meanwhile. */
  #goAway() {
    this.#box.change({ away: true });
    this.#unfilm();
  }

  #comeBack() {
    this.#box.change({ away: false });
    const request = newId();
    this.#dispatch({ type: "come", request });
    this.#talk.say((call) => ({ type: "come_back", request, call }));
    if (this.state.mode === "video") void this.#openCamera();
  }

  /** @param {"no" | "asked" | "sent"} doubt */
  #doubt(doubt) {
    this.#dispatch({ type: "doubt", doubt });
    this.#focusOn(doubt === "no" ? "doubt" : "doubt-no");
    if (doubt !== "sent") return;
    const request = newId();
    this.#talk.say((call) => ({ type: "not_understood", request, call }));
  }

  /**
   * Go on by keyboard where the pressed button has made room for another.
   * @param {string} testid
   */
  #focusOn(testid) {
    const found = `[data-testid=${testid}]`;
    void this.updateComplete.then(() => {
      const target = this.renderRoot.querySelector(found);
      if (target instanceof HTMLElement) target.focus({ preventScroll: true });
    });
  }

  #leave() {
    this.#talk.say((call) => ({ type: "hang_up", call }));
    this.#dispatch({ type: "left" });
  }

  /** @param {Face} face */
  #rate(face) {
    const call = this.state.ended?.call;
    if (call !== undefined) this.#channel.send({ type: "rate", call, face });
    this.#dispatch({ type: "rated", face });
  }

  /** @param {boolean} yes */
  #setEye(yes) {
    this.#box.change({ eye: yes });
    this.#talk.setEye(yes);
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
    this.#talk.calm(next, before);
    if (next.screen !== before.screen || next.mode !== before.mode) mark(this, next);
    if (next.screen === before.screen) return;
    this.#ring(next);
    this.#talk.tick(isLive(next) ? SECOND_MS : null, (at) => (this.at = at));
    if (isLive(before) && !isLive(next)) this.#over();
    if (next.screen === "entry" || next.screen === "superseded") this.#channel.close();
    if (next.screen === "entry") this.#closeCamera();
    void this.updateComplete.then(() => this.#shown(before.screen));
  }

  /**
   * The new screen stands.
   * @param {Screen} before
   */
  #shown(before) {
    if (before !== "loading") goOn(this.renderRoot, "h1");
  }

  /**
   * Ring for who has gone, and for who looks elsewhere while an agent has come.
   * @param {State} state
   */
  #ring({ screen, agent: name }) {
    const calls = screen === "summoned" || (screen === "connecting" && document.hidden);
    ring(calls ? text("summon-title", { name }) : null);
  }

  #over() {
    this.#unfilm();
    if (this.state.screen !== "superseded") this.#box.forget();
  }

  #unfilm() {
    this.#eye.end();
    this.#talk.stop();
    this.#closeCamera();
  }

  #closeCamera() {
    closeCamera(this.camera);
    this.camera = null;
    if (this.state.camera !== "off") this.#dispatch({ type: "camera", camera: "off" });
  }

  #sayAgain() {
    mark(this, this.state);
    this.requestUpdate();
  }

  /** @param {string} testid */
  #video(testid) {
    /** @type {HTMLVideoElement | null} */
    const video = this.renderRoot.querySelector(`video[data-testid=${testid}]`);
    return video;
  }
}

customElements.define("illico-caller", CallerPage);
