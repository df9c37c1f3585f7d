/** Whether the last seconds can be read: rules over a sliding window, no clock, no I/O. */

import { since } from "./past.js";
import { HIDES, LOST, RANKED } from "./reasons.js";
import { cutsFace, isTooClose, isTooFar } from "./rules_frame.js";
import { cutsHands, hasNoHands } from "./rules_hands.js";
import { isBacklit, isBlurred, isCovered, isDark, isPale } from "./rules_light.js";
import { isFrozen, isSilent, isSlow, isSmall } from "./rules_stream.js";

/** @import { Judgement } from "./advice.js" */
/** @import { Sample, Thresholds } from "./model.js" */
/** @import { Past } from "./past.js" */
/** @import { Reason } from "./reasons.js" */

/** @type {Readonly<Record<Reason, (past: Past, held: boolean) => boolean>>} */
const RULES = {
  camera_covered: isCovered,
  frozen: isFrozen,
  too_dark: isDark,
  backlit: isBacklit,
  too_close: isTooClose,
  too_far: isTooFar,
  hands_never_seen: hasNoHands,
  hands_cut: cutsHands,
  face_cut: cutsFace,
  blurred: isBlurred,
  low_contrast: isPale,
  low_frame_rate: isSlow,
  low_resolution: isSmall,
};

export class Judge {
  #thresholds;
  #memoryS;
  /** @type {Sample[]} */
  #samples = [];
  /** @type {(readonly [number, number])[]} */
  #frames = [];
  /** @type {ReadonlySet<Reason>} */
  #held = new Set();

  /** @param {Thresholds} thresholds */
  constructor(thresholds) {
    this.#thresholds = thresholds;
    const { window_s, stride_s, frozen, hands_never_seen } = thresholds;
    const longest = Math.max(window_s, frozen.span_s, hands_never_seen.memory_s);
    this.#memoryS = longest + stride_s;
  }

  /**
   * Take a sample; one of the same moment knows more than the one before it.
   * @param {Sample} sample
   */
  look(sample) {
    const same = this.#samples.findLastIndex(({ at }) => at === sample.at);
    if (same === -1) this.#samples.push(sample);
    else this.#samples[same] = sample;
  }

  /**
   * Judge the window that ends now; `null` when too little was looked at.
   * @param {number} at now, on the clock of the samples
   * @param {number} frames how many have arrived so far
   * @param {number} arrived when the last of them did
   * @returns {Judgement | null}
   */
  judge(at, frames, arrived) {
    this.#remember(at, frames);
    const past = {
      at,
      arrived,
      samples: this.#samples,
      frames: this.#frames,
      thresholds: this.#thresholds,
    };
    const found = find(past, this.#held);
    if (found === null) return null;
    this.#held = found;
    return judgementOf(found);
  }

  /**
   * @param {number} at
   * @param {number} frames
   */
  #remember(at, frames) {
    const start = at - this.#memoryS;
    this.#frames = [...this.#frames, /** @type {const} */ ([at, frames])]
      .filter(([then]) => then >= start);
    this.#samples = this.#samples.filter((sample) => sample.at >= start);
  }
}

/**
 * Rank the reasons, without those that another one explains.
 * @param {ReadonlySet<Reason>} found
 * @returns {Judgement}
 */
export function judgementOf(found) {
  const explained = new Set([...found].flatMap((cause) => HIDES[cause] ?? []));
  const reasons = RANKED.filter((one) => found.has(one) && !explained.has(one));
  if (reasons.length === 0) return { legibility: "legible", reasons };
  const isLost = reasons.some((reason) => LOST.has(reason));
  return { legibility: isLost ? "lost" : "at_risk", reasons };
}

/**
 * What the other side sees of it: a page that paints too few pictures may send them all.
 * @param {Judgement} judgement
 * @returns {Judgement}
 */
export function asSent({ reasons }) {
  const sent = reasons.filter((reason) => reason !== "low_frame_rate");
  return judgementOf(new Set(/** @type {Reason[]} */ (sent)));
}

/**
 * @param {Past} past
 * @param {ReadonlySet<Reason>} held
 * @returns {ReadonlySet<Reason> | null}
 */
function find(past, held) {
  if (isSilent(past)) return new Set(/** @type {const} */ (["frozen"]));
  const { window_s, min_samples } = past.thresholds;
  if (since(past, window_s).length < min_samples) return null;
  return new Set(RANKED.filter((reason) => RULES[reason](past, held.has(reason))));
}
