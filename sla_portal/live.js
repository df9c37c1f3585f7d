/** The moment in words: who waits, who may answer, how the promise stands. Pure. */

import { figureViews } from "./day.js";
import { age, clock, count, percent, s, say } from "./say.js";

/** @import { FigureView, Tone } from "./day.js" */
/** @import { State } from "./state.js" */
/** @import { CallRow, DaySheet, Me, StandingAlert } from "./types.js" */

/**
 * @typedef {object} WaitingView
 * @property {string} call
 * @property {string} since
 * @property {string} instant
 * @property {string} service
 * @property {string} topic
 * @property {string} age
 * @property {string} state how near the promise is, in words
 * @property {Tone} tone
 */

/**
 * @typedef {object} LiveView
 * @property {string} summary for `role=status`: only what counts, never the time
 * @property {number | null} level between 0 and 1
 * @property {string} levelText
 * @property {string} levelWords
 * @property {Tone} levelTone
 * @property {string} oldest
 * @property {readonly WaitingView[]} waiting oldest first
 * @property {readonly (readonly [string, string])[]} staff what they do, how many
 * @property {readonly (readonly [string, string])[]} alerts service, what is wrong
 * @property {readonly FigureView[]} figures
 * @property {string} asOf
 */

/** The share of calls that a contract promises unless it says otherwise. */
export const PROMISED = 0.95;

/**
 * @param {State} state
 * @param {DaySheet} sheet
 * @param {Me} me
 * @returns {LiveView}
 */
export function liveView(state, sheet, me) {
  const waiting = sheet.calls.filter((call) => call.outcome === "waiting").reverse();
  const level = sheet.figures.service_level;
  return {
    summary: summaryText(waiting, sheet.target_ms, state.now_ms),
    level,
    levelText: percent(level),
    levelWords: levelWords(level),
    levelTone: level === null ? "plain" : level >= PROMISED ? "good" : "bad",
    oldest: waiting[0] === undefined ? "–" : age(state.now_ms - waiting[0].t0_ms),
    waiting: waiting.map((call) => waitingView(call, sheet, me, state.now_ms)),
    staff: staffViews(state.staff),
    alerts: (state.alerts ?? []).map((alert) => [
      me.services.find((one) => one.id === alert.service)?.title ?? alert.service,
      alertWords(alert),
    ]),
    figures: figureViews(sheet.figures, sheet.target_ms),
    asOf: clock(sheet.as_of_ms),
  };
}

/**
 * @param {number | null} level
 * @returns {string}
 */
function levelWords(level) {
  const promised = percent(PROMISED);
  if (level === null) {
    return say("Aucun appel compté aujourd’hui", "No call counted today");
  }
  return level >= PROMISED
    ? say(`Promesse tenue : ${promised} ou plus`, `Promise kept: ${promised} or more`)
    : say(`Sous la promesse de ${promised}`, `Below the promise of ${promised}`);
}

/**
 * @param {readonly CallRow[]} waiting
 * @param {number} target_ms
 * @param {number} now_ms
 * @returns {string}
 */
function summaryText(waiting, target_ms, now_ms) {
  if (waiting.length === 0) return say("Personne n’attend.", "Nobody waits.");
  const many = s(waiting.length);
  const late = waiting.filter((call) => now_ms - call.t0_ms > target_ms).length;
  const first = say(
    `${count(waiting.length)} personne${many} en attente`,
    `${count(waiting.length)} ${waiting.length > 1 ? "people" : "person"} waiting`,
  );
  if (late === 0) return `${first}.`;
  const target = Math.round(target_ms / 1000);
  return say(
    `${first}, ${count(late)} depuis plus de ${target} s.`,
    `${first}, ${count(late)} for more than ${target} s.`,
  );
}

/**
 * @param {CallRow} call
 * @param {DaySheet} sheet
 * @param {Me} me
 * @param {number} now_ms
 * @returns {WaitingView}
 */
function waitingView(call, sheet, me, now_ms) {
  const service = me.services.find((one) => one.id === call.service);
  const waited = now_ms - call.t0_ms;
  const [words, tone] = nearness(waited, sheet.target_ms);
  return {
    call: `${call.call} ${call.leg}`,
    since: clock(call.t0_ms),
    instant: new Date(call.t0_ms).toISOString(),
    service: service?.title ?? call.service,
    topic: call.topic === null ? "" : service?.topics[call.topic] ?? call.topic,
    age: age(waited),
    state: words,
    tone,
  };
}

/**
 * @param {number} waited
 * @param {number} target
 * @returns {readonly [string, Tone]}
 */
function nearness(waited, target) {
  if (waited > target) return [say("Promesse manquée", "Promise broken"), "bad"];
  if (waited >= target / 2) {
    const seconds = Math.ceil((target - waited) / 1000);
    return [say(`Encore ${seconds} s`, `${seconds} s left`), "now"];
  }
  return [say("Dans les temps", "In time"), "good"];
}

/**
 * @param {Readonly<Record<string, number>> | null} staff
 * @returns {readonly (readonly [string, string])[]}
 */
function staffViews(staff) {
  if (staff === null) return [];
  /** @param {readonly string[]} states */
  const sum = (states) =>
    count(states.reduce((all, state) => all + (staff[state] ?? 0), 0));
  return [
    [say("Prêts à répondre", "Ready to answer"), sum(["ready"])],
    [
      say("Un appel sonne ou commence", "A call rings or begins"),
      sum([
        "offered",
        "connecting",
      ]),
    ],
    [say("En appel", "In a call"), sum(["in_call"])],
    [say("Après un appel", "After a call"), sum(["wrap_up"])],
    [say("En pause", "On a break"), sum(["break"])],
    [say("Absents", "Away"), sum(["away", "lost"])],
  ];
}

/**
 * @param {StandingAlert} alert
 * @returns {string}
 */
function alertWords(alert) {
  if (alert.alert === "long_wait") {
    return say(
      "Une personne attend longtemps : la promesse est proche de se rompre.",
      "Somebody has waited long: the promise is about to break.",
    );
  }
  const times = count(Math.floor(alert.burn_permille / 100) / 10);
  const minutes = count(Math.round(alert.window_s / 60));
  return say(
    `Trop de promesses manquées en ${minutes} min : ${times} fois ce que le contrat tolère.`,
    `Too many promises broken in ${minutes} min: ${times} times what the contract allows.`,
  );
}
