/** The line to the server: it begins politely, keeps what was said, finds its way back. */

import assert from "node:assert/strict";
import {
  backOff,
  BUFFERED_MESSAGES,
  Channel,
} from "../../signaling/browser/channel.js";

/** A page's surroundings that a test moves by hand. */
class World {
  /** @type {FakeSocket[]} */
  sockets = [];
  /** @type {Map<number, { at: number, act: () => void }>} */
  timers = new Map();
  /** @type {string[]} */
  statuses = [];
  /** @type {unknown[]} */
  received = [];
  time = 0;
  #next = 1;

  /** @param {(channel: Channel) => void} [onWelcome] */
  constructor(onWelcome = () => {}) {
    this.channel = new Channel("ws://here/ws", {
      welcomed: () => onWelcome(this.channel),
      received: (message) => this.received.push(message),
      changed: (status) => this.statuses.push(status),
    }, {
      open: () => /** @type {any} */ (this.#socket()),
      after: (ms, act) => {
        const timer = this.#next++;
        this.timers.set(timer, { at: this.time + ms, act });
        return () => void this.timers.delete(timer);
      },
      random: () => 0,
    });
  }

  #socket() {
    const socket = new FakeSocket();
    this.sockets.push(socket);
    return socket;
  }

  get socket() {
    return /** @type {FakeSocket} */ (this.sockets.at(-1));
  }

  /** @param {number} ms */
  pass(ms) {
    const until = this.time + ms;
    for (;;) {
      const due = [...this.timers].filter(([, timer]) => timer.at <= until)
        .sort(([, one], [, other]) => one.at - other.at)[0];
      if (due === undefined) break;
      this.timers.delete(due[0]);
      this.time = due[1].at;
      due[1].act();
    }
    this.time = until;
  }

  welcome() {
    this.channel.open();
    this.greet();
  }

  greet() {
    this.socket.onopen?.();
    this.socket.say({
      type: "welcome",
      version: 1,
      connection: "c",
      turn: false,
      heartbeat_ms: 1000,
    });
  }
}

class FakeSocket {
  /** @type {any[]} */
  sent = [];
  closed = false;
  /** @type {(() => void) | null} */
  onopen = null;
  /** @type {((event: { data: string }) => void) | null} */
  onmessage = null;
  /** @type {(() => void) | null} */
  onclose = null;

  /** @param {string} data */
  send(data) {
    this.sent.push(JSON.parse(data));
  }

  close() {
    this.closed = true;
  }

  /** @param {object} message */
  say(message) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  get types() {
    return this.sent.map((message) => message.type);
  }
}

const attention = /** @type {const} */ ({ type: "attention", call: "c" });

Deno.test("hello comes first and the line opens with welcome", () => {
  const world = new World();

  world.welcome();

  assert.deepEqual(world.socket.sent[0], { type: "hello", versions: [1] });
  assert.deepEqual(world.statuses, ["connecting", "open"]);
});

Deno.test("what is said before the welcome goes out after what must come first", () => {
  const world = new World((channel) =>
    channel.sendNow({ type: "resume", request: "r".repeat(16), ticket: "t".repeat(16) })
  );
  world.channel.open();
  world.channel.send(attention);

  world.greet();

  assert.deepEqual(world.socket.types, ["hello", "resume", "attention", "ping"]);
});

Deno.test("what would be stale later is not kept", () => {
  const world = new World();

  assert.equal(world.channel.sendNow(attention), false);
  world.welcome();

  assert.deepEqual(world.socket.types, ["hello", "ping"]);
});

Deno.test("the buffer is bounded and the oldest goes first", () => {
  const world = new World();
  for (let n = 0; n < BUFFERED_MESSAGES + 3; n += 1) {
    world.channel.send({ type: "text", call: "c", chars: String(n) });
  }

  world.welcome();

  const texts = world.socket.sent.filter((message) => message.type === "text");
  assert.equal(texts.length, BUFFERED_MESSAGES);
  assert.equal(texts[0].chars, "3");
});

Deno.test("two missed pongs mean that the line is dead", () => {
  const world = new World();
  world.welcome();
  const first = world.socket;

  world.pass(1999);
  assert.equal(first.closed, false);
  world.pass(1);

  assert.equal(first.closed, true);
  assert.equal(world.sockets.length, 2);
});

Deno.test("pongs keep the line alive", () => {
  const world = new World();
  world.welcome();

  for (let n = 1; n <= 10; n += 1) {
    world.socket.say({ type: "pong", n });
    world.pass(1000);
  }

  assert.equal(world.sockets.length, 1);
});

Deno.test("a lost line comes back at once, then waits longer each time", () => {
  const waits = Array.from({ length: 11 }, (_, attempt) => backOff(attempt, 0));

  assert.deepEqual(
    waits,
    [0, 300, 1200, 2700, 4800, 7000, 7000, 7000, 7000, 7000, null],
  );
  assert.equal(backOff(4, 1), 5800);
});

Deno.test("after the last try the page says so and a human may try again", () => {
  const world = new World();
  world.channel.open();

  for (let n = 0; n < 11; n += 1) {
    world.socket.onclose?.();
    world.pass(8000);
  }
  assert.equal(world.channel.status, "gone");
  const before = world.sockets.length;
  world.channel.retry();

  assert.equal(world.sockets.length, before + 1);
  assert.equal(world.channel.status, "connecting");
});

Deno.test("a server that throws us out at once is not asked without a pause", () => {
  const world = new World();
  world.welcome();

  world.socket.onclose?.();
  world.pass(0);
  world.greet();
  world.socket.onclose?.();
  world.pass(299);

  assert.equal(world.sockets.length, 2);
  world.pass(1);
  assert.equal(world.sockets.length, 3);
});

Deno.test("a closed channel stays closed", () => {
  const world = new World();
  world.welcome();

  world.channel.close();
  world.pass(60_000);

  assert.equal(world.channel.status, "closed");
  assert.equal(world.sockets.length, 1);
});

Deno.test("only messages for the page reach it", () => {
  const world = new World();
  world.welcome();

  world.socket.say({ type: "pong", n: 1 });
  world.socket.say({ type: "agent_found", call: "c" });

  assert.deepEqual(world.received, [{ type: "agent_found", call: "c" }]);
});
