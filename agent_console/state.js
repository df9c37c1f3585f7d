/** What the agent's console shows, as a function of what happened. */

import { NO_ADVICE } from "../signaling/browser/eye/advice.js";
import { checked, NO_CHECK } from "../signaling/browser/eye/check.js";
import { looksHere, talked, watched } from "../signaling/browser/talk_state.js";
import { write } from "../signaling/browser/typing.js";
import { unknown } from "../signaling/browser/unknown.js";

/** @import { CameraState } from "../signaling/browser/camera.js" */
/** @import { ChannelStatus } from "../signaling/browser/channel.js" */
/** @import { Advice } from "../signaling/browser/eye/advice.js" */
/** @import { Check, CheckEvent } from "../signaling/browser/eye/check.js" */
/** @import { Place } from "../signaling/browser/eye/own_eye.js" */
/** @import { MediaState } from "../signaling/browser/line.js" */
/** @import { TalkEvent } from "../signaling/browser/talk_state.js" */
/** @import { Line } from "../signaling/browser/typing.js" */
/** @import { AgentStatus, Ended, LegWhy, Mode, Offer, OfferReason, AgentState as AgentStateMessage, Presence, ServerMessage, TransferOffer } from "../signaling/browser/wire.js" */

/**
 * @typedef {"loading" | "sign-in" | "away" | "break" | "ready" | "ringing"
 *   | "connecting" | "in-call" | "wrap-up" | "superseded"} Screen
 */

/**
 * The call before the agent: what its card shows.
 * @typedef {object} Card
 * @property {string} call
 * @property {number} token
 * @property {string} company
 * @property {string} service
 * @property {string | null} topic
 * @property {string | null} variant how the caller wants to be served
 * @property {Mode} mode
 * @property {OfferReason} why it rang here
 * @property {number} since T0 on the page's clock; 0 after a reload
 */

/**
 * @typedef {object} State
 * @property {Screen} screen
 * @property {string} name the agent's own
 * @property {boolean} reserve called only when a promise is in danger
 * @property {boolean} signing the form has been sent
 * @property {string | null} problem the code of the last refusal
 * @property {ChannelStatus} channel
 * @property {CameraState} camera
 * @property {MediaState} media
 * @property {LegWhy | null} broken why the media are brought up anew, while they are
 * @property {Card | null} card
 * @property {boolean} answered Accept has been pressed
 * @property {number | null} until when the present state ends by itself
 * @property {number} whole how long the present state lasts, in ms
 * @property {number | null} cool until when the agent rests, on the page's clock
 * @property {AgentStatus | null} wish what follows the present state
 * @property {"no" | "asked" | TransferOffer | "sent"} transfer where the call could go
 * @property {string | null} missed how the last ringing ended, or why nobody came
 * @property {number} talking when the call began, on the page's clock
 * @property {boolean} awaited the caller is called back, and not there yet
 * @property {boolean} seen the caller's picture is on the screen
 * @property {boolean} frozen the other's picture has stopped moving
 * @property {boolean} eye the agent's own answer
 * @property {Presence} presence
 * @property {boolean} waved
 * @property {boolean} sound
 * @property {boolean} soundless
 * @property {boolean} tap
 * @property {boolean} hushed the agent wants no advice any more in this call
 * @property {Advice} advice what the eye says of the own picture
 * @property {boolean} checking the agent looks at their own picture, at the desk
 * @property {Check} check what the eye says of it
 * @property {readonly Line[]} lines
 * @property {Ended | null} ended
 */

/**
 * What happens on this side of the wire.
 * @typedef {{ type: "signed-out", problem: string | null }
 *   | { type: "signing" }
 *   | { type: "signed-in", name: string, reserve: boolean }
 *   | { type: "answered" }
 *   | { type: "transfer", transfer: "no" | "asked" | "sent" }
 *   | { type: "camera", camera: CameraState }
 *   | { type: "checking", open: boolean }
 *   | { type: "check", event: CheckEvent }
 *   | TalkEvent} PageEvent
 */

const NO_CALL = {
  media: /** @type {MediaState} */ ("none"),
  broken: /** @type {LegWhy | null} */ (null),
  card: null,
  answered: false,
  transfer: /** @type {const} */ ("no"),
  talking: 0,
  awaited: false,
  seen: false,
  frozen: false,
  presence: /** @type {Presence} */ ("here"),
  waved: false,
  sound: false,
  soundless: false,
  tap: false,
  hushed: false,
  advice: NO_ADVICE,
  checking: false,
  check: NO_CHECK,
  lines: [],
};

/** @type {State} */
export const FIRST = {
  ...NO_CALL,
  screen: "loading",
  name: "",
  reserve: false,
  signing: false,
  problem: null,
  channel: "closed",
  camera: "off",
  until: null,
  whole: 0,
  cool: null,
  wish: null,
  missed: null,
  eye: false,
  ended: null,
};

/** @type {Readonly<Record<AgentStatus, Screen>>} */
const SCREENS = {
  away: "away",
  break: "break",
  ready: "ready",
  ringing: "ringing",
  connecting: "connecting",
  in_call: "in-call",
  wrap_up: "wrap-up",
};

/**
 * Whether a call needs this agent's picture now: never while merely ready.
 * @param {State} state
 */
export function needsMedia(state) {
  const { screen, card } = state;
  const here = screen === "ringing" || screen === "connecting" || screen === "in-call";
  return here && card?.mode === "video";
}

/**
 * Where the console itself looks at the agent's picture now, if anywhere.
 * @param {State} state
 * @returns {Place | null}
 */
