/** Tells tests, styles and the browser's tab where the page is. */

import { text } from "../signaling/browser/texts.js";

/** @import { State } from "./state.js" */

/**
 * @param {HTMLElement} page
 * @param {State} state
 */
export function mark(page, { screen, mode, service }) {
  page.dataset.state = screen;
  page.dataset.mode = mode;
  const root = document.documentElement.dataset;
  if (service !== null) {
    document.title = text("entry-title", { company: service.company });
  }
  root.state = screen;
  root.ground = screen === "connecting" || screen === "call" ? "night" : "paper";
}
