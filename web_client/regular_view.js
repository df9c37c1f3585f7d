/** The way to the agent of the last call: on the last page, and on the first one. */

import { button } from "../signaling/browser/say.js";
import { nothing } from "../signaling/browser/vendor/lit.js";

/** @import { Regular } from "./regular.js" */
/** @import { State } from "./state.js" */

/**
 * @typedef {object} RegularActions
 * @property {(regular: Regular) => void} same
 */

/**
 * @param {State} state
 * @param {RegularActions} actions
 */
export function regular({ regular: agent }, actions) {
  if (agent === null) return nothing;
  return button({
    key: "ended-same",
    facts: { name: agent.name },
    icon: "person",
    press: () => actions.same(agent),
    testid: "same",
  });
}
