/** Which language the page speaks: French, unless the person's browser or press says English. */

import { speak } from "./texts.js";

/** @import { Language } from "./texts.js" */

const KEY = "illico.language";

/** Told to the window when everything has to be said again. */
export const SPOKEN = "illico-language";

/**
 * The first language of a person's list that the pages know; French where none is.
 * @param {readonly string[]} wanted as browsers list them, `en-GB` and so on
 * @param {string | null} chosen what the person has pressed before
 * @returns {Language}
 */
export function languageFor(wanted, chosen) {
  if (chosen === "fr" || chosen === "en") return chosen;
  const known = wanted.map((tag) => tag.toLowerCase().split("-")[0]);
  const first = known.find((word) => word === "fr" || word === "en");
  return first === "en" ? "en" : "fr";
}

/** Speak the person's language from the first sentence on. */
export function speakTheirs() {
  use(languageFor(navigator.languages, localStorage.getItem(KEY)));
}

/**
 * Speak another language, now and on the next visit.
 * @param {Language} language
 */
export function choose(language) {
  localStorage.setItem(KEY, language);
  use(language);
  globalThis.dispatchEvent(new Event(SPOKEN));
}

/** @param {Language} language */
function use(language) {
  speak(language);
  document.documentElement.lang = language;
}
