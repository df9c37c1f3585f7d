/** What the page says first to a server that has just answered: who calls, or who is back. */

/** @import { CallRequest, Resume } from "../signaling/browser/wire.js" */
/** @import { State } from "./state.js" */

/**
 * A new call: a text call shows no picture, so that nothing of one is asked for.
 * @param {State} state
 * @param {string} request
 * @param {string} service
 * @returns {CallRequest}
 */
export function callRequest({ mode, eye, topic, variant, again }, request, service) {
  return {
    type: "call_request",
    request,
    service,
    mode,
    eye: mode === "video" && eye === true,
    topic,
    variant: mode === "video" ? variant : null,
    again,
  };
}

/**
 * The same call; a page whose caller has gone does not pass for them.
 * @param {State} state
 * @param {string} request
 * @param {string} ticket
 * @returns {Resume}
 */
export function resume({ back }, request, ticket) {
  return { type: "resume", request, ticket, away: back === "away" };
}
