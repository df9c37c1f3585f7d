/** When the eyes see it: a video's first presented frame, and starting it at all. */

import { every, now } from "./clock.js";

const LOOK_MS = 1000;
const FROZEN_LOOKS = 2;

/**
 * @typedef {object} Frame
 * @property {number} at when it is on the screen, as far as the page can vouch for it: never
 *   before the browser told the page of it; on `now()`'s scale
 * @property {boolean} hidden whether the page was in the background when it came
 */

/**
 * What counts as a first frame.
 * @typedef {object} Claim
 * @property {number} since what arrived before, on `now()`'s scale, is another person's
 * @property {(video: HTMLVideoElement) => boolean} shows whether the frame shows anything
 */

/**
 * Tell when the next new frame of a video is presented, once.
 *
 * A hidden page presents nothing: it tells as soon as it is visible again. Without
 * `requestVideoFrameCallback` the decoder's count is looked at before each paint.
 * @param {HTMLVideoElement} video
 * @param {Claim} claim
 * @param {(frame: Frame) => void} tell
 * @returns {() => void} stops it
 */
export function firstFrame(video, claim, tell) {
  const page = video.ownerDocument;
  const over = new AbortController();
  const before = decoded(video);
  let hidden = page.hidden;
  const done = (/** @type {number} */ at) => {
    if (over.signal.aborted) return;
    over.abort();
    tell({ at, hidden });
  };
  const onReturn = () => {
    hidden = true;
    if (!page.hidden && decoded(video) > before) requestAnimationFrame(done);
  };
  page.addEventListener("visibilitychange", onReturn, { signal: over.signal });
  if ("requestVideoFrameCallback" in video) watch(video, claim, over.signal, done);
  else look(video, claim, before, over.signal, done);
  return () => over.abort();
}

/**
 * @param {HTMLVideoElement} video
 * @param {Claim} claim
 * @param {AbortSignal} over
 * @param {(at: number) => void} done
 */
function watch(video, claim, over, done) {
  video.requestVideoFrameCallback((_, frame) => {
    if (over.aborted) return;
    const isNew = (frame.receiveTime ?? claim.since) >= claim.since;
    if (isNew && claim.shows(video)) done(Math.max(frame.expectedDisplayTime, now()));
    else watch(video, claim, over, done);
  });
}

/**
 * One frame more may be the last one that the element kept; two are a living picture.
 * @param {HTMLVideoElement} video
 * @param {Claim} claim
 * @param {number} before
 * @param {AbortSignal} over
 * @param {(at: number) => void} done
 */
function look(video, claim, before, over, done) {
  requestAnimationFrame(() => {
    if (over.aborted) return;
    if (decoded(video) > before + 1 && claim.shows(video)) done(now());
    else look(video, claim, before, over, done);
  });
}

/**
 * Tell when a video stops moving for two seconds, and when it moves again. Nobody sees a
 * hidden page, and it presents nothing.
 * @param {HTMLVideoElement} video
 * @param {(frozen: boolean) => void} tell
 * @returns {() => void} stops it
 */
export function watchFreeze(video, tell) {
  const presented = presentedBy(video);
  let before = decoded(video);
  let still = 0;
  return every(LOOK_MS, () => {
    const count = decoded(video) + presented();
    const was = still >= FROZEN_LOOKS;
    const stands = count === before && count > 0 && !video.ownerDocument.hidden;
    still = stands ? still + 1 : 0;
    before = count;
    if (was !== still >= FROZEN_LOOKS) tell(!was);
  });
}

/**
 * Count what a video presents, for Firefox counts no decoded frames of a live stream.
 * @param {HTMLVideoElement} video
 * @returns {() => number} the count; each call asks the browser for the next one
 */
function presentedBy(video) {
  let count = 0;
  let asked = false;
  const next = () => {
    if (asked || !("requestVideoFrameCallback" in video)) return count;
    asked = true;
    video.requestVideoFrameCallback((_, { presentedFrames }) => {
      count = presentedFrames;
      asked = false;
    });
    return count;
  };
  next();
  return next;
}

/** @param {HTMLVideoElement} video */
function decoded(video) {
  return video.getVideoPlaybackQuality().totalVideoFrames;
}

/**
 * Show a stream, with its sound where the browser lets us, without where it does not.
 * @param {HTMLVideoElement} video
 * @param {MediaStream | null} stream
 * @returns {Promise<boolean>} whether it plays: else a tap of the person must start it
 */
export async function play(video, stream) {
  if (video.srcObject !== stream) video.srcObject = stream;
  if (stream === null) return true;
  try {
    await video.play();
    return true;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return true;
    if (video.muted) return false;
    video.muted = true;
    return play(video, stream);
  }
}
