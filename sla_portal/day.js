/** A day in words: from the server's numbers to what the page says. Pure. */

import { clock, count, duration, longDate, percent, s, say } from "./say.js";

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

/** @type {Readonly<Record<Outcome, readonly [string, string]>>} */
const RESULTS = {
  waiting: ["En attente", "Waiting"],
  answered: ["Répondu", "Answered"],
  abandoned: ["Abandonné", "Abandoned"],
  short: ["Court (moins de 5 s)", "Short (under 5 s)"],
  left_another_way: ["Autre suite", "Another way"],
  no_one_there: ["Personne en poste", "Nobody on duty"],
  technical: ["Panne chez nous", "Our failure"],
  technical_caller: ["Réseau de l’appelant", "Caller’s network"],
  refused: ["Refusé", "Refused"],
  closed: ["Hors horaires", "Outside hours"],
};

/** @type {Readonly<Record<string, readonly [string, string]>>} */
const WAYS = {
  call_back: ["Rappel", "Call-back"],
  video_message: ["Message signé", "Signed message"],
  text: ["Écrit", "Text"],
};

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
    asOf: clock(sheet.as_of_ms),
    chain: chainText(sheet),
  };
}

/**
 * @param {Figures} figures
 * @param {number} targetMs
 * @returns {readonly FigureView[]}
 */
export function figureViews(figures, targetMs) {
  const target = Math.round(targetMs / 1000);
  return [
    figure(
      "offered",
      say("Appels reçus", "Calls received"),
      count(figures.offered),
      offeredHint(figures),
    ),
    figure(
      "answered",
      say("Répondus", "Answered"),
      count(figures.answered),
      say("une personne visible", "somebody was seen"),
    ),
    figure(
      "in_time",
      say(`Répondus en ${target} s`, `Answered within ${target} s`),
      count(figures.in_time),
      say(
        `niveau de service : ${percent(figures.service_level)}`,
        `service level: ${percent(figures.service_level)}`,
      ),
    ),
    figure(
      "abandoned",
      say("Abandonnés", "Abandoned"),
      count(figures.abandoned),
      say("partis sans avoir vu personne", "left before they saw anybody"),
    ),
    figure(
      "longest_wait",
      say("Attente la plus longue", "Longest wait"),
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
    figure(
      "short",
      say("Courts", "Short"),
      count(figures.short),
      say("partis avant 5 s, hors calcul", "left before 5 s, not counted"),
    ),
    figure(
      "left_another_way",
      say("Autre suite", "Another way"),
      count(figures.left_another_way),
      say("rappel, message, autre mode", "call-back, message, other mode"),
    ),
    figure(
      "later_legs",
      say("Transferts", "Transfers"),
      count(figures.later_legs),
      say(
        `${count(figures.later_in_time)} à temps, comptés à part`,
        `${count(figures.later_in_time)} in time, counted apart`,
      ),
    ),
    figure(
      "no_one_there",
      say("Personne en poste", "Nobody on duty"),
      count(figures.no_one_there),
      say("promesse manquée", "promise broken"),
    ),
    figure(
      "technical",
      say("Pannes chez nous", "Our failures"),
      count(figures.technical),
      say("promesse manquée", "promise broken"),
    ),
    figure(
      "refused",
      say("Refusés", "Refused"),
      count(figures.refused),
      say("promesse manquée", "promise broken"),
    ),
    figure(
      "technical_caller",
      say("Réseau de l’appelant", "Caller’s network"),
      count(figures.technical_caller),
      say("hors calcul, 2 % au plus", "not counted, up to 2 %"),
    ),
    figure(
      "closed",
      say("Hors horaires", "Outside hours"),
      count(figures.closed),
      say("sans chronomètre", "no clock"),
    ),
    figure(
      "legible",
      say("Image lisible", "Legible picture"),
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
  const mode = call.mode === "text" ? say("par écrit", "in writing") : "";
  const leg = call.leg > 0 ? say("après transfert", "after a transfer") : "";
  return {
    call: call.call,
    time: clock(call.t0_ms),
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
    const how = call.in_time
      ? say("Répondu à temps", "Answered in time")
      : say("Répondu en retard", "Answered late");
    return call.live ? `${how}, ${say("en cours", "going on")}` : how;
  }
  const result = say(...(WAYS[call.way ?? ""] ?? RESULTS[call.outcome]));
  const isLate = call.outcome === "waiting" || call.outcome === "abandoned";
  return call.breach && isLate ? `${result}, ${say("en retard", "late")}` : result;
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
    figures.waiting > 0
      ? `${count(figures.waiting)} ${say("en attente", "waiting")}`
      : "",
    figures.talking > 0
      ? `${count(figures.talking)} ${say("en cours", "talking")}`
      : "",
  ].filter((part) => part !== "");
  return parts.length > 0 ? parts.join(", ") : say("aucun en cours", "none going on");
}

/**
 * @param {number} breaches
 * @param {number} target seconds
 * @returns {string}
 */
function breachHint(breaches, target) {
  if (breaches === 0) return say("aucune promesse manquée", "no promise broken");
  const many = s(breaches);
  return say(
    `${count(breaches)} promesse${many} de ${target} s manquée${many}`,
    `${count(breaches)} promise${many} of ${target} s broken`,
  );
}

/**
 * @param {Figures} figures
 * @returns {string}
 */
function legibleHint(figures) {
  if (figures.watched_calls === 0) {
    return say(
      "aucune image vérifiée, faute d’accord",
      "no picture checked: nobody agreed",
    );
  }
  const calls = `${count(figures.watched_calls)} ${say("appel", "call")}${
    s(figures.watched_calls)
  }`;
  const time = duration(figures.watched_s * 1000);
  return say(
    `de ${time} d’images vérifiées avec accord, ${calls}`,
    `of ${time} of pictures, checked with consent, ${calls}`,
  );
}

/**
 * @param {Figures} figures
 * @returns {string}
 */
function summaryText(figures) {
  const many = s(figures.offered);
  const facts = [
    `${count(figures.offered)} ${
      say(`appel${many} reçu${many}`, `call${many} received`)
    }`,
  ];
  facts.push(`${count(figures.in_time)} ${say("à temps", "in time")}`);
  if (figures.waiting > 0) {
    facts.push(`${count(figures.waiting)} ${say("en attente", "waiting")}`);
  }
  if (figures.breaches > 0) {
    facts.push(`${count(figures.breaches)} ${say("en retard", "late")}`);
  }
  return `${facts.join(", ")}.`;
}

/**
 * @param {DaySheet} sheet
 * @returns {string}
 */
function cutText(sheet) {
  if (sheet.calls.length >= sheet.calls_total) return "";
  const listed = count(sheet.calls.length);
  return say(
    `Les ${listed} derniers appels sur ${count(sheet.calls_total)}.`,
    `The last ${listed} of ${count(sheet.calls_total)} calls.`,
  );
}

/**
 * @param {DaySheet} sheet
 * @returns {string}
 */
function chainText(sheet) {
  if (sheet.chain.position === 0) {
    return say("Aucun événement chaîné pour le moment.", "No event chained so far.");
  }
  const end = sheet.chain.digest.slice(0, 16);
  const link = count(sheet.chain.position);
  return say(`Maillon ${link}, empreinte ${end}…`, `Link ${link}, digest ${end}…`);
}
