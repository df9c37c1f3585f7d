/** A day in words: from the server's numbers to what the page says. Pure. */

/** @import { CallRow, DaySheet, Figures, Me, Outcome } from "./types.js" */

/** @typedef {"good" | "bad" | "plain" | "now"} Tone */

/**
 * @typedef {object} FigureView
 * @property {string} key
 * @property {string} label
 * @property {string} value
 * @property {string} hint
 */

/**
 * @typedef {object} CallView
 * @property {string} call
 * @property {string} time
 * @property {string} instant for `<time datetime>`
 * @property {string} service
 * @property {string} topic
 * @property {string} wait
 * @property {string} result
 * @property {Tone} tone
 * @property {string} talk
 */

/**
 * @typedef {object} DayView
 * @property {string} title
 * @property {readonly FigureView[]} figures
 * @property {readonly FigureView[]} details
 * @property {readonly CallView[]} calls
 * @property {string} cut what the list of calls leaves out, or ""
 * @property {string} summary for `role=status`: only what counts, never the time
 * @property {string} asOf
 * @property {string} chain
 */

const ZONE = "Europe/Paris";
const LONG_DATE = new Intl.DateTimeFormat("fr-FR", {
  dateStyle: "full",
  timeZone: "UTC",
});
const CLOCK = new Intl.DateTimeFormat("fr-FR", { timeStyle: "medium", timeZone: ZONE });
const PERCENT = new Intl.NumberFormat("fr-FR", {
  style: "percent",
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
const NUMBER = new Intl.NumberFormat("fr-FR");
const SECONDS = new Intl.NumberFormat("fr-FR", {
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});

const NOTHING = "–";

/** @type {Readonly<Record<Outcome, string>>} */
const RESULTS = {
  waiting: "En attente",
  answered: "Répondu",
  abandoned: "Abandonné",
  short: "Court (moins de 5 s)",
  left_another_way: "Autre suite",
  no_one_there: "Personne en poste",
  technical: "Panne chez nous",
  technical_caller: "Réseau de l’appelant",
  refused: "Refusé",
  closed: "Hors horaires",
};

/** @type {Readonly<Record<string, string>>} */
const WAYS = { call_back: "Rappel", video_message: "Message signé", text: "Écrit" };

/** @type {Readonly<Record<string, string>>} */
const MODES = { text: "par écrit" };

/**
 * @param {DaySheet} sheet
 * @param {Me} me
 * @returns {DayView}
 */
export function dayView(sheet, me) {
  return {
    title: longDate(sheet.date),
    figures: figureViews(sheet.figures, sheet.target_ms),
    details: detailViews(sheet.figures),
    calls: sheet.calls.map((call) => callView(call, me)),
    cut: cutText(sheet),
    summary: summaryText(sheet.figures),
    asOf: CLOCK.format(sheet.as_of_ms),
    chain: chainText(sheet),
  };
}

/**
 * Rounded up to a tenth: 60.001 s is late, and must not look like 60.0 s.
 * @param {number | null} milliseconds
 * @returns {string}
 */
export function duration(milliseconds) {
  if (milliseconds === null) return NOTHING;
  if (milliseconds < 120_000) {
    return `${SECONDS.format(Math.ceil(milliseconds / 100) / 10)}\u00a0s`;
  }
  const whole = Math.ceil(milliseconds / 1000);
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}\u00a0min ${whole % 60}\u00a0s`;
  return `${Math.floor(minutes / 60)}\u00a0h ${minutes % 60}\u00a0min`;
}

/**
 * Truncated: 94.99 % is not the 95 % of a contract.
 * @param {number | null} share between 0 and 1
 * @returns {string}
 */
export function percent(share) {
  if (share === null) return NOTHING;
  return PERCENT.format(Math.floor(share * 1000 + 1e-9) / 1000);
}

/**
 * @param {string} date `YYYY-MM-DD`
 * @returns {string}
 */
export function longDate(date) {
  return LONG_DATE.format(new Date(`${date}T00:00:00Z`));
}

/**
 * @param {string} date `YYYY-MM-DD`
 * @param {number} days
 * @returns {string}
 */
export function shiftDate(date, days) {
  const moved = new Date(`${date}T00:00:00Z`);
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 10);
}

/**
 * @param {Figures} figures
 * @param {number} targetMs
 * @returns {readonly FigureView[]}
 */
function figureViews(figures, targetMs) {
  const target = Math.round(targetMs / 1000);
  return [
    figure("offered", "Appels reçus", count(figures.offered), offeredHint(figures)),
    figure("answered", "Répondus", count(figures.answered), "une personne visible"),
    figure(
      "in_time",
      `Répondus en ${target} s`,
      count(figures.in_time),
      `niveau de service : ${percent(figures.service_level)}`,
    ),
    figure(
      "abandoned",
      "Abandonnés",
      count(figures.abandoned),
      "partis sans avoir vu personne",
    ),
    figure(
      "longest_wait",
      "Attente la plus longue",
      duration(figures.longest_wait_ms),
      breachHint(figures.breaches, target),
    ),
  ];
}

/**
 * @param {Figures} figures
 * @returns {readonly FigureView[]}
 */
function detailViews(figures) {
  return [
    figure("short", "Courts", count(figures.short), "partis avant 5 s, hors calcul"),
    figure(
      "left_another_way",
      "Autre suite",
      count(figures.left_another_way),
      "rappel, message, autre mode",
    ),
    figure(
      "later_legs",
      "Transferts",
      count(figures.later_legs),
      `${count(figures.later_in_time)} à temps, comptés à part`,
    ),
    figure(
      "no_one_there",
      "Personne en poste",
      count(figures.no_one_there),
      "promesse manquée",
    ),
    figure(
      "technical",
      "Pannes chez nous",
      count(figures.technical),
      "promesse manquée",
    ),
    figure("refused", "Refusés", count(figures.refused), "promesse manquée"),
    figure(
      "technical_caller",
      "Réseau de l’appelant",
      count(figures.technical_caller),
      "hors calcul, 2 % au plus",
    ),
    figure("closed", "Hors horaires", count(figures.closed), "sans chronomètre"),
    figure(
      "legible",
      "Image lisible",
      percent(figures.legible_share),
      legibleHint(figures),
    ),
  ];
}

/**
 * @param {string} key
 * @param {string} label
 * @param {string} value
 * @param {string} hint
 * @returns {FigureView}
 */
function figure(key, label, value, hint) {
  return { key, label, value, hint };
}

/**
 * @param {CallRow} call
 * @param {Me} me
 * @returns {CallView}
 */
function callView(call, me) {
  const service = me.services.find((one) => one.id === call.service);
  const topic = call.topic === null ? "" : service?.topics[call.topic] ?? call.topic;
  const mode = MODES[call.mode ?? ""] ?? "";
  const leg = call.leg > 0 ? "après transfert" : "";
  return {
    call: call.call,
    time: CLOCK.format(call.t0_ms),
    instant: new Date(call.t0_ms).toISOString(),
    service: service?.title ?? call.service,
    topic: [topic, mode, leg].filter((part) => part !== "").join(", "),
    wait: duration(call.wait_ms),
    result: resultText(call),
    tone: tone(call),
    talk: duration(call.talk_ms),
  };
}

/**
 * @param {CallRow} call
 * @returns {string}
 */
function resultText(call) {
  if (call.outcome === "answered") {
    const how = call.in_time ? "Répondu à temps" : "Répondu en retard";
    return call.live ? `${how}, en cours` : how;
  }
  const result = WAYS[call.way ?? ""] ?? RESULTS[call.outcome];
  const isLate = call.outcome === "waiting" || call.outcome === "abandoned";
  return call.breach && isLate ? `${result}, en retard` : result;
}

/**
 * @param {CallRow} call
 * @returns {Tone}
 */
function tone(call) {
  if (call.breach) return "bad";
  if (call.in_time) return "good";
  return call.outcome === "waiting" ? "now" : "plain";
}

/**
 * @param {Figures} figures
 * @returns {string}
 */
function offeredHint(figures) {
  const parts = [
    figures.waiting > 0 ? `${count(figures.waiting)} en attente` : "",
    figures.talking > 0 ? `${count(figures.talking)} en cours` : "",
  ].filter((part) => part !== "");
  return parts.length > 0 ? parts.join(", ") : "aucun en cours";
}

/**
 * @param {number} breaches
 * @param {number} target seconds
 * @returns {string}
 */
function breachHint(breaches, target) {
  if (breaches === 0) return "aucune promesse manquée";
  const plural = breaches > 1 ? "s" : "";
  return `${count(breaches)} promesse${plural} de ${target} s manquée${plural}`;
}

/**
 * @param {Figures} figures
 * @returns {string}
 */
function legibleHint(figures) {
  if (figures.watched_calls === 0) return "aucune image vérifiée, faute d’accord";
  const calls = figures.watched_calls > 1 ? "appels" : "appel";
  const time = duration(figures.watched_s * 1000);
  return `de ${time} d’images vérifiées avec accord, ${
    count(figures.watched_calls)
  } ${calls}`;
}

/**
 * @param {Figures} figures
 * @returns {string}
 */
function summaryText(figures) {
  const calls = figures.offered > 1 ? "appels reçus" : "appel reçu";
  const facts = [`${count(figures.offered)} ${calls}`];
  facts.push(`${count(figures.in_time)} à temps`);
  if (figures.waiting > 0) facts.push(`${count(figures.waiting)} en attente`);
  if (figures.breaches > 0) facts.push(`${count(figures.breaches)} en retard`);
  return `${facts.join(", ")}.`;
}

/**
 * @param {DaySheet} sheet
 * @returns {string}
 */
function cutText(sheet) {
  if (sheet.calls.length >= sheet.calls_total) return "";
  const listed = count(sheet.calls.length);
  return `Les ${listed} derniers appels sur ${count(sheet.calls_total)}.`;
}

/**
 * @param {DaySheet} sheet
 * @returns {string}
 */
function chainText(sheet) {
  if (sheet.chain.position === 0) return "Aucun événement chaîné pour le moment.";
  const end = sheet.chain.digest.slice(0, 16);
  return `Maillon ${count(sheet.chain.position)}, empreinte ${end}…`;
}

/**
 * @param {number} number
 * @returns {string}
 */
function count(number) {
  return NUMBER.format(number);
}
