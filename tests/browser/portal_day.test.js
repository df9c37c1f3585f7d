/** What the portal says about a day, and what each event makes of it. */

import { dayView } from "../../sla_portal/day.js";
import { duration, longDate, percent, shiftDate } from "../../sla_portal/say.js";
import { INITIAL, reduce } from "../../sla_portal/state.js";

/** @import { CallRow, DaySheet, Figures, Me } from "../../sla_portal/types.js" */

/**
 * @param {unknown} found
 * @param {unknown} wanted
 */
function same(found, wanted) {
  const [left, right] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (left !== right) throw new Error(`${left} is not ${right}`);
}

/**
 * Without the spaces that hold words together.
 * @param {string} text
 * @returns {string}
 */
function plain(text) {
  return text.replace(/\s/gu, " ");
}

/** @type {Figures} */
const FIGURES = {
  offered: 2,
  answered: 1,
  in_time: 1,
  abandoned: 0,
  breaches: 0,
  short: 0,
  left_another_way: 0,
  no_one_there: 0,
  technical: 0,
  technical_caller: 0,
  refused: 0,
  closed: 0,
  waiting: 1,
  talking: 0,
  longest_wait_ms: 12_345,
  denominator: 1,
  service_level: 1,
  later_legs: 0,
  later_answered: 0,
  later_in_time: 0,
  later_breaches: 0,
  watched_calls: 0,
  watched_s: 0,
  legible_share: null,
};

/** @type {CallRow} */
const CALL = {
  call: "c1",
  leg: 0,
  service: "telecom-demo",
  topic: "facture",
  mode: "text",
  t0_ms: Date.UTC(2026, 10, 22, 8, 0, 0),
  wait_ms: 12_345,
  outcome: "answered",
  in_time: true,
  breach: false,
  live: false,
  evidence: "text",
  browser_ms: null,
  talk_ms: 61_000,
  offers: 1,
  end_reason: "caller_hung_up",
  way: null,
  watched_s: 0,
  legible_s: 0,
};

/** @type {Me} */
const ME = {
  name: "Viewer",
  company: "Télécom Démo",
  services: [{ id: "telecom-demo", title: "Télécom", topics: { facture: "Facture" } }],
};

/**
 * @param {Partial<DaySheet>} [changes]
 * @returns {DaySheet}
 */
function aSheet(changes) {
  return {
    company: "telecom",
    date: "2026-11-22",
    timezone: "Europe/Paris",
    is_today: true,
    as_of_ms: Date.UTC(2026, 10, 22, 9, 0, 0),
    rules: 1,
    target_ms: 60_000,
    figures: FIGURES,
    calls: [CALL],
    calls_total: 1,
    chain: { position: 7, digest: "ab".repeat(32) },
    ...changes,
  };
}

Deno.test("a wait is rounded up: one that was late never looks in time", () => {
  same(plain(duration(60_000)), "60,0 s");
  same(plain(duration(60_001)), "60,1 s");
  same(plain(duration(119_950)), "120,0 s");
  same(plain(duration(125_000)), "2 min 5 s");
  same(plain(duration(3_725_000)), "1 h 2 min");
  same(duration(null), "–");
});

Deno.test("a share is cut, never rounded up", () => {
  same(plain(percent(0.9499)), "94,9 %");
  same(plain(percent(0.95)), "95,0 %");
  same(percent(null), "–");
});

Deno.test("a day before the first of March is the last of February", () => {
  same(shiftDate("2028-03-01", -1), "2028-02-29");
  same(longDate("2026-11-22"), "dimanche 22 novembre 2026");
});

Deno.test("a call is told in Paris time, with its topic and its result in words", () => {
  const [call] = dayView(aSheet(), ME).calls;

  same(call?.time, "09:00:00");
  same(call?.service, "Télécom");
  same(call?.topic, "Facture, par écrit");
  same(call?.result, "Répondu à temps");
  same(call?.tone, "good");
});

Deno.test("a late call says so in words", () => {
  const late = { ...CALL, in_time: false, breach: true };
  /** @type {CallRow} */
  const waiting = { ...late, outcome: "waiting", live: true };
  const view = dayView(aSheet({ calls: [late, waiting] }), ME);

  same(view.calls.map((call) => call.result), [
    "Répondu en retard",
    "En attente, en retard",
  ]);
});

Deno.test("what the list leaves out is told", () => {
  same(dayView(aSheet(), ME).cut, "");
  same(
    dayView(aSheet({ calls_total: 3 }), ME).cut,
    "Les 1 derniers appels sur 3.",
  );
});

Deno.test("the share of legible conversation says of how much, and is cut not rounded", () => {
  const figures = {
    ...FIGURES,
    watched_calls: 12,
    watched_s: 754,
    legible_share: 0.98765,
  };
  const legible = dayView(aSheet({ figures }), ME).details.find((one) =>
    one.key === "legible"
  );
  same(legible?.label, "Image lisible");
  same(legible?.value, "98,7\u00a0%");
  same(
    legible?.hint,
    "de 12\u00a0min 34\u00a0s d’images vérifiées avec accord, 12 appels",
  );
});

Deno.test("where nobody let the eye look there is no share", () => {
  const legible = dayView(aSheet(), ME).details.find((one) => one.key === "legible");
  same(legible?.value, "–");
  same(legible?.hint, "aucune image vérifiée, faute d’accord");
});

Deno.test("the status says what counts, and not what time it is", () => {
  same(dayView(aSheet(), ME).summary, "2 appels reçus, 1 à temps, 1 en attente.");
});

Deno.test("a push moves today's page, and neither a past day nor a frozen one", () => {
  const today = aSheet();
  const newer = aSheet({ calls_total: 2 });
  let state = reduce(INITIAL, { type: "introduced", me: ME });
  state = reduce(state, { type: "day_pushed", sheet: today, at_ms: 0 });
  same(
    reduce(state, { type: "day_pushed", sheet: newer, at_ms: 0 }).sheet?.calls_total,
    2,
  );

  const frozen = reduce(state, { type: "frozen", frozen: true });
  const held = reduce(frozen, { type: "day_pushed", sheet: newer, at_ms: 0 });
  same(held.sheet?.calls_total, 1);
  same(reduce(held, { type: "frozen", frozen: false }).sheet?.calls_total, 2);

  const past = reduce(state, { type: "date_chosen", date: "2026-11-21" });
  same(past.sheet, null);
  same(reduce(past, { type: "day_pushed", sheet: newer, at_ms: 0 }).sheet, null);
  same(reduce(past, { type: "date_chosen", date: null }).sheet?.date, "2026-11-22");
});

Deno.test("an answer about another day than the one asked for is old news", () => {
  let state = reduce(INITIAL, { type: "introduced", me: ME });
  state = reduce(state, { type: "date_chosen", date: "2026-11-20" });
  const old = aSheet({ date: "2026-11-21", is_today: false });

  same(reduce(state, { type: "day_read", sheet: old }).sheet, null);
});