export function lookout(state) {
  if (state.camera !== "on") return null;
  if (state.checking) return "mirror";
  return state.screen === "in-call" && looksHere(state) ? "call" : null;
}

/**
 * What the console does after something happened here.
 * @param {State} state
 * @param {PageEvent} event
 * @returns {State}
 */
export function act(state, event) {
  switch (event.type) {
    case "signed-out":
      return { ...FIRST, screen: "sign-in", eye: state.eye, problem: event.problem };
    case "signing":
      return { ...state, signing: true, problem: null };
    case "signed-in":
      return {
        ...state,
        name: event.name,
        reserve: event.reserve,
        signing: false,
        problem: null,
      };
    case "answered":
      return { ...state, answered: true };
    case "transfer":
      return { ...state, transfer: event.transfer };
    case "camera":
      return { ...state, camera: event.camera };
    case "checking":
      return { ...state, checking: event.open, check: NO_CHECK };
    case "check":
      return { ...state, check: checked(state.check, event.event) };
    default:
      return talked(state, event, "agent");
  }
}

/**
 * What the console does after the server spoke.
 * @param {State} state
 * @param {ServerMessage} message
 * @param {number} at now, on the page's clock
 * @returns {State}
 */
export function receive(state, message, at) {
  if (state.screen === "superseded") return state;
  switch (message.type) {
    case "offer":
      return offered(state, message, at);
    case "offer_ended":
      return state.card?.call === message.call
        ? { ...state, card: null, until: null, missed: message.reason }
        : state;
    case "agent_state":
      return stands(state, message, at);
    case "agent_call":
      return {
        ...state,
        card: { ...message, why: "first_offer", since: 0 },
        talking: at - message.talk_ms,
      };
    case "text_from":
      return {
        ...state,
        seen: state.card?.mode === "text" ? true : state.seen,
        lines: write(state.lines, message.speaker, message.chars),
      };
    case "attention_from":
      return { ...state, waved: true };
    case "peer":
      return {
        ...state,
        presence: message.presence,
        awaited: state.awaited && message.presence !== "here",
      };
    case "verdict":
      return watched(state, message, at);
    case "ended":
      return { ...state, ended: message, missed: neverCame(state, message.reason) };
    case "problem":
      return message.code === "superseded"
        ? { ...state, screen: "superseded" }
        : { ...state, problem: message.code, answered: false, transfer: "no" };
    case "transfer_offer":
      return state.transfer === "asked" ? { ...state, transfer: message } : state;
    case "welcome":
    case "pong":
    case "ice_servers":
    case "leg_answer":
    case "leg_lost":
    case "ticket":
    case "waiting":
    case "agent_found":
    case "connecting":
    case "in_call":
    case "requeued":
    case "overflow_offered":
    case "called_back_later":
    case "summoned":
    case "closed":
      return state; // the line's own, or a caller's
    default:
      return unknown(message);
  }
}

/**
 * @param {State} state
 * @param {Offer} offer
 * @param {number} at
 * @returns {State}
 */
function offered(state, offer, at) {
  const { call, token, company, service, topic, variant, mode, why } = offer;
  const since = at - offer.waited_ms;
  return {
    ...state,
    ...NO_CALL,
    screen: "ringing",
    card: { call, token, company, service, topic, variant, mode, why, since },
    until: at + offer.expires_ms,
    whole: offer.expires_ms,
    missed: null,
    ended: null,
    problem: null,
  };
}

/**
 * @param {State} state
 * @param {AgentStateMessage} message
 * @param {number} at
 * @returns {State}
 */
function stands(state, message, at) {
  const screen = SCREENS[message.status];
  const left = message.remaining_ms;
  const until = left === null ? null : at + left;
  const whole = screen === state.screen && state.whole ? state.whole : left ?? 0;
  const cool = message.cool_ms === null ? null : at + message.cool_ms;
  const next = { ...state, screen, until, whole, cool, wish: message.wish };
  const old = screen === state.screen ? state.problem : null; // it spoke of another state
  switch (screen) {
    case "ringing": // the offer itself tells who calls; it may come second
      return state.card === null ? state : { ...next, until: until ?? state.until };
    case "connecting":
      return { ...next, missed: null, awaited: isAwaited(state) };
    case "in-call":
      return { ...next, missed: null, talking: state.talking || at };
    case "wrap-up":
      return { ...next, ...NO_CALL, problem: old, missed: handedOver(state) };
    default:
      return { ...next, ...NO_CALL, problem: old, ended: null };
  }
}

/**
 * Whether the caller has yet to come: at the accept of a call-back, and until then.
 * @param {State} state
 */
function isAwaited({ screen, card, awaited }) {
  return awaited || (screen === "ringing" && card?.why === "call_back");
}

/** How a call goes on without this agent although it was theirs. */
const HANDED_OVER = new Set(["transferred", "not_understood"]);

/**
 * Why the call went on with somebody else; for the notes after it.
 * @param {State} state
 */
function handedOver({ missed }) {
  return missed !== null && HANDED_OVER.has(missed) ? missed : null;
}

/** How a call ends before the two have met: no notes follow that could say so. */
const NEVER_CAME = new Set(["abandoned", "call_back_missed"]);

/**
 * Why an accepted caller never came; for the desk after it.
 * @param {State} state
 * @param {string} reason
 */
function neverCame({ screen, missed }, reason) {
  return screen === "connecting" && NEVER_CAME.has(reason) ? reason : missed;
}

/**
 * Whether the agent still rests before any call.
 * @param {State} state
 * @param {number} at now
 */
export function coolsDown({ cool }, at) {
  return cool !== null && cool > at;
}
