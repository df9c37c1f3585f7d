/** The page's one way to the server: questions, answers, and the push of the day. */

/** @import { ApiKeys, DaySheet, HalfHours, Heads, History, Me, News, Refusal } from "./types.js" */

import { monthBefore, say } from "./say.js";

/** The server said no, in words for the person. */
export class RefusedError extends Error {
  /** @param {Refusal} refusal */
  constructor(refusal) {
    super(refusal.text);
    this.code = refusal.code;
  }
}

/** @returns {Refusal} */
function unreachable() {
  return {
    code: "unreachable",
    text: say(
      "Le portail est injoignable. Vérifiez la connexion, puis réessayez.",
      "The portal cannot be reached. Check the connection, then try again.",
    ),
  };
}

/** @returns {Promise<Me>} */
export function whoAmI() {
  return ask("/api/me");
}

/**
 * @param {string} login
 * @param {string} password
 * @returns {Promise<Me>}
 */
export function signIn(login, password) {
  return ask("/api/sign-in", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ login, password }),
  });
}

/** @returns {Promise<unknown>} */
export function signOut() {
  return ask("/api/sign-out", { method: "POST" });
}

/**
 * @param {string} date `YYYY-MM-DD`
 * @returns {Promise<DaySheet>}
 */
export function readDay(date) {
  return ask(`/api/day?${new URLSearchParams({ date })}`);
}

/**
 * A month, the one before, and how its days and weekdays went.
 * @param {string} month `YYYY-MM`
 * @param {string} service "" is all of them
 * @returns {Promise<History>}
 */
export async function readHistory(month, service) {
  const query = service === "" ? "" : `?${new URLSearchParams({ service })}`;
  const [report, before, waits, week] = await Promise.all([
    ask(`/api/v1/months/${month}${query}`),
    ask(`/api/v1/months/${monthBefore(month)}${query}`),
    ask(`/api/v1/months/${month}/waits${query}`),
    ask(`/api/v1/months/${month}/week${query}`),
  ]);
  return { report, before, days: waits.days, week: week.week };
}

/**
 * @param {string} date `YYYY-MM-DD`
 * @returns {Promise<HalfHours>}
 */
export function readHalfHours(date) {
  return ask(`/api/v1/days/${date}/half-hours`);
}

/** @returns {Promise<Heads>} */
export function readHeads() {
  return ask("/api/v1/heads");
}

/** @returns {Promise<ApiKeys>} */
export function readKeys() {
  return ask("/api/keys");
}

/**
 * @param {string} name
 * @param {readonly string[]} scopes
 * @returns {Promise<ApiKeys>}
 */
export function makeKey(name, scopes) {
  return ask("/api/keys", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name, scopes }),
  });
}

/**
 * @param {string} id
 * @returns {Promise<ApiKeys>}
 */
export function revokeKey(id) {
  return ask(`/api/keys/${encodeURIComponent(id)}/revoke`, { method: "POST" });
}

/**
 * @typedef {object} Listener
 * @property {(sheet: DaySheet) => void} onDay
 * @property {(news: News) => void} onNews
 * @property {() => void} onSignedOut
 * @property {(connected: boolean) => void} onLink
 */

/**
 * Follow today: the browser itself comes back after a lost connection, and a hidden
 * page lets go of its own, because a browser keeps six at most.
 * @param {Listener} listener
 * @returns {() => void} stops following
 */
export function followToday(listener) {
  /** @type {EventSource | null} */
  let source = null;
  const stop = () => {
    source?.close();
    source = null;
  };
  const match = () => {
    if (document.hidden) stop();
    else source ??= open(listener);
  };
  document.addEventListener("visibilitychange", match);
  match();
  return () => {
    document.removeEventListener("visibilitychange", match);
    stop();
  };
}

/**
 * @param {Listener} listener
 * @returns {EventSource}
 */
function open(listener) {
  const source = new EventSource("/api/day/events");
  source.addEventListener("day", (event) => listener.onDay(JSON.parse(event.data)));
  source.addEventListener("news", (event) => listener.onNews(JSON.parse(event.data)));
  source.addEventListener("open", () => listener.onLink(true));
  source.addEventListener("signed_out", () => {
    source.close();
    listener.onSignedOut();
  });
  source.addEventListener("error", () => {
    listener.onLink(false);
    if (source.readyState === EventSource.CLOSED) listener.onSignedOut();
  });
  return source;
}

/**
 * Call each second; nothing is asked for.
 * @param {(now_ms: number) => void} tick
 * @returns {() => void} stops
 */
export function everySecond(tick) {
  const timer = setInterval(() => tick(Date.now()), 1000);
  return () => clearInterval(timer);
}

/**
 * @param {string} path
 * @param {RequestInit} [init]
 * @returns {Promise<any>}
 */
async function ask(path, init) {
  const response = await fetch(path, init).catch(() => {
    throw new RefusedError(unreachable());
  });
  const answer = await response.json().catch(unreachable);
  if (!response.ok) {
    throw new RefusedError({ code: answer.code, text: answer.text ?? answer.title });
  }
  return answer;
}
