/** Whether anything still arrives on a leg. */

/** How often a leg is looked at. */
export const LOOK_MS = 250;
/** How long nothing may arrive of a picture that flowed. */
export const SILENT_MS = 1000;
/** The same where no picture flows: reports alone come about once a second. */
export const QUIET_MS = 3000;

/**
 * What has arrived, and since when nothing more has.
 * @typedef {object} Arrived
 * @property {number} bytes of everything
 * @property {number} pictures packets of the other's picture
 * @property {number} since on the page's clock
 */

/** @type {Arrived} */
export const NOTHING = { bytes: 0, pictures: 0, since: 0 };

/**
 * @param {Arrived} before
 * @param {{ bytes: number, pictures: number }} counted
 * @param {number} at now, on the page's clock
 * @returns {Arrived}
 */
export function heard(before, counted, at) {
  const isMore = counted.bytes > before.bytes || counted.pictures > before.pictures;
  return { ...counted, since: isMore || before.since === 0 ? at : before.since };
}

/**
 * Whether a leg that was up has been silent for too long.
 * @param {Arrived} arrived
 * @param {boolean} watched whether somebody's picture should flow
 * @param {number} at now, on the page's clock
 */
export function isSilent(arrived, watched, at) {
  const flowed = watched && arrived.pictures > 0;
  return at - arrived.since >= (flowed ? SILENT_MS : QUIET_MS);
}

/**
 * Count what a leg has received.
 * @param {RTCPeerConnection} connection
 */
export async function count(connection) {
  let bytes = 0;
  let pictures = 0;
  for (const report of (await connection.getStats()).values()) {
    if (report.type === "candidate-pair") bytes += report.bytesReceived ?? 0;
    if (report.type === "inbound-rtp" && report.kind === "video") {
      pictures += report.packetsReceived ?? 0;
    }
  }
  return { bytes, pictures };
}
