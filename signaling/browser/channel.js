/** The page's line to the server: one WebSocket that finds its way back. */

import { after } from "./clock.js";
import { PROTOCOL_VERSION } from "./wire.js";

/** @import { ClientMessage, ServerMessage, Welcome } from "./wire.js" */

/** @typedef {"connecting" | "open" | "lost" | "gone" | "closed"} ChannelStatus */

/**
 * @typedef {object} Listener
 * @property {(welcome: Welcome) => void} welcomed sends what must come first (`resume`)
 * @property {(message: ServerMessage) => void} received
 * @property {(status: ChannelStatus) => void} changed
 */

/**
 * What a test may replace.
 * @typedef {object} Surroundings
 * @property {(url: string) => WebSocket} open
 * @property {typeof after} after
 * @property {() => number} random
 */

const FIRST_TRIES_MS = [0, 300, 1200, 2700, 4800];
const LATER_TRY_MS = 7000;
const TRIES = 10;
const WELCOME_MS = 8000;
const MISSED_PONGS = 2;

/** How many messages wait for the line's return; the oldest goes first beyond it. */
export const BUFFERED_MESSAGES = 64;

/** @type {Surroundings} */
const BROWSER = {
  open: (url) => new WebSocket(url),
  after,
  random: () => Math.random(),
};

/**
 * The wait before a try, in milliseconds; `null` when it is time to ask a human.
 * @param {number} attempt 0 is the first
 * @param {number} random from 0 to 1, so that pages do not come back all at once
 */
export function backOff(attempt, random) {
  if (attempt >= TRIES) return null;
  const wait = FIRST_TRIES_MS[attempt] ?? LATER_TRY_MS;
  return attempt < 2 ? wait : wait + Math.round(random * 1000);
}

export class Channel {
  #url;
  #listener;
  #around;
  /** @type {ChannelStatus} */
  #status = "closed";
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {ClientMessage[]} */
  #buffer = [];
  #attempt = 0;
  #pings = 0;
  #pongs = 0;
  #heartbeatMs = 0;
  #stopTimer = () => {};

  /**
   * @param {string} url
   * @param {Listener} listener
   * @param {Surroundings} [around]
   */
  constructor(url, listener, around = BROWSER) {
    this.#url = url;
    this.#listener = listener;
    this.#around = around;
  }

  get status() {
    return this.#status;
  }

  /** Connect; harmless when the line is up or on its way. */
  open() {
    if (this.#status === "open" || this.#status === "connecting") return;
    this.#attempt = 0;
    this.#connect();
  }

  /** Do not wait for the next try: the network is back, or a human asks. */
  retry() {
    if (this.#status === "lost" || this.#status === "gone") this.open();
  }

  /** End for good; what waits is dropped. */
  close() {
    this.#buffer = [];
    this.#drop();
    this.#change("closed");
  }

  /**
   * Send now, or as soon as the line is back.
   * @param {ClientMessage} message
   */
  send(message) {
    if (this.sendNow(message)) return;
    this.#buffer.push(message);
    if (this.#buffer.length > BUFFERED_MESSAGES) this.#buffer.shift();
  }

  /**
   * Send only if the line is up: for what would be stale later.
   * @param {ClientMessage} message
   * @returns {boolean} whether it went out
   */
  sendNow(message) {
    if (this.#status !== "open") return false;
    this.#write(message);
    return true;
  }

  #connect() {
    this.#drop();
    const socket = this.#around.open(this.#url);
    this.#socket = socket;
    this.#change("connecting");
    socket.onopen = () => this.#write({ type: "hello", versions: [PROTOCOL_VERSION] });
    socket.onmessage = (event) => this.#read(String(event.data));
    socket.onclose = () => this.#lose();
    this.#later(WELCOME_MS, () => this.#lose());
  }

  /** @param {string} data */
  #read(data) {
    /** @type {ServerMessage} */
    const message = JSON.parse(data);
    if (message.type === "welcome") this.#begin(message);
    else if (message.type === "pong") this.#hear(message.n);
    else this.#listener.received(message);
  }

  /** @param {Welcome} welcome */
  #begin(welcome) {
    this.#pings = 0;
    this.#pongs = 0;
    this.#heartbeatMs = welcome.heartbeat_ms;
    this.#change("open");
    this.#listener.welcomed(welcome);
    const waiting = this.#buffer;
    this.#buffer = [];
    for (const message of waiting) this.send(message);
    if (this.#status === "open") this.#beat();
  }

  #beat() {
    if (this.#pings - this.#pongs >= MISSED_PONGS) {
      this.#lose();
      return;
    }
    this.#pings += 1;
    this.#write({ type: "ping", n: this.#pings });
    this.#later(this.#heartbeatMs, () => this.#beat());
  }

  /** @param {number} n */
  #hear(n) {
    this.#pongs = n;
    this.#attempt = 0; // only now: a server that throws us out is not asked at once
  }

  #lose() {
    this.#drop();
    const wait = backOff(this.#attempt, this.#around.random());
    this.#attempt += 1;
    if (wait === null) {
      this.#change("gone");
      return;
    }
    this.#change("lost");
    if (this.#status === "lost") this.#later(wait, () => this.#connect());
  }

  #drop() {
    this.#stopTimer();
    const socket = this.#socket;
    this.#socket = null;
    if (socket === null) return;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  /**
   * @param {number} ms
   * @param {() => void} act
   */
  #later(ms, act) {
    this.#stopTimer();
    this.#stopTimer = this.#around.after(ms, act);
  }

  /** @param {ClientMessage} message */
  #write(message) {
    this.#socket?.send(JSON.stringify(message));
  }

  /** @param {ChannelStatus} status */
  #change(status) {
    if (this.#status === status) return;
    this.#status = status;
    this.#listener.changed(status);
  }
}
