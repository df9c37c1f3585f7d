/** What happens on this side of a call does alike to both pages: a pure function. */

import { judged, NO_ADVICE, passed } from "./eye/advice.js";
import { write } from "./typing.js";
import { unknown } from "./unknown.js";

/** @import { ChannelStatus } from "./channel.js" */
/** @import { MediaState } from "./line.js" */
/** @import { Advice, Judgement } from "./eye/advice.js" */
/** @import { Line } from "./typing.js" */
/** @import { LegWhy, Speaker } from "./wire.js" */

/**
 * @typedef {{ type: "channel", status: ChannelStatus }
 *   | { type: "media", media: MediaState, broken: LegWhy | null }
 *   | { type: "seen" }
 *   | { type: "frozen", frozen: boolean }
 *   | { type: "typed", chars: string }
 *   | { type: "calmed" }
 *   | { type: "eye", yes: boolean }
 *   | { type: "advised", at: number }
 *   | { type: "looked", judgement: Judgement, at: number }
 *   | { type: "sound", open: boolean, missing: boolean }
 *   | { type: "tap", needed: boolean }} TalkEvent
 */

/**
 * What a page knows of its side.
 * @typedef {object} TalkState
 * @property {ChannelStatus} channel
 * @property {MediaState} media
 * @property {LegWhy | null} broken why the media are brought up anew, while they are
 * @property {boolean} seen the other's picture or words are on the screen
 * @property {boolean} frozen the other's picture has stopped moving
 * @property {readonly Line[]} lines
 * @property {boolean} waved
 * @property {boolean | null} eye
 * @property {boolean} hushed the person wants no advice any more in this call
 * @property {Advice} advice what the eye says of the own picture
 * @property {boolean} sound the own microphone is open
 * @property {boolean} soundless it could not be opened
 * @property {boolean} tap the browser wants a touch before it plays
 */

/**
 * @template {TalkState} State
 * @param {State} state
 * @param {TalkEvent} event
 * @param {Speaker} me
 * @returns {State}
 */
export function talked(state, event, me) {
  switch (event.type) {
    case "channel":
      return { ...state, channel: event.status };
    case "media":
      return { ...state, media: event.media, broken: event.broken };
    case "seen":
      return { ...state, seen: true };
    case "frozen":
      return { ...state, frozen: event.frozen };
    case "typed":
      return { ...state, lines: write(state.lines, me, event.chars) };
    case "calmed":
      return { ...state, waved: false };
    case "eye":
      return { ...state, eye: event.yes, hushed: !event.yes, advice: NO_ADVICE };
    case "looked":
      return looksHere(state) ? judge(state, event.judgement, event.at) : state;
    case "advised":
      return { ...state, advice: passed(state.advice, event.at) };
    case "sound":
      return { ...state, sound: event.open, soundless: event.missing };
    case "tap":
      return { ...state, tap: event.needed };
    default:
      return unknown(event);
  }
}

/**
 * The relay's eye has judged the own picture; after a no its last words are nothing.
 * @template {TalkState} State
 * @param {State} state
 * @param {Judgement} judgement
 * @param {number} at now
 * @returns {State}
 */
export function watched(state, judgement, at) {
  return state.eye ? judge(state, judgement, at) : state;
}

/**
 * Whether the page itself looks at the own picture during a call: for who has not said
 * yes to the relay's eye, and until they stop it.
 * @param {TalkState} state
 */
export function looksHere({ eye, hushed }) {
  return eye !== true && !hushed;
}

/**
 * @template {TalkState} State
 * @param {State} state
 * @param {Judgement} judgement
 * @param {number} at
 * @returns {State}
 */
function judge(state, judgement, at) {
  return { ...state, advice: judged(state.advice, judgement, at) };
}
