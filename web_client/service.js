/** What the server says of a service: asked until it answers. */

import { after } from "../signaling/browser/clock.js";

/** @import { Service } from "./state.js" */

const AGAIN_MS = 2000;

/**
 * @param {string} slug
 * @returns {Promise<Service | null>} `null`: there is no such service
 */
export async function serviceFacts(slug) {
  for (;;) {
    try {
      const answer = await fetch(`/api/service/${slug}`);
      if (answer.ok) return await answer.json();
      if (answer.status === 404) return null;
    } catch { /* the network will come back */ }
    await new Promise((resolve) => after(AGAIN_MS, () => resolve(null)));
  }
}
