/** Whether the hands that sign can be seen: how unlikely it is to miss them by chance. */

import { moving, share, since } from "./past.js";
import { hasNoRoom } from "./rules_frame.js";

/** @import { HandsSeen, Sample, Thresholds } from "./model.js" */
/** @import { Past } from "./past.js" */

/**
 * Somebody signs, and for longer than chance allows no check finds a hand.
 * @param {Past} past
 * @param {boolean} held
 */
export function hasNoHands(past, held) {
  const rule = past.thresholds.hands_never_seen;
  const missed = missedChecks(past);
  const [first] = missed;
  if (first === undefined) return false;
  const before = moving(since(past, rule.memory_s), past.thresholds);
  const signing = share(before.slice(before.length - since(past, rule.span_s).length));
  if (held) return signing >= rule.keep_moving_share;
  if (past.at - first.at < rule.span_s || signing < rule.raise_moving_share) {
    return false;
  }
  if (hasNoRoom(past, false)) return missed.length >= rule.tight_checks;
  return chance(past) < rule.chance_below;
}

/**
 * There is no room for them, or the hands that sign end at the edge.
 * @param {Past} past
 * @param {boolean} held
 */
export function cutsHands(past, held) {
  const { thresholds } = past;
  const window = since(past, thresholds.window_s);
  const signing = moving(window, thresholds);
  const seen = window.flatMap(({ hands }, index) =>
    hands !== null && hands.count > 0 && signing[index] ? [hands] : []
  );
  const cut = share(seen.map((hands) => isCut(hands, thresholds)));
  const enough = held ? thresholds.keep_share : thresholds.raise_share;
  const least = held ? 1 : thresholds.hands_cut.min_checks;
  return (seen.length >= least && cut >= enough) || hasNoRoom(past, held);
}

/**
 * @param {HandsSeen} hands
 * @param {Thresholds} thresholds
 */
function isCut({ count, cut_share }, { hands_cut }) {
  return count > 0 && cut_share >= hands_cut.landmark_share;
}

/**
 * The checks of somebody who moves since the last one that found a hand.
 * @param {Past} past
 */
function missedChecks(past) {
  const checks = checksOf(past);
  return checks.slice(checks.findLastIndex(found) + 1);
}

/**
 * How likely so many misses are, by what was found of this person before.
 * @param {Past} past
 */
function chance(past) {
  const rule = past.thresholds.hands_never_seen;
  const [checks, missed] = [checksOf(past), missedChecks(past).length];
  const earlier = checks.slice(0, checks.length - missed);
  const before = earlier.filter(found).length;
  const usual = (before + rule.usual_share * rule.usual_weight) /
    (earlier.length + rule.usual_weight);
  return (1 - usual) ** missed;
}

/** @param {Past} past */
function checksOf(past) {
  const rule = past.thresholds.hands_never_seen;
  const samples = since(past, rule.memory_s);
  const signing = moving(samples, past.thresholds);
  return samples.filter((one, index) =>
    signing[index] && one.hands !== null &&
    (one.hands.count > 0 || one.quantizer <= rule.quantizer_at_most)
  );
}

/** @param {Sample} sample */
function found({ hands }) {
  return hands !== null && hands.count > 0;
}
