/** What the caller's page does after something happened here: a pure function. */

import { checked, NO_CHECK } from "../signaling/browser/eye/check.js";
import { talked } from "../signaling/browser/talk_state.js";
import { NO_CALL } from "./state.js";

/** @import { PageEvent, Service, State } from "./state.js" */

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
    case "variant":
      return { ...state, variant: event.variant };
    case "regular":
      return { ...state, regular: event.regular };
    case "same":
      return { ...state, again: event.regular.word, mode: event.regular.mode };
    case "prepare":
      return {
        ...state,
        ...NO_CALL,
        screen: "mirror",
        mode: "video",
        check: NO_CHECK,
      };
    case "home":
      return { ...state, ...NO_CALL, screen: "entry", again: null };
    case "camera":
      return { ...state, camera: event.camera };
    case "check":
      return { ...state, check: checked(state.check, event.event) };
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
        back: event.away ? "away" : "no",
      };
    case "leaving":
      return { ...state, leaving: event.way, problem: null };
    case "come":
      return { ...state, screen: "resuming", back: "coming", request: event.request };
    case "doubt":
      return { ...state, doubt: event.doubt };
    case "again":
      return { ...state, request: event.request };
    case "stay":
      return { ...state, stays: true };
    case "left":
      return left(state);
    case "rated":
      return { ...state, rated: event.face };
    default:
      return talked(state, event, "caller");
  }
}

/**
 * @param {State} state
 * @param {Service | null} service
 * @returns {State}
 */
function loaded(state, service) {
  if (service === null) return { ...state, screen: "unknown" };
  const known = {
    ...state,
    service,
    opensAt: service.opens_at,
    closedFor: service.closed_for,
  };
  if (state.screen !== "loading") return known;
  return { ...known, screen: service.open ? "entry" : "closed" };
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
      again: null,
    },
  };
}
