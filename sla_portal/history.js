/** A month in words: how the promise was kept, how long people waited, and why. Pure. */

import { count, duration, hundredths, longDate, percent, say } from "./say.js";

/** @import { Tone } from "./day.js" */
/** @import { Line } from "./series.js" */
/** @import { History, Me, Report } from "./types.js" */

/** What a contract promises unless it says otherwise, in hundredths of a percent. */
export const PROMISED = 9_500;

/** How many months can be chosen. */
const MONTHS = 24;

/**
 * The last months, newest first.
 * @param {string} today `YYYY-MM-DD`
 * @returns {readonly string[]}
 */
export function months(today) {
  const year = Number(today.slice(0, 4));
  const month = Number(today.slice(5, 7)) - 1;
  return Array.from(
    { length: MONTHS },
    (_, back) => new Date(Date.UTC(year, month - back, 1)).toISOString().slice(0, 7),
  );
}

/**
 * How the month stands against the promise, and against the month before.
 * @param {History} history
 * @returns {{ level: string, words: string, tone: Tone, before: string }}
 */
export function standing(history) {
  const { shown } = history.report.level;
  const promised = hundredths(PROMISED);
  const [words, tone] = standingWords(shown, promised);
  return {
    level: hundredths(shown),
    words,
    tone,
    before: beforeWords(shown, history.before?.level.shown ?? null),
  };
}

/**
 * @param {number | null} shown
 * @param {string} promised
 * @returns {readonly [string, Tone]}
 */
function standingWords(shown, promised) {
  if (shown === null) {
    return [
      say("Aucun appel compté ce mois-ci", "No call counted this month"),
      "plain",
    ];
  }
  return shown >= PROMISED
    ? [
      say(`Promesse tenue : ${promised} ou plus`, `Promise kept: ${promised} or more`),
      "good",
    ]
    : [
      say(`Sous la promesse de ${promised}`, `Below the promise of ${promised}`),
      "bad",
    ];
}

/**
 * @param {number | null} shown
 * @param {number | null} before
 * @returns {string}
 */
function beforeWords(shown, before) {
  if (before === null) {
    return say("Pas de mois précédent à comparer.", "No month before to compare with.");
  }
  const then = hundredths(before);
  if (shown === null) return say(`Mois précédent : ${then}.`, `Month before: ${then}.`);
  const points = new Intl.NumberFormat(say("fr-FR", "en-GB"), {
    minimumFractionDigits: 2,
    signDisplay: "exceptZero",
  }).format((shown - before) / 100);
  return say(
    `Mois précédent : ${then}, soit ${points} point(s).`,
    `Month before: ${then}, a change of ${points} point(s).`,
  );
}

/**
 * The contract's level and the five common formulas, from the same counters.
 * @param {Report} report
 * @returns {readonly (readonly [string, string, string])[]} name, value, how it counts
 */
export function formulas(report) {
  const of = (/** @type {string} */ name) =>
    hundredths(report.formulas[name]?.shown ?? null);
  return [
    [
      say("Contrat", "Contract"),
      hundredths(report.level.shown),
      say(
        "à temps ÷ (répondus, abandonnés, autre suite, nos pannes et refus)",
        "in time ÷ (answered, abandoned, another way, our failures and refusals)",
      ),
    ],
    [
      say("Formule 1", "Formula 1"),
      of("f1"),
      say(
        "à temps et abandons dans le délai ÷ tous",
        "in time and left within the target ÷ all",
      ),
    ],
    [
      say("Formule 2", "Formula 2"),
      of("f2"),
      say("à temps ÷ répondus", "in time ÷ answered"),
    ],
    [
      say("Formule 3", "Formula 3"),
      of("f3"),
      say("à temps ÷ (répondus et abandonnés)", "in time ÷ (answered and abandoned)"),
    ],
    [
      say("Formule 4", "Formula 4"),
      of("f4"),
      say(
        "à temps ÷ (répondus et abandons après le délai)",
        "in time ÷ (answered and left after the target)",
      ),
    ],
    [
      say("Formule 5", "Formula 5"),
      of("f5"),
      say(
        "à temps et abandons courts ÷ tous",
        "in time and short abandons ÷ all",
      ),
    ],
  ];
}

