/** What the caller's page shows, as a function of what happened. */

import { endLines, write } from "../signaling/browser/typing.js";

/** @import { CameraState } from "../signaling/browser/camera.js" */
/** @import { ChannelStatus } from "../signaling/browser/channel.js" */
/** @import { Light } from "../signaling/browser/light.js" */
/** @import { MediaState } from "../signaling/browser/line.js" */
/** @import { Line } from "../signaling/browser/typing.js" */
/** @import { Ended, Face, Mode, Presence, ServerMessage, TextFrom, Verdict } from "../signaling/browser/wire.js" */

/**
 * @typedef {"loading" | "entry" | "mirror" | "resuming" | "waiting" | "connecting"
 *   | "call" | "ended" | "closed" | "superseded" | "unknown"} Screen
 */

/**
 * A service as `/api/service/<slug>` tells it.
 * @typedef {object} Service
 * @property {string} slug
 * @property {string} title
 * @property {string} company
 * @property {boolean} open
 * @property {string | null} opens_at
 * @property {readonly { slug: string, label: string }[]} topics
 */

/**
 * @typedef {object} State
 * @property {Screen} screen
 * @property {Service | null} service
 * @property {string | null} topic
 * @property {Mode} mode
 * @property {boolean | null} eye the caller's answer; `null` before it
 * @property {CameraState} camera
 * @property {Light} light
 * @property {ChannelStatus} channel
 * @property {MediaState} media
 * @property {string | null} request what the page has asked for and waits for
 * @property {string | null} problem the code of the last refusal
 * @property {string | null} call
 * @property {number} since when the caller asked, on the page's clock; after a reload T0
 * @property {number | null} position
 * @property {boolean} nobody
 * @property {boolean} stays the caller waits though nobody is there
 * @property {boolean} found an agent's console rings
 * @property {string | null} requeued why an agent did not come
 * @property {string} agent
 * @property {number} from when this agent came, on the page's clock
 * @property {boolean} said this agent has written a word of their own
 * @property {boolean} seen the agent's picture or words are on the screen
 * @property {boolean} frozen the other's picture has stopped moving
 * @property {number} talking T1 on the page's clock
 * @property {Presence} presence
 * @property {boolean} waved
 * @property {boolean} sound the caller's microphone is open
 * @property {boolean} soundless the microphone could not be opened
 * @property {boolean} tap the browser wants a touch before it plays
 * @property {Verdict | null} verdict
 * @property {readonly Line[]} lines
 * @property {Ended | null} ended
 * @property {Face | null} rated
 * @property {string | null} opensAt
 */

/**
 * What happens on this side of the wire.
 * @typedef {{ type: "service", service: Service | null }
 *   | { type: "topic", topic: string | null }
 *   | { type: "prepare" }
 *   | { type: "home" }
 *   | { type: "camera", camera: CameraState }
 *   | { type: "light", light: Light }
 *   | { type: "eye", yes: boolean }
 *   | { type: "asked", request: string, mode: Mode, at: number }
 *   | { type: "resume", request: string, mode: Mode, eye: boolean | null }
 *   | { type: "again", request: string }
 *   | { type: "stay" }
 *   | { type: "left" }
 *   | { type: "channel", status: ChannelStatus }
 *   | { type: "media", media: MediaState }
 *   | { type: "seen" }
 *   | { type: "frozen", frozen: boolean }
 *   | { type: "typed", chars: string }
 *   | { type: "calmed" }
 *   | { type: "sound", open: boolean, missing: boolean }
 *   | { type: "tap", needed: boolean }
 *   | { type: "rated", face: Face }} PageEvent
 */

/** @type {State} */
export const FIRST = {
  screen: "loading",
  service: null,
  topic: null,
  mode: "video",
  eye: null,
  camera: "off",
  light: "unknown",
  channel: "closed",
  media: "none",
  request: null,
  problem: null,
  call: null,
  since: 0,
  position: null,
  nobody: false,
  stays: false,
  found: false,
  requeued: null,
  agent: "",
  from: 0,
  said: false,
  seen: false,
  frozen: false,
  talking: 0,
  presence: "here",
  waved: false,
  sound: false,
  soundless: false,
  tap: false,
  verdict: null,
  lines: [],
  ended: null,
  rated: null,
  opensAt: null,
};

