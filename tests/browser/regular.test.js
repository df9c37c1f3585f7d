/** The same agent may be asked for again, over a reload, and not for long. */

import assert from "node:assert/strict";
import { KEPT_MS, Regulars } from "../../web_client/regular.js";

/** @import { Regular } from "../../web_client/regular.js" */

const ANA = { word: "w".repeat(32), name: "Ana", mode: /** @type {const} */ ("video") };
const KEY = "illico.again.telecom-demo";

/** A tab, whose pages come and go: what they keep, and what time it is there. */
function aTab() {
  /** @type {Map<string, string>} */
  const kept = new Map();
  const tab = {
    at: 1_000_000,
    /** @type {(() => void) | null} */
    due: null,
    storage: {
      getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
      setItem: (/** @type {string} */ key, /** @type {string} */ value) =>
        void kept.set(key, value),
      removeItem: (/** @type {string} */ key) => void kept.delete(key),
    },
    page: (slug = "telecom-demo") => {
      /** @type {(Regular | null)[]} */
      const told = [];
      const time = {
        now: () => tab.at,
        after: (/** @type {number} */ _ms, /** @type {() => void} */ act) => {
          tab.due = act;
          return () => (tab.due = null);
        },
      };
      const regulars = new Regulars(
        slug,
        tab.storage,
        (regular) => void told.push(regular),
        time,
      );
      return { regulars, told };
    },
  };
  return tab;
}

Deno.test("who served a caller may be asked for after a reload, at the same service", () => {
  const tab = aTab();
  tab.page().regulars.keep(ANA);

  const reloaded = tab.page();
  reloaded.regulars.look();
  const elsewhere = tab.page("assurance-demo");
  elsewhere.regulars.look();

  assert.deepEqual(reloaded.told, [ANA]);
  assert.deepEqual(elsewhere.told, [null]);
});

Deno.test("nobody may be asked for once a quarter of an hour is over", () => {
  const tab = aTab();
  const { regulars, told } = tab.page();
  regulars.keep(ANA);

  tab.at += KEPT_MS;
  tab.due?.();

  assert.deepEqual(told, [ANA, null]);
  assert.equal(tab.storage.getItem(KEY), null);
});

Deno.test("a page that comes later than that finds nobody, and keeps nothing", () => {
  const tab = aTab();
  tab.page().regulars.keep(ANA);
  tab.at += KEPT_MS + 1;

  const { regulars, told } = tab.page();
  regulars.look();

  assert.deepEqual(told, [null]);
  assert.equal(tab.storage.getItem(KEY), null);
});

Deno.test("a clock that was set back makes nobody's time longer", () => {
  const tab = aTab();
  tab.page().regulars.keep(ANA);
  tab.at -= 1000;

  const { regulars, told } = tab.page();
  regulars.look();

  assert.deepEqual(told, [null]);
});

Deno.test("what is kept and broken names nobody", () => {
  for (const broken of ["{", "3", '{"until": 1000001}', '{"word": "w"}']) {
    const tab = aTab();
    tab.storage.setItem(KEY, broken);
    const { regulars, told } = tab.page();

    regulars.look();

    assert.deepEqual(told, [null], broken);
  }
});

Deno.test("the newest agent takes the place of the one before", () => {
  const tab = aTab();
  const { regulars, told } = tab.page();
  regulars.keep(ANA);
  const bo = { ...ANA, name: "Bo" };

  regulars.keep(bo);

  assert.deepEqual(told, [ANA, bo]);
});
