/** Every sentence of the pages, in French and English, beside a sign clip's key. */

import { CALLER_TEXTS } from "./texts_caller.js";
import { CONSOLE_TEXTS } from "./texts_console.js";
import { CONSOLE_ENGLISH } from "./texts_console_en.js";
import { CALLER_ENGLISH } from "./texts_en.js";
import { PROBLEM_TEXTS } from "./texts_problems.js";
import { PROBLEM_ENGLISH } from "./texts_problems_en.js";

/** Every key with its French. */
export const TEXTS = { ...CALLER_TEXTS, ...CONSOLE_TEXTS, ...PROBLEM_TEXTS };

/** @typedef {keyof typeof TEXTS} TextKey */

/** Every key with its English. */
export const ENGLISH = { ...CALLER_ENGLISH, ...CONSOLE_ENGLISH, ...PROBLEM_ENGLISH };

/** @typedef {"fr" | "en"} Language */

/** @type {Readonly<Record<Language, Readonly<Record<TextKey, string>>>>} */
const SENTENCES = { fr: TEXTS, en: ENGLISH };

/** How dates read. */
const LOCALES = { fr: "fr-FR", en: "en-GB" };

/** @type {Language} */
let spoken = "fr";

/**
 * Say everything in a language from now on.
 * @param {Language} language
 */
export function speak(language) {
  spoken = language;
}

/** The language that everything is said in. */
export function language() {
  return spoken;
}

/**
 * The sentence of a key in the spoken language, its `{facts}` filled in.
 * @param {TextKey} key
 * @param {Readonly<Record<string, string | number>>} [facts]
 */
export function text(key, facts = {}) {
  const filled = SENTENCES[spoken][key].replace(
    /\{(\w+)\}/g,
    (_, name) => String(facts[name] ?? ""),
  );
  if (spoken === "en") return filled;
  return filled.replace(/ (?=[?!:;»])/g, "\u00a0").replace(/« /g, "«\u00a0");
}

/**
 * The key for a word that the server chose, or the general one of its family.
 * @param {"problem" | "ended" | "requeue" | "eye" | "offer-ended" | "wrap" | "why"} family
 * @param {string} word
 * @returns {TextKey}
 */
export function keyOf(family, word) {
  const key = `${family}-${word}`;
  return /** @type {TextKey} */ (key in TEXTS ? key : `${family}-other`);
}

/**
 * An opening time as people say it: « lundi 23 novembre à 09:00 », in Paris's time.
 * @param {string} iso a moment with its offset
 */
export function when(iso) {
  return new Intl.DateTimeFormat(LOCALES[spoken], {
    weekday: "long",
    day: "numeric",
    month: "long",
    hour: "2-digit",
    minute: "2-digit",
    timeZone: "Europe/Paris",
  }).format(new Date(iso));
}
