/** What is said in two languages, and how numbers, times and shares read in each. Pure. */

import { language } from "../signaling/browser/texts.js";

const ZONE = "Europe/Paris";
const NOTHING = "–";
/** Spaces at which no French line may break. */
const HELD = / (?=[?!:;»%])|(?<=\d) (?=(?:s|min|h|€)(?![a-zà-ÿ]))/g;

/**
 * A sentence, in the language that the page speaks.
 * @param {string} french
 * @param {string} english
 * @returns {string}
 */
export function say(french, english) {
  if (language() === "en") return english;
  return french.replace(HELD, "\u00a0").replace(/« /g, "«\u00a0");
}

/** @returns {string} */
function locale() {
  return language() === "en" ? "en-GB" : "fr-FR";
}

/**
 * @param {number} number
 * @returns {string}
 */
export function count(number) {
  return new Intl.NumberFormat(locale()).format(number);
}

/**
 * Several of one thing: both languages put an s behind.
 * @param {number} number
 * @returns {string}
 */
export function s(number) {
  return number > 1 || (number === 0 && language() === "en") ? "s" : "";
}

/**
 * Rounded up to a tenth: 60.001 s is late, and must not look like 60.0 s.
 * @param {number | null} milliseconds
 * @returns {string}
 */
export function duration(milliseconds) {
  if (milliseconds === null) return NOTHING;
  if (milliseconds < 120_000) {
    return `${oneDigit(Math.ceil(milliseconds / 100) / 10)}\u00a0s`;
  }
  return longDuration(Math.ceil(milliseconds / 1000));
}

/**
 * Whole seconds, as they run; of something that goes on.
 * @param {number} milliseconds
 * @returns {string}
 */
export function age(milliseconds) {
  const whole = Math.max(0, Math.floor(milliseconds / 1000));
  return whole < 120 ? `${whole}\u00a0s` : longDuration(whole);
}

/**
 * @param {number} seconds whole ones
 * @returns {string}
 */
function longDuration(seconds) {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}\u00a0min ${seconds % 60}\u00a0s`;
  return `${Math.floor(minutes / 60)}\u00a0h ${minutes % 60}\u00a0min`;
}

/**
 * Truncated: 94.99 % is not the 95 % of a contract.
 * @param {number | null} share between 0 and 1
 * @returns {string}
 */
export function percent(share) {
  if (share === null) return NOTHING;
  return new Intl.NumberFormat(locale(), {
    style: "percent",
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }).format(Math.floor(share * 1000 + 1e-9) / 1000);
}

/**
 * @param {string} date `YYYY-MM-DD`
 * @returns {string}
 */
export function longDate(date) {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "full", timeZone: "UTC" })
    .format(new Date(`${date}T00:00:00Z`));
}

/**
 * @param {string} month `YYYY-MM`
 * @returns {string}
 */
export function longMonth(month) {
  return new Intl.DateTimeFormat(locale(), {
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  }).format(new Date(`${month}-01T00:00:00Z`));
}

/**
 * The time of day in Paris.
 * @param {number} at_ms
 * @returns {string}
 */
export function clock(at_ms) {
  return new Intl.DateTimeFormat(locale(), { timeStyle: "medium", timeZone: ZONE })
    .format(at_ms);
}

/**
 * Day and time in Paris.
 * @param {number} at_ms
 * @returns {string}
 */
export function moment(at_ms) {
  return new Intl.DateTimeFormat(locale(), {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone: ZONE,
  }).format(at_ms);
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
 * @param {string} month `YYYY-MM`
 * @returns {string}
 */
export function monthBefore(month) {
  return shiftDate(`${month}-01`, -1).slice(0, 7);
}

/**
 * Hundredths of a percent, as the server cut them.
 * @param {number | null} shown
 * @returns {string}
 */
export function hundredths(shown) {
  if (shown === null) return NOTHING;
  return new Intl.NumberFormat(locale(), {
    style: "percent",
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  }).format(shown / 10_000);
}

/**
 * The weekdays from Monday, short.
 * @returns {readonly string[]}
 */
export function weekdays() {
  const name = new Intl.DateTimeFormat(locale(), { weekday: "short", timeZone: "UTC" });
  return [5, 6, 7, 8, 9, 10, 11].map((day) => name.format(Date.UTC(2026, 0, day)));
}

/**
 * @param {number} number
 * @returns {string}
 */
function oneDigit(number) {
  return new Intl.NumberFormat(locale(), {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }).format(number);
}
