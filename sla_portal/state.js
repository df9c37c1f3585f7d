/** What the page knows, and what each event makes of it. Pure. */

/** @import { DaySheet, Me } from "./types.js" */

/**
 * @typedef {object} State
 * @property {"starting" | "signed_out" | "signed_in"} phase
 * @property {Me | null} me
 * @property {DaySheet | null} sheet what is shown
 * @property {DaySheet | null} newest today's newest, also while the display is frozen
 * @property {string | null} date the past day that is asked for; null is today
 * @property {boolean} frozen
 * @property {boolean} busy
 * @property {boolean} connected the push of today's day
 * @property {string} problem a sentence for the person, or ""
 */

/**
 * @typedef {{ type: "introduced", me: Me }
 *   | { type: "signed_out" }
 *   | { type: "asked" }
 *   | { type: "refused", text: string }
 *   | { type: "date_chosen", date: string | null }
 *   | { type: "day_read", sheet: DaySheet }
 *   | { type: "day_pushed", sheet: DaySheet }
 *   | { type: "link", connected: boolean }
 *   | { type: "frozen", frozen: boolean }} Action
 */

/** @type {State} */
export const INITIAL = Object.freeze({
  phase: "starting",
  me: null,
  sheet: null,
  newest: null,
  date: null,
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
    case "introduced":
      return { ...INITIAL, phase: "signed_in", me: action.me };
    case "signed_out":
      return { ...INITIAL, phase: "signed_out" };
    case "asked":
      return { ...state, busy: true, problem: "" };
    case "refused":
      return { ...state, busy: false, problem: action.text };
    case "date_chosen":
      return chosen(state, action.date);
    case "day_read":
      return read(state, action.sheet);
    case "day_pushed":
      return pushed(state, action.sheet);
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
 * @returns {State}
 */
function pushed(state, sheet) {
  const next = { ...state, newest: sheet, connected: true };
  if (state.date !== null || state.frozen) return next;
  return { ...next, sheet, busy: false };
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
