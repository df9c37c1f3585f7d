/** What the caller's page knows, and what can happen to it here. */

import { NO_ADVICE } from "../signaling/browser/eye/advice.js";
import { NO_CHECK } from "../signaling/browser/eye/check.js";
import { looksHere } from "../signaling/browser/talk_state.js";

/** @import { CameraState } from "../signaling/browser/camera.js" */
/** @import { ChannelStatus } from "../signaling/browser/channel.js" */
/** @import { Advice } from "../signaling/browser/eye/advice.js" */
/** @import { Check, CheckEvent } from "../signaling/browser/eye/check.js" */
/** @import { Place } from "../signaling/browser/eye/own_eye.js" */
/** @import { MediaState } from "../signaling/browser/line.js" */
/** @import { TalkEvent } from "../signaling/browser/talk_state.js" */
/** @import { Line } from "../signaling/browser/typing.js" */
/** @import { ClosedReason, Ended, Face, LegWhy, Mode, Overflow, Presence } from "../signaling/browser/wire.js" */
/** @import { Regular } from "./regular.js" */

/**
 * @typedef {"loading" | "entry" | "mirror" | "resuming" | "waiting" | "call-back"
 *   | "summoned" | "connecting" | "call" | "ended" | "closed" | "superseded"
 *   | "unknown"} Screen
 */

/**
 * A service as `/api/service/<slug>` tells it.
 * @typedef {object} Service
 * @property {string} slug
 * @property {string} title
 * @property {string} company
 * @property {boolean} open
 * @property {string | null} opens_at
 * @property {ClosedReason | null} closed_for
 * @property {readonly { slug: string, label: string }[]} topics
 * @property {readonly { slug: string, label: string }[]} variants other ways to sign
 * @property {string | null} video_message where the company takes video messages
 */

/**
 * A call-back: whether the caller has gone and only the page is here, or comes again.
 * @typedef {"no" | "away" | "coming"} Back
 */

/**
 * @typedef {object} State
 * @property {Screen} screen
 * @property {Service | null} service
 * @property {string | null} topic
 * @property {string | null} variant another way to sign than the service's own
 * @property {string | null} again the word for the agent who is asked for
 * @property {Regular | null} regular who may be asked for again
 * @property {Mode} mode
 * @property {boolean | null} eye the caller's answer; `null` before it
 * @property {CameraState} camera
 * @property {Check} check what the eye says before a call
 * @property {ChannelStatus} channel
 * @property {MediaState} media
 * @property {LegWhy | null} broken why the media are brought up anew, while they are
 * @property {string | null} request what the page has asked for and waits for
 * @property {string | null} problem the code of the last refusal
 * @property {string | null} call
 * @property {number} since when the caller asked, on the page's clock; after a reload T0
 * @property {number | null} position
 * @property {boolean} nobody
 * @property {number | null} low the shortest probable rest of the wait, in seconds
 * @property {number | null} high the longest
 * @property {readonly Overflow[]} ways other ways out of a long wait
 * @property {Overflow | null} leaving the one that was pressed
 * @property {Back} back
 * @property {number | null} until when a summons ends, on the page's clock
 * @property {number} whole how long it lasts, in ms
 * @property {boolean} stays the caller waits though nobody is there
 * @property {boolean} found an agent's console rings
 * @property {string | null} requeued why an agent did not come
 * @property {string} agent
 * @property {number} from when this agent came, on the page's clock
 * @property {boolean} said this agent has written a word of their own
 * @property {boolean} seen the agent's picture or words are on the screen
 * @property {boolean} frozen the other's picture has stopped moving
 * @property {"no" | "asked" | "sent"} doubt "I do not understand": asked back, sent
 * @property {number} talking T1 on the page's clock
 * @property {Presence} presence
 * @property {boolean} waved
 * @property {boolean} sound the caller's microphone is open
 * @property {boolean} soundless the microphone could not be opened
 * @property {boolean} tap the browser wants a touch before it plays
 * @property {boolean} hushed the caller wants no advice any more in this call
 * @property {Advice} advice what the eye says of the own picture
 * @property {readonly Line[]} lines
 * @property {Ended | null} ended
 * @property {Face | null} rated
 * @property {string | null} opensAt
 * @property {ClosedReason | null} closedFor
 */

/**
 * What happens on this side of the wire.
 * @typedef {{ type: "service", service: Service | null }
 *   | { type: "topic", topic: string | null }
 *   | { type: "variant", variant: string | null }
 *   | { type: "regular", regular: Regular | null }
 *   | { type: "same", regular: Regular }
 *   | { type: "prepare" }
 *   | { type: "home" }
 *   | { type: "camera", camera: CameraState }
 *   | { type: "check", event: CheckEvent }
 *   | { type: "asked", request: string, mode: Mode, at: number }
 *   | { type: "resume", request: string, mode: Mode, eye: boolean | null, away: boolean }
 *   | { type: "leaving", way: Overflow }
 *   | { type: "come", request: string }
 *   | { type: "doubt", doubt: "no" | "asked" | "sent" }
 *   | { type: "again", request: string }
 *   | { type: "stay" }
 *   | { type: "left" }
 *   | { type: "rated", face: Face }
 *   | TalkEvent} PageEvent
 */

/** What a call leaves behind when it ends or another begins. */
export const NO_CALL = {
  request: null,
  problem: null,
  call: null,
  position: null,
  nobody: false,
  low: null,
  high: null,
  ways: /** @type {readonly Overflow[]} */ ([]),
  leaving: null,
  back: /** @type {Back} */ ("no"),
  until: null,
  whole: 0,
  stays: false,
  found: false,
  requeued: null,
  agent: "",
  from: 0,
  said: false,
  seen: false,
  frozen: false,
  doubt: /** @type {const} */ ("no"),
  talking: 0,
  presence: /** @type {Presence} */ ("here"),
  waved: false,
  sound: false,
  soundless: false,
  tap: false,
  hushed: false,
  advice: NO_ADVICE,
  lines: [],
  ended: null,
  rated: null,
};

/** @type {State} */
export const FIRST = {
  ...NO_CALL,
  screen: "loading",
  service: null,
  topic: null,
  variant: null,
  again: null,
  regular: null,
  mode: "video",
  eye: null,
  camera: "off",
  check: NO_CHECK,
  channel: "closed",
  media: "none",
  broken: null,
  since: 0,
  opensAt: null,
  closedFor: null,
};

/** Between T0 and the end. */
const LIVE = new Set([
  "resuming",
  "waiting",
  "call-back",
  "summoned",
  "connecting",
  "call",
]);

/** @param {State} state */
export function isLive(state) {
  return LIVE.has(state.screen);
}

/**
 * Whether a camera that opens now is for somebody: never for a text call, nor while
 * the caller has gone and waits to be called back.
 * @param {State} state
 */
export function wantsCamera(state) {
  if (state.screen === "mirror") return true;
  return isLive(state) && state.mode === "video" && state.back !== "away";
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
 * Where the page itself looks at the caller's picture now, if anywhere.
 * @param {State} state
 * @returns {Place | null}
 */
export function lookout(state) {
  if (state.camera !== "on") return null;
  if (state.screen === "mirror") return "mirror";
  return state.screen === "call" && looksHere(state) ? "call" : null;
}
