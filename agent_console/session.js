/** The console's sign-in: a password for a cookie that scripts never see. */

/**
 * Who sits here. `problem` is a refusal's code; both are `null` when nobody has signed in.
 * @typedef {object} Session
 * @property {string | null} name
 * @property {boolean} reserve called only when a promise is in danger
 * @property {string | null} problem
 */

/** @returns {Promise<Session>} */
export function whoIsThere() {
  return ask("/agent/me", {});
}

/**
 * @param {string} login
 * @param {string} password
 * @returns {Promise<Session>}
 */
export function signIn(login, password) {
  return ask("/agent/sign-in", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ login, password }),
  });
}

export async function signOut() {
  await fetch("/agent/sign-out", { method: "POST" }).catch(() => {});
}

/**
 * @param {string} address
 * @param {RequestInit} options
 * @returns {Promise<Session>}
 */
async function ask(address, options) {
  try {
    const answer = await fetch(address, options);
    const said = await answer.json();
    const reserve = said.reserve === true;
    if (answer.ok) return { name: String(said.name), reserve, problem: null };
    const problem = String(said.code);
    return {
      name: null,
      reserve,
      problem: problem === "not_signed_in" ? null : problem,
    };
  } catch {
    return { name: null, reserve: false, problem: "unavailable" };
  }
}
