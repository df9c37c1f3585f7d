/** The page's one way to the server: questions, answers, and the push of the day. */

/** @import { DaySheet, Me, Refusal } from "./types.js" */

/** The server said no, in words for the person. */
export class RefusedError extends Error {
  /** @param {Refusal} refusal */
  constructor(refusal) {
    super(refusal.text);
    this.code = refusal.code;
  }
}

const UNREACHABLE = {
  code: "unreachable",
  text: "Le portail est injoignable. Vérifiez la connexion, puis réessayez.",
};

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
 * @typedef {object} Listener
 * @property {(sheet: DaySheet) => void} onDay
 * @property {() => void} onSignedOut
 * @property {(connected: boolean) => void} onLink
 */

/**
 * Follow today's day; the browser itself comes back after a lost connection.
 * @param {Listener} listener
 * @returns {() => void} stops following
 */
export function followDay(listener) {
  const source = new EventSource("/api/day/events");
  source.addEventListener("day", (event) => listener.onDay(JSON.parse(event.data)));
  source.addEventListener("open", () => listener.onLink(true));
  source.addEventListener("signed_out", () => {
    source.close();
    listener.onSignedOut();
  });
  source.addEventListener("error", () => {
    listener.onLink(false);
    if (source.readyState === EventSource.CLOSED) listener.onSignedOut();
  });
  return () => source.close();
}

/**
 * @param {string} path
 * @param {RequestInit} [init]
 * @returns {Promise<any>}
 */
async function ask(path, init) {
  const response = await fetch(path, init).catch(() => {
    throw new RefusedError(UNREACHABLE);
  });
  const answer = await response.json().catch(() => UNREACHABLE);
  if (!response.ok) throw new RefusedError(answer);
  return answer;
}