/** What the caller has chosen and what outlives a call. */
const NO_CALL = {
  request: null,
  problem: null,
  call: null,
  position: null,
  nobody: false,
  stays: false,
  found: false,
  requeued: null,
  agent: "",
  from: 0,
  said: false,
  seen: false,
  frozen: false,
  talking: 0,
  presence: /** @type {Presence} */ ("here"),
  waved: false,
  sound: false,
  soundless: false,
  tap: false,
  verdict: null,
  lines: [],
  ended: null,
  rated: null,
};

/** Between T0 and the end. */
const LIVE = new Set(["resuming", "waiting", "connecting", "call"]);

/** @param {State} state */
export function isLive(state) {
  return LIVE.has(state.screen);
}

/**
 * Whether a camera that opens now is for somebody: never for a text call.
 * @param {State} state
 */
export function wantsCamera(state) {
  return state.screen === "mirror" || (isLive(state) && state.mode === "video");
}

/**
 * Why the own picture is missing: `null` while it is there or nobody asked for it.
 * @param {State} state
 * @returns {"refused" | "absent" | "busy" | null}
 */
export function missingCamera({ camera }) {
  return camera === "refused" || camera === "busy" || camera === "absent"
    ? camera
    : null;
}

/**
 * What the page does after something happened here.
 * @param {State} state
 * @param {PageEvent} event
 * @returns {State}
 */
export function act(state, event) {
  switch (event.type) {
    case "service":
      return loaded(state, event.service);
    case "topic":
      return { ...state, topic: event.topic };
    case "prepare":
      return { ...state, ...NO_CALL, screen: "mirror", mode: "video" };
    case "home":
      return { ...state, ...NO_CALL, screen: "entry" };
    case "camera":
      return { ...state, camera: event.camera };
    case "light":
      return { ...state, light: event.light };
    case "eye":
      return { ...state, eye: event.yes, verdict: event.yes ? state.verdict : null };
    case "asked":
      return asked({ ...state, mode: event.mode, since: event.at }, event.request);
    case "resume":
      return {
        ...state,
        ...NO_CALL,
        screen: "resuming",
        mode: event.mode,
        eye: event.eye,
        request: event.request,
      };
    case "again":
      return { ...state, request: event.request };
    case "stay":
      return { ...state, stays: true };
    case "left":
      return left(state);
    case "channel":
      return { ...state, channel: event.status };
    case "media":
      return { ...state, media: event.media };
    case "seen":
      return { ...state, seen: true };
    case "frozen":
      return { ...state, frozen: event.frozen };
    case "typed":
      return { ...state, lines: write(state.lines, "caller", event.chars) };
    case "calmed":
      return { ...state, waved: false };
    case "sound":
      return { ...state, sound: event.open, soundless: event.missing };
    case "tap":
      return { ...state, tap: event.needed };
    case "rated":
      return { ...state, rated: event.face };
    default:
      return unknown(event);
  }
}

/**
 * When the wait began: with the press, or with T0 where the press is forgotten.
 * @param {State} state
 * @param {number} t0 on the page's clock, later by the ticket's way
 */
function begun(state, t0) {
  return state.screen === "resuming" ? t0 : Math.min(state.since, t0);
}

/**
 * What the page does after the server spoke.
 * @param {State} state
 * @param {ServerMessage} message
 * @param {number} at now, on the page's clock
 * @returns {State}
 */
