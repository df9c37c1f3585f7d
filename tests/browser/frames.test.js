/** The evidence of the first frame: when it was on the screen, also after a hidden page. */

import assert from "node:assert/strict";
import { firstFrame, watchFreeze } from "../../signaling/browser/frames.js";

/** @import { Frame } from "../../signaling/browser/frames.js" */

/** @typedef {{ expectedDisplayTime: number, receiveTime?: number }} Presented */

/** A video element and its page, moved by hand. */
class Screen {
  page = Object.assign(new EventTarget(), { hidden: false });
  frames = 0;
  shows = true;
  /** @type {((now: number, frame: Presented) => void)[]} */
  waiting = [];
  /** @type {Frame[]} */
  told = [];
  /** @type {((at: number) => void)[]} */
  paints = [];
  clock = 0;

  /** @param {{ hasCallback: boolean, since?: number }} options */
  constructor({ hasCallback, since = 0 }) {
    Object.assign(globalThis, {
      requestAnimationFrame: (/** @type {(at: number) => void} */ act) =>
        this.paints.push(act),
    });
    Object.assign(globalThis.performance, { now: () => this.clock });
    const video = {
      ownerDocument: this.page,
      getVideoPlaybackQuality: () => ({ totalVideoFrames: this.frames }),
    };
    const callback = {
      requestVideoFrameCallback: (/** @type {any} */ act) => this.waiting.push(act),
    };
    this.stop = firstFrame(
      /** @type {any} */ (hasCallback ? { ...video, ...callback } : video),
      { since, shows: () => this.shows },
      (frame) => this.told.push(frame),
    );
  }

  /**
   * @param {number} at
   * @param {{ receiveTime?: number }} [facts]
   * @param {number} late milliseconds until the page hears of it
   */
  present(at, facts = {}, late = 0) {
    this.frames += 1;
    this.clock = at + late;
    for (const act of this.waiting.splice(0)) {
      act(at, { expectedDisplayTime: at + 16, ...facts });
    }
  }

  /** @param {number} at */
  paint(at) {
    for (const act of this.paints.splice(0)) act(at);
  }

  /** @param {boolean} hidden */
  turn(hidden) {
    this.page.hidden = hidden;
    this.page.dispatchEvent(new Event("visibilitychange"));
  }
}

Deno.test("the first frame counts from when it is on the screen", () => {
  const screen = new Screen({ hasCallback: true });

  screen.present(500);

  assert.deepEqual(screen.told, [{ at: 516, hidden: false }]);
});

Deno.test("a frame of which a busy page hears late counts from then", () => {
  const screen = new Screen({ hasCallback: true });

  screen.present(500, {}, 90);

  assert.deepEqual(screen.told, [{ at: 590, hidden: false }]);
});

Deno.test("a frame that came before this agent is no evidence", () => {
  const screen = new Screen({ hasCallback: true, since: 700 });
  screen.present(710, { receiveTime: 690 });
  assert.deepEqual(screen.told, []);

  screen.present(760, { receiveTime: 740 });

  assert.deepEqual(screen.told, [{ at: 776, hidden: false }]);
});

Deno.test("a covered camera is no evidence, the first picture after it is", () => {
  const screen = new Screen({ hasCallback: true });
  screen.shows = false;
  screen.present(500);
  screen.present(533);
  assert.deepEqual(screen.told, []);

  screen.shows = true;
  screen.present(566);

  assert.deepEqual(screen.told, [{ at: 582, hidden: false }]);
});

Deno.test("it is told once", () => {
  const screen = new Screen({ hasCallback: true });
  screen.present(500);

  screen.present(540);
  screen.turn(true);
  screen.turn(false);
  screen.paint(600);

  assert.equal(screen.told.length, 1);
});

Deno.test("a hidden page tells when it is visible again, and says that it was hidden", () => {
  const screen = new Screen({ hasCallback: true });
  screen.turn(true);
  screen.frames += 40;

  screen.turn(false);
  screen.paint(9000);

  assert.deepEqual(screen.told, [{ at: 9000, hidden: true }]);
});

Deno.test("a page that comes back before any frame goes on waiting", () => {
  const screen = new Screen({ hasCallback: true });
  screen.turn(true);
  screen.turn(false);
  screen.paint(700);
  assert.deepEqual(screen.told, []);

  screen.present(900);

  assert.deepEqual(screen.told, [{ at: 916, hidden: true }]);
});

Deno.test("a browser without frame callbacks counts what it decoded", () => {
  const screen = new Screen({ hasCallback: false });
  screen.paint(100);
  assert.deepEqual(screen.told, []);

  screen.frames += 1;
  screen.paint(116);
  assert.deepEqual(screen.told, [], "it may be the last one that the element kept");
  screen.frames += 1;
  screen.paint(133);

  assert.equal(screen.told.length, 1);
});

Deno.test("whoever stops it hears nothing more", () => {
  const screen = new Screen({ hasCallback: true });

  screen.stop();
  screen.present(500);

  assert.deepEqual(screen.told, []);
});

/**
 * Watch a video second by second.
 * @param {{ counts: boolean }} browser whether it counts decoded frames of a live stream
 * @param {string} seconds of each: `+` it moves, `.` it stands, `h` it moves unseen
 * @returns {[number, boolean][]} what is told, and in which second
 */
function freezes({ counts }, seconds) {
  /** @type {(() => void)[]} */
  const looks = [];
  Object.assign(globalThis, {
    setInterval: (/** @type {() => void} */ act) => looks.push(act),
    clearInterval: () => {},
  });
  const page = { hidden: false };
  let frames = 0;
  /** @type {((now: number, frame: { presentedFrames: number }) => void)[]} */
  const waiting = [];
  /** @type {[number, boolean][]} */
  const told = [];
  let second = 0;
  const video = {
    ownerDocument: page,
    getVideoPlaybackQuality: () => ({ totalVideoFrames: counts ? frames : 0 }),
    requestVideoFrameCallback: (/** @type {any} */ act) => waiting.push(act),
  };
  watchFreeze(/** @type {any} */ (video), (frozen) => told.push([second, frozen]));
  for (const what of seconds) {
    second += 1;
    page.hidden = what === "h";
    if (what !== ".") frames += 30;
    if (what === "+") {
      for (const act of waiting.splice(0)) act(0, { presentedFrames: frames });
    }
    for (const look of looks) look();
  }
  return told;
}

for (const counts of [true, false]) {
  const browser = counts ? "that counts" : "that counts no live frames";
  Deno.test(`a browser ${browser} tells a freeze after two seconds, and its end`, () => {
    assert.deepEqual(freezes({ counts }, "+++....++"), [[5, true], [8, false]]);
    assert.deepEqual(freezes({ counts }, "++.++.+"), []);
  });

  Deno.test(`a hidden page of a browser ${browser} tells no freeze`, () => {
    assert.deepEqual(freezes({ counts }, "++hhhhh++"), []);
  });

  Deno.test(`in a browser ${browser} a picture that never came does not freeze`, () => {
    assert.deepEqual(freezes({ counts }, "......"), []);
  });
}
