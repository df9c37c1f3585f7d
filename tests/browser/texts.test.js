/** The French of the pages: short, active, complete. */

import assert from "node:assert/strict";
import { keyOf, text, TEXTS, when } from "../../signaling/browser/texts.js";

/** @import { TextKey } from "../../signaling/browser/texts.js" */

const MOST_WORDS = 12;
/** « est envoyé par », « a été pris », « seront rappelés »: somebody does it, say who. */
const PASSIVE =
  /\b(été|(est|sont|sera|seront|soit) \p{L}+(é|ée|és|ées|i|ie|u|ue) par)(?!\p{L})/u;
/** The caller's own words, not ours to them. */
const THEIRS = new Set(["call-doubt"]);
const NEGATIVE = /(?<!\p{L})(ne |n’|pas |jamais |rien )/iu;

const REASONS = {
  ended: [
    "abandoned",
    "no_one_there",
    "caller_hung_up",
    "agent_hung_up",
    "caller_lost",
    "lost_waiting",
    "technical",
    "left_another_way",
    "call_back_missed",
    "call_back_over",
  ],
  requeue: [
    "refused",
    "timed_out",
    "agent_lost",
    "no_frame",
    "rescinded",
    "transferred",
    "not_understood",
  ],
  eye: [
    "too_dark",
    "backlit",
    "frozen",
    "hands_never_seen",
    "hands_cut",
    "camera_covered",
    "low_frame_rate",
    "face_cut",
    "too_far",
    "too_close",
    "low_contrast",
    "blurred",
    "low_resolution",
  ],
  "offer-ended": [
    "refused",
    "timed_out",
    "cancelled",
    "rescinded",
    "transferred",
    "not_understood",
    "abandoned",
    "call_back_missed",
  ],
  leg: ["silent", "relay_gone", "relay_leaves", "no_relay"],
  why: ["again", "call_back", "transfer", "not_understood", "preferred"],
};

for (const [key, sentences] of Object.entries(TEXTS)) {
  Deno.test(`« ${key} » is short, active and says what to do`, () => {
    for (const sentence of sentences.split(/[.?!:]/)) {
      const words = sentence.split(/[\s]+/).filter((word) => /\p{L}|\d/u.test(word));
      assert.ok(words.length <= MOST_WORDS, sentence);
    }
    assert.doesNotMatch(sentences, PASSIVE);
    if (!THEIRS.has(key)) assert.doesNotMatch(sentences, NEGATIVE);
    assert.match(key, /^[a-z0-9][a-z0-9_-]{0,63}$/, "a clip's key names a file");
  });
}

for (const [family, words] of Object.entries(REASONS)) {
  Deno.test(`every word of « ${family} » has its own sentence`, () => {
    for (const word of words) {
      const key = keyOf(/** @type {any} */ (family), word);
      assert.equal(key, `${family}-${word}`);
    }
  });
}

Deno.test("every code that the server may send has its own sentence", async () => {
  /** Whose refusals of which base a page may hear. */
  const rooms = {
    signaling: /Error$/,
    queueing: /^RefusedError$/,
    relay: /Error$/,
    accounts: /^SignInRefusedError$/,
  };
  /** Codes that only rooms and administrators see. */
  const inside = new Set([
    "call_exists",
    "ice_restart",
    "independent_agent",
    "bad_grant",
    "no_address",
    "no_grant",
    "other_incarnation",
    "unknown_agent",
    "unknown_participant",
    "unknown_version",
    "unseen",
    "wrong_secret",
  ]);
  const here = new URL("../../", import.meta.url);
  for (const [room, base] of Object.entries(rooms)) {
    const source = await Deno.readTextFile(new URL(`${room}/errors.py`, here));
    for (const kind of source.split(/^class /m).slice(1)) {
      const of = /^\w+\((\w+)\)/.exec(kind)?.[1] ?? "";
      const code = /^ {4}code.*= "(\w+)"$/m.exec(kind)?.[1];
      if (code === undefined || inside.has(code) || !base.test(of)) continue;
      assert.equal(keyOf("problem", code), `problem-${code}`, `${room}: ${code}`);
    }
  }
});

Deno.test("every sentence is said somewhere", async () => {
  /** Their words come from the wire or from a state. */
  const families = [...Object.keys(REASONS), "camera", "problem"];
  families.push("rate", "wrap", "way", "status");
  const sources = [];
  for (const folder of ["signaling/browser", "web_client", "agent_console"]) {
    sources.push(...await codeIn(new URL(`../../${folder}/`, import.meta.url)));
  }
  const all = sources.join("\n");
  const silent = Object.keys(TEXTS).filter((key) =>
    !all.includes(`"${key}"`) &&
    !families.some((family) => key.startsWith(`${family}-`))
  );
  assert.deepEqual(silent, []);
});

Deno.test("an unknown word gets the general sentence", () => {
  assert.equal(keyOf("problem", "new_code"), "problem-other");
  assert.equal(keyOf("ended", "new_reason"), "ended-other");
});

Deno.test("facts are filled in, and marks cling to their words", () => {
  assert.equal(
    text("entry-title", { company: "Télécom Démo" }),
    "Parlez en LSF avec Télécom Démo",
  );
  assert.equal(
    text("entry-seen"),
    "Qui vous voit\u00a0?",
  );
});

Deno.test("every fact that a sentence wants is a plain name", () => {
  for (const key of Object.keys(TEXTS)) {
    const filled = text(/** @type {TextKey} */ (key), {
      company: "A",
      duration: "1 s",
      from: 2,
      name: "B",
      position: 2,
      seconds: 3,
      to: 4,
      variant: "LfPC",
      when: "lundi",
    });
    assert.doesNotMatch(filled, /[{}]|undefined/);
    assert.doesNotMatch(filled, / {2}/);
  }
});

Deno.test("an opening is told in Paris's time", () => {
  assert.match(when("2026-11-23T08:00:00+00:00"), /lundi 23 novembre.*09:00/);
});

/**
 * The modules of a folder and of those below it, but for the sentences themselves.
 * @param {URL} folder
 * @returns {Promise<string[]>}
 */
async function codeIn(folder) {
  const sources = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory && name !== "vendor") {
      sources.push(...await codeIn(new URL(`${name}/`, folder)));
    }
    if (!name.endsWith(".js") || name.startsWith("texts")) continue;
    sources.push(await Deno.readTextFile(new URL(name, folder)));
  }
  return sources;
}