export function receive(state, message, at) {
  if (state.screen === "ended" || state.screen === "superseded") {
    return message.type === "ended" && state.ended?.call === message.call
      ? { ...state, ended: message }
      : state;
  }
  switch (message.type) {
    case "ticket":
      return {
        ...state,
        screen: state.screen === "resuming" ? "waiting" : state.screen,
        request: null,
        problem: null,
        call: message.call,
        mode: message.mode,
        since: begun(state, at - message.waited_ms),
      };
    case "waiting":
      return {
        ...state,
        screen: "waiting",
        found: false,
        seen: false,
        position: message.position,
        nobody: message.nobody,
      };
    case "agent_found":
      return { ...state, found: true, nobody: false };
    case "connecting":
      return {
        ...state,
        screen: "connecting",
        agent: message.name,
        presence: "here",
        from: at,
        said: false,
        lines: endLines(state.lines, "agent"),
        seen: false,
        frozen: false,
        requeued: null,
      };
    case "in_call":
      return {
        ...state,
        screen: "call",
        agent: message.name,
        presence: "here",
        talking: at - message.talk_ms,
      };
    case "requeued":
      return {
        ...state,
        screen: "waiting",
        requeued: message.reason,
        found: false,
        seen: false,
        position: null,
        sound: false,
      };
    case "text_from":
      return {
        ...state,
        said: state.said || isAgentsWord(message),
        lines: write(state.lines, message.speaker, message.chars),
      };
    case "attention_from":
      return { ...state, waved: true };
    case "peer":
      return { ...state, presence: message.presence };
    case "verdict":
      return { ...state, verdict: state.eye ? message : null };
    case "ended":
      return { ...state, screen: "ended", ended: message, problem: null };
    case "closed":
      return { ...state, screen: "closed", request: null, opensAt: message.opens_at };
    case "problem":
      return refused(state, message.code, message.request);
    case "welcome":
    case "pong":
    case "leg_answer":
    case "leg_lost":
    case "offer":
    case "offer_ended":
    case "agent_state":
    case "agent_call":
      return state; // the line's own, or an agent's
    default:
      return unknown(message);
  }
}

/**
 * Whether something of the agent's stands on the page after it: no blank, no erasure.
 * @param {TextFrom} message
 */
function isAgentsWord({ speaker, chars }) {
  const alone = write([], speaker, chars);
  return speaker === "agent" && alone.some((line) => line.text.trim() !== "");
}

/**
 * @param {State} state
 * @param {Service | null} service
 * @returns {State}
 */
function loaded(state, service) {
  if (service === null) return { ...state, screen: "unknown" };
  const opensAt = service.opens_at;
  if (state.screen !== "loading") return { ...state, service, opensAt };
  return { ...state, service, opensAt, screen: service.open ? "entry" : "closed" };
}

/**
 * @param {State} state
 * @param {string} request
 * @returns {State}
 */
function asked(state, request) {
  return { ...state, ...NO_CALL, screen: "waiting", request };
}

/**
 * The caller goes; the server's own word on it may still come.
 * @param {State} state
 * @returns {State}
 */
function left(state) {
  if (state.call === null) return { ...state, ...NO_CALL, screen: "entry" };
  const talked = state.screen === "call";
  return {
    ...state,
    screen: "ended",
    ended: {
      type: "ended",
      call: state.call,
      reason: talked ? "caller_hung_up" : "abandoned",
      waited_ms: 0,
      talk_ms: 0,
    },
  };
}

/**
 * The call ended while this page was away.
 * @param {State} state
 * @param {string} call
 * @returns {State}
 */
function lost(state, call) {
  const reason = state.screen === "waiting" ? "lost_waiting" : "caller_lost";
  const ended = { type: /** @type {const} */ ("ended"), call, reason };
  return { ...state, screen: "ended", ended: { ...ended, waited_ms: 0, talk_ms: 0 } };
}

/**
 * A refusal of what the page waits for ends the wait; any other is only shown.
 * @param {State} state
 * @param {string} code
 * @param {string | null} request
 * @returns {State}
 */
function refused(state, code, request) {
  if (code === "superseded") return { ...state, screen: "superseded" };
  const fatal = state.request !== null &&
    (request === null || request === state.request);
  if (!fatal) return { ...state, problem: code };
  if (state.call !== null) return lost(state, state.call);
  return { ...state, ...NO_CALL, screen: "entry", problem: code };
}

/**
 * `deno check` refuses the call as soon as a message or an event is forgotten.
 * @param {never} forgotten
 * @returns {never}
 */
function unknown(forgotten) {
  throw new TypeError(`nothing is known about ${JSON.stringify(forgotten)}`);
}
