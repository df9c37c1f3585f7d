/** What the caller's page does after the server spoke: a pure function. */

import { watched } from "../signaling/browser/talk_state.js";
import { endLines, write } from "../signaling/browser/typing.js";
import { unknown } from "../signaling/browser/unknown.js";
import { NO_CALL } from "./state.js";

/** @import { ServerMessage, TextFrom } from "../signaling/browser/wire.js" */
/** @import { State } from "./state.js" */

/** Why a call went back to the queue with a new clock; else its first one runs on. */
const NEW_CLOCK = new Set(["transferred", "not_understood"]);

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
        leaving: null,
        again: null,
        call: message.call,
        mode: message.mode,
        since: begun(state, at - message.waited_ms),
      };
    case "waiting":
      return {
        ...state,
        ...placeOf(state),
        position: message.position,
        nobody: message.nobody,
        low: message.low_s,
        high: message.high_s,
      };
    case "overflow_offered":
      return { ...state, ways: message.ways };
    case "called_back_later":
      return {
        ...state,
        screen: "call-back",
        back: "away",
        leaving: null,
        found: false,
        requeued: null,
        until: null,
      };
    case "summoned":
      return {
        ...state,
        screen: "summoned",
        agent: message.name,
        until: message.expires_ms === null ? null : at + message.expires_ms,
        whole: message.expires_ms ?? 0,
      };
    case "agent_found":
      return { ...state, found: true, nobody: false, ways: [] };
    case "connecting":
      return {
        ...state,
        screen: "connecting",
        back: "no",
        ways: [],
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
        ...placeOf(state),
        requeued: message.reason,
        since: NEW_CLOCK.has(message.reason) ? at - message.waited_ms : state.since,
        position: null,
        low: null,
        high: null,
        sound: false,
        doubt: "no",
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
      return watched(state, message, at);
    case "ended":
      return { ...state, screen: "ended", ended: message, problem: null };
    case "closed":
      return {
        ...state,
        screen: "closed",
        request: null,
        opensAt: message.opens_at,
        closedFor: message.reason,
      };
    case "problem":
      return refused(state, message.code, message.request);
    case "welcome":
    case "pong":
    case "ice_servers":
    case "leg_answer":
    case "leg_lost":
    case "offer":
    case "offer_ended":
    case "agent_state":
    case "agent_call":
    case "transfer_offer":
      return state; // the line's own, or an agent's
    default:
      return unknown(message);
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
 * Back among those who wait: on the page, or away with the page ringing in turn.
 * @param {State} state
 */
function placeOf(state) {
  const screen = state.back === "away" ? "call-back" : "waiting";
  return {
    screen: /** @type {"call-back" | "waiting"} */ (screen),
    found: false,
    seen: false,
    until: null,
  };
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
 * The call ended while this page was away.
 * @param {State} state
 * @param {string} call
 * @returns {State}
 */
function lost(state, call) {
  const away = state.back === "no" ? null : "call_back_missed";
  const reason = away ?? (state.screen === "waiting" ? "lost_waiting" : "caller_lost");
  const ended = { type: /** @type {const} */ ("ended"), call, reason };
  return {
    ...state,
    screen: "ended",
    ended: { ...ended, waited_ms: 0, talk_ms: 0, again: null },
  };
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
  const doubt = state.doubt === "sent" ? "no" : state.doubt;
  if (!fatal) return { ...state, problem: code, leaving: null, doubt };
  if (state.call !== null) return lost(state, state.call);
  return { ...state, ...NO_CALL, screen: "entry", problem: code };
}
