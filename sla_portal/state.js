/** What the page knows, and what each event makes of it. Pure. */

/** @import { ApiKeys, CallRow, DaySheet, HalfHours, Heads, History, Me, News, StandingAlert } from "./types.js" */

/** How many lines a sheet lists. */
const LISTED_ROWS = 1000;

/**
 * @typedef {object} State
 * @property {"starting" | "signed_out" | "signed_in"} phase
 * @property {"live" | "day" | "history" | "chain" | "keys"} page
 * @property {Me | null} me
 * @property {DaySheet | null} sheet what is shown
 * @property {DaySheet | null} newest today's newest, also while the display is frozen
 * @property {string | null} date the past day that is asked for; null is today
 * @property {Readonly<Record<string, number>> | null} staff agents by state, if known
 * @property {readonly StandingAlert[] | null} alerts those that hold, if known
 * @property {HalfHours | null} halves of the day that is shown
 * @property {number} ahead_ms by how much the server's clock is before ours
 * @property {number} now_ms the server's time, to the second
 * @property {string | null} month the month of the history, `YYYY-MM`
 * @property {string} service whose history; "" is all of them
 * @property {History | null} history
 * @property {Heads | null} heads
 * @property {ApiKeys | null} keys
 * @property {boolean} frozen
 * @property {boolean} busy
 * @property {boolean} connected the push of today's day
 * @property {string} problem a sentence for the person, or ""
 */

/**
 * @typedef {{ type: "opened", page: State["page"] }
 *   | { type: "introduced", me: Me }
 *   | { type: "signed_out" }
 *   | { type: "asked" }
 *   | { type: "refused", text: string }
 *   | { type: "date_chosen", date: string | null }
 *   | { type: "day_read", sheet: DaySheet }
 *   | { type: "day_pushed", sheet: DaySheet, at_ms: number }
 *   | { type: "news_pushed", news: News, at_ms: number }
 *   | { type: "second", at_ms: number }
 *   | { type: "month_chosen", month: string, service: string }
 *   | { type: "history_read", history: History }
 *   | { type: "halves_read", halves: HalfHours }
 *   | { type: "heads_read", heads: Heads }
 *   | { type: "keys_read", keys: ApiKeys }
 *   | { type: "link", connected: boolean }
 *   | { type: "frozen", frozen: boolean }} Action
 */

/** @type {State} */
export const INITIAL = Object.freeze({
  phase: "starting",
  page: "live",
  me: null,
  sheet: null,
  newest: null,
  date: null,
  staff: null,
  alerts: null,
  halves: null,
  month: null,
  service: "",
  history: null,
  heads: null,
  keys: null,
  ahead_ms: 0,
  now_ms: 0,
  frozen: false,
  busy: false,
  connected: false,
  problem: "",
});

/**
 * @param {State} state
 * @param {Action} action
 * @returns {State}
 */
export function reduce(state, action) {
  switch (action.type) {
    case "opened":
      return { ...state, page: action.page };
    case "introduced":
      return { ...INITIAL, page: state.page, phase: "signed_in", me: action.me };
    case "signed_out":
      return { ...INITIAL, page: state.page, phase: "signed_out" };
    case "asked":
      return { ...state, busy: true, problem: "" };
    case "refused":
      return { ...state, busy: false, problem: action.text };
    case "date_chosen":
      return chosen(state, action.date);
    case "day_read":
      return read(state, action.sheet);
    case "day_pushed":
      return pushed(state, action.sheet, action.at_ms);
    case "news_pushed":
      return told(state, action.news, action.at_ms);
    case "second":
      return state.frozen ? state : { ...state, now_ms: action.at_ms + state.ahead_ms };
    case "month_chosen":
      return { ...state, month: action.month, service: action.service };
    case "history_read":
      return historyRead(state, action.history);
    case "halves_read":
      return { ...state, halves: action.halves, busy: false };
    case "heads_read":
      return { ...state, heads: action.heads, busy: false };
    case "keys_read":
      return { ...state, keys: action.keys, busy: false };
    case "link":
      return { ...state, connected: action.connected };
    case "frozen":
      return frozen(state, action.frozen);
    default:
      return never(action);
  }
}

/**
 * @param {State} state
 * @param {string | null} date
 * @returns {State}
 */
function chosen(state, date) {
  const isToday = date === null || date === state.newest?.date;
  const sheet = isToday ? state.newest : null;
  return {
    ...state,
    date: isToday ? null : date,
    sheet,
    frozen: false,
    busy: sheet === null,
    problem: "",
  };
}

/**
 * An answer about another month or service than the one asked for is old news.
 * @param {State} state
 * @param {History} history
 * @returns {State}
 */
function historyRead(state, history) {
  const { window, service } = history.report;
  if (window !== state.month || (service ?? "") !== state.service) return state;
  return { ...state, history, busy: false };
}

/**
 * @param {State} state
 * @param {DaySheet} sheet
 * @returns {State}
 */
function read(state, sheet) {
  if (state.date !== null && sheet.date !== state.date) return state;
  if (state.date === null && state.sheet !== null) return { ...state, busy: false };
  return { ...state, sheet, busy: false };
}

/**
 * @param {State} state
 * @param {DaySheet} sheet
 * @param {number} at_ms
 * @returns {State}
 */
function pushed(state, sheet, at_ms) {
  const ahead_ms = sheet.as_of_ms - at_ms;
  const next = { ...state, newest: sheet, ahead_ms, connected: true };
  if (state.date !== null || state.frozen) return next;
  return { ...next, sheet, now_ms: sheet.as_of_ms, busy: false };
}

/**
 * @param {State} state
 * @param {News} news
 * @param {number} at_ms
 * @returns {State}
 */
function told(state, news, at_ms) {
  if (state.newest === null) return state;
  const { as_of_ms, figures, calls_total, chain } = news;
  const calls = merged(state.newest.calls, news.calls);
  const sheet = { ...state.newest, as_of_ms, figures, calls_total, chain, calls };
  const next = pushed(state, sheet, at_ms);
  return state.frozen ? next : { ...next, staff: news.staff, alerts: news.alerts };
}

/**
 * @param {readonly CallRow[]} rows newest first
 * @param {readonly CallRow[]} changed
 * @returns {readonly CallRow[]}
 */
function merged(rows, changed) {
  if (changed.length === 0) return rows;
  const names = new Set(changed.map(name));
  const kept = rows.filter((row) => !names.has(name(row)));
  return [...changed, ...kept].sort(newestFirst).slice(0, LISTED_ROWS);
}

/** @param {CallRow} row */
function name(row) {
  return `${row.call} ${row.leg}`;
}

/**
 * @param {CallRow} one
 * @param {CallRow} other
 * @returns {number}
 */
function newestFirst(one, other) {
  return other.t0_ms - one.t0_ms || (name(one) < name(other) ? 1 : -1);
}

/**
 * @param {State} state
 * @param {boolean} frozen
 * @returns {State}
 */
function frozen(state, frozen) {
  const sheet = frozen || state.newest === null ? state.sheet : state.newest;
  return { ...state, frozen, sheet };
}

/**
 * @param {never} action
 * @returns {never}
 */
function never(action) {
  throw new Error(`unknown action ${JSON.stringify(action)}`);
}
