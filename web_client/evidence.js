/** The evidence that ends the wait: this agent's first picture, or first words. */

import { now } from "../signaling/browser/clock.js";
import { newLook } from "../signaling/browser/blank.js";

/** @import { Frame } from "../signaling/browser/frames.js" */
/** @import { Talk } from "../signaling/browser/talk.js" */
/** @import { State } from "./state.js" */

export class Evidence {
  #talk;
  #state;
  #seen;
  #shows = newLook();
  /** @type {number | null} which agent's blank picture was told */
  #blank = null;

  /**
   * @param {Talk} talk
   * @param {() => State} state the page's, now
   * @param {() => void} seen told once an agent
   */
  constructor(talk, state, seen) {
    this.#talk = talk;
    this.#state = state;
    this.#seen = seen;
  }

  /** The page was painted: watch what an agent who has come shows or writes. */
  watch() {
    const { screen, call, seen, mode, said, from } = this.#state();
    const here = screen === "connecting" || screen === "call";
    if (!here || seen || call === null) return;
    if (mode === "video") {
      const shows = (/** @type {HTMLVideoElement} */ video) =>
        this.#judge(video, call, from);
      const claim = { since: from, shows };
      this.#talk.expect(call, claim, (frame) => this.#saw(frame));
    } else if (said) requestAnimationFrame(() => this.#read(from));
  }

  /**
   * Whether a frame shows anything; the server hears once of an agent whose does not,
   * so that it takes no packet for a picture.
   * @param {HTMLVideoElement} video
   * @param {string} call
   * @param {number} from
   */
  #judge(video, call, from) {
    const yes = this.#shows(video);
    if (!yes && this.#blank !== from) {
      this.#blank = from;
      this.#talk.channel.send({ type: "blank_frame", call });
    }
    return yes;
  }

  /**
   * The words are painted; by now another agent may have come instead.
   * @param {number} from when the one who wrote them came
   */
  #read(from) {
    const { said, from: current } = this.#state();
    if (said && current === from) this.#saw({ at: now(), hidden: false });
  }

  /** @param {Frame} frame */
  #saw({ at, hidden }) {
    const { screen, call, seen, mode, since } = this.#state();
    if (call === null || seen) return;
    if (screen === "connecting") {
      const elapsed_ms = Math.max(0, Math.round(at - since));
      this.#talk.channel.send(
        mode === "text"
          ? { type: "text_shown", call, elapsed_ms }
          : { type: "first_frame", call, elapsed_ms, hidden },
      );
    }
    this.#seen();
  }
}
