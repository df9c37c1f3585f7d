/** Wires the portal: events become actions, the state becomes a page. */

import { render } from "../signaling/browser/vendor/lit.js";
import { speakTheirs, SPOKEN } from "../signaling/browser/language.js";
import {
  everySecond,
  followToday,
  makeKey,
  readDay,
  readHalfHours,
  readHeads,
  readHistory,
  readKeys,
  RefusedError,
  revokeKey,
  signIn,
  signOut,
  whoAmI,
} from "./channel.js";
import { say } from "./say.js";
import { INITIAL, reduce } from "./state.js";
import { page, pages } from "./view.js";

/** @import { Action, State } from "./state.js" */
/** @import { Me } from "./types.js" */

const root = /** @type {HTMLElement} */ (document.querySelector("#portal"));

/** @type {State} */
let state = INITIAL;
let stop = () => {};

/** @type {import("./view.js").Deeds} */
const deeds = {
  signIn: (login, password) =>
    attempt(async () => introduce(await signIn(login, password))),
  signOut: () =>
    attempt(async () => {
      await signOut();
      leave();
    }),
  chooseDate: (date) => {
    dispatch({ type: "date_chosen", date });
    const asked = state.date;
    if (asked === null) return;
    attempt(async () => dispatch({ type: "day_read", sheet: await readDay(asked) }));
  },
  chooseMonth,
  showHalfHours: (date) =>
    attempt(async () =>
      dispatch({ type: "halves_read", halves: await readHalfHours(date) })
    ),
  makeKey: (name, scopes) =>
    attempt(async () =>
      dispatch({ type: "keys_read", keys: await makeKey(name, scopes) })
    ),
  revokeKey: (id) =>
    attempt(async () => dispatch({ type: "keys_read", keys: await revokeKey(id) })),
  freeze: (frozen) => dispatch({ type: "frozen", frozen }),
};

/** @param {Action} action */
function dispatch(action) {
  const phase = state.phase;
  state = reduce(state, action);
  render(page(state, deeds), root);
  if (state.phase !== phase) focusOnChange(phase);
}

/**
 * A new screen starts where a person would start; the first one leaves focus alone.
 * @param {State["phase"]} before
 */
function focusOnChange(before) {
  if (before === "starting") return;
  const first = root.querySelector(
    state.phase === "signed_out" ? "#login" : "h1, main",
  );
  if (!(first instanceof HTMLElement)) return;
  if (!first.matches("input")) first.tabIndex = -1;
  first.focus();
}

/**
 * @param {() => Promise<void>} deed
 */
async function attempt(deed) {
  dispatch({ type: "asked" });
  try {
    await deed();
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    if (error.code === "not_signed_in") leave();
    else dispatch({ type: "refused", text: error.message });
  }
}

/**
 * @param {string} month
 * @param {string} service
 */
function chooseMonth(month, service) {
  dispatch({ type: "month_chosen", month, service });
  attempt(async () =>
    dispatch({ type: "history_read", history: await readHistory(month, service) })
  );
}

/** What a page asks for once, when it is opened. */
function ask() {
  const thisMonth = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Paris" })
    .format().slice(0, 7);
  if (state.page === "history") chooseMonth(thisMonth, "");
  if (state.page === "chain") {
    attempt(async () => dispatch({ type: "heads_read", heads: await readHeads() }));
  }
  if (state.page === "keys") {
    attempt(async () => dispatch({ type: "keys_read", keys: await readKeys() }));
  }
}

/** @param {Me} me */
function introduce(me) {
  dispatch({ type: "introduced", me });
  ask();
  if (state.page !== "live" && state.page !== "day") return;
  const stopFollowing = followToday({
    onDay: (sheet) => dispatch({ type: "day_pushed", sheet, at_ms: Date.now() }),
    onNews: (news) => dispatch({ type: "news_pushed", news, at_ms: Date.now() }),
    onSignedOut: leave,
    onLink: (connected) => dispatch({ type: "link", connected }),
  });
  const stopTicking = everySecond((at_ms) => dispatch({ type: "second", at_ms }));
  stop = () => {
    stopFollowing();
    stopTicking();
  };
}

function leave() {
  stop();
  dispatch({ type: "signed_out" });
}

/** The page of this address, named in its title. */
function open() {
  const name = location.pathname.slice(1) || "live";
  const [found, title] = pages().find(([page]) => page === name) ?? pages()[0] ?? [];
  if (found === undefined) return;
  document.title = `${title} – ${say("Portail Illico", "Illico portal")}`;
  dispatch({ type: "opened", page: found });
}

speakTheirs();
globalThis.addEventListener(SPOKEN, open);
open();
attempt(async () => introduce(await whoAmI()));