/**
 * What is counted of a month, beside its level.
 * @param {Report} report
 * @returns {readonly (readonly [string, string])[]}
 */
export function totals(report) {
  const { counters, excess, waits } = report;
  const wait = (/** @type {string} */ name) => microseconds(waits[name] ?? null);
  const share = counters.watched_s > 0 ? counters.legible_s / counters.watched_s : null;
  const left = counters.abandoned + counters.short;
  const tried = counters.answered + left;
  return [
    [say("Appels reçus", "Calls received"), count(counters.offered)],
    [say("Répondus", "Answered"), count(counters.answered)],
    [say("Promesses manquées", "Promises broken"), count(counters.breaches)],
    [say("Attente moyenne", "Mean wait"), wait("mean")],
    [say("Attente médiane", "Median wait"), wait("p50")],
    [say("9 sur 10 en moins de", "9 of 10 within"), wait("p90")],
    [say("95 sur 100 en moins de", "95 of 100 within"), wait("p95")],
    [say("99 sur 100 en moins de", "99 of 100 within"), wait("p99")],
    [say("Attente la plus longue", "Longest wait"), microseconds(report.longest_us)],
    [
      say("Part des abandons", "Share that left"),
      percent(tried > 0 ? left / tried : null),
    ],
    [say("Personne en poste", "Nobody on duty"), count(counters.no_one_there)],
    [say("Pannes chez nous", "Our failures"), count(counters.technical)],
    [say("Réseau de l’appelant", "Caller’s network"), count(counters.technical_caller)],
    [say("Refusés", "Refused"), count(counters.refused)],
    [say("Nouvelles sonneries", "Rung again"), count(counters.reoffers)],
    [
      say("Au-delà du volume convenu", "Beyond the agreed volume"),
      count(excess.offered),
    ],
    [say("Image lisible", "Legible picture"), percent(share)],
  ];
}

/**
 * The waits of each day as lines, in seconds.
 * @param {History} history
 * @returns {readonly Line[]}
 */
export function lines(history) {
  const values = (/** @type {string} */ name) =>
    history.days.map((day) => {
      const wait = day.waits[name] ?? null;
      return wait === null ? null : wait / 1e6;
    });
  return [
    { name: "p50", color: "--brand", dash: [], values: values("p50") },
    { name: "p90", color: "--warn", dash: [8, 4], values: values("p90") },
    { name: "p95", color: "--bad", dash: [2, 4], values: values("p95") },
    {
      name: "60 s",
      color: "--ink",
      dash: [14, 4, 2, 4],
      values: history.days.map(() => 60),
    },
  ];
}

/**
 * The days of a month, line by line.
 * @param {History} history
 * @returns {readonly (readonly string[])[]}
 */
export function dayRows(history) {
  const waits = new Map(history.days.map((day) => [day.date, day.waits]));
  return history.report.days.map((day) => {
    const wait = (/** @type {string} */ name) =>
      microseconds(waits.get(day.date)?.[name] ?? null);
    return [
      longDate(day.date),
      count(day.counters.offered),
      count(day.counters.in_time),
      hundredths(day.level.shown),
      wait("p50"),
      wait("p90"),
      wait("p95"),
    ];
  });
}

/**
 * Why people called, most often first.
 * @param {Report} report
 * @param {Me} me
 * @returns {readonly (readonly [string, number])[]}
 */
export function topics(report, me) {
  /** @type {Record<string, string>} */
  const labels = Object.assign({}, ...me.services.map((service) => service.topics));
  return Object.entries(report.topics)
    .map(([topic, calls]) => /** @type {const} */ ([labels[topic] ?? topic, calls]))
    .sort(([, one], [, other]) => other - one);
}

/**
 * @param {number | null} wait
 * @returns {string}
 */
function microseconds(wait) {
  return duration(wait === null ? null : wait / 1000);
}
