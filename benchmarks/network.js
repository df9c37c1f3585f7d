/**
 * Puts a page on a bad network, from outside, and watches the picture it gets.
 *
 * The page's relay answers with its own addresses; `throughLine(host, port)`, given by
 * the benchmark, has a door to each on the page's line, and the door is what the browser
 * hears of. Ten times a second it is noted how many pictures have been decoded.
 */

(() => {
  const POLL_MS = 100;
  const CANDIDATE = /^(a=candidate:\S+ \d+ udp \d+ )(\S+) (\d+)( .*)$/;

  /**
   * @typedef {object} Count of the picture that this page is sent
   * @property {number} at_ms
   * @property {number} frames decoded so far
   * @property {number} height
   * @property {number} held seconds that all of them together were held back
   */

  /** @type {Count[]} */
  const counts = [];
  const network = { counts };
  Object.assign(globalThis, { network });

  const throughLine =
    /** @type {{ throughLine: (host: string, port: number) => Promise<[string, number]> }} */
    (/** @type {unknown} */ (globalThis)).throughLine;

  /** @param {string} line */
  async function overTheLine(line) {
    const found = CANDIDATE.exec(line);
    if (found === null) return line;
    const [, head, host = "", port, tail] = found;
    const door = await throughLine(host, Number(port));
    return `${head}${door[0]} ${door[1]}${tail}`;
  }

  const take = RTCPeerConnection.prototype.setRemoteDescription;
  RTCPeerConnection.prototype.setRemoteDescription = async function (
    /** @type {RTCSessionDescriptionInit} */ description,
  ) {
    const lines = (description.sdp ?? "").split("\r\n");
    const sdp = (await Promise.all(lines.map(overTheLine))).join("\r\n");
    await Reflect.apply(take, this, [{ type: description.type, sdp }]);
  };

  /** @returns {RTCPeerConnection | undefined} */
  function leg() {
    const page = document.querySelector("illico-caller, illico-agent");
    return (/** @type {{ peerConnection?: RTCPeerConnection } | null} */ (page))
      ?.peerConnection ?? undefined;
  }

  let isAsked = false;

  async function look() {
    const peer = leg();
    if (peer === undefined || isAsked) return;
    isAsked = true;
    const reports = await peer.getStats();
    isAsked = false;
    for (const report of reports.values()) {
      if (report.type === "inbound-rtp" && report.kind === "video") note(report);
    }
  }

  /** @param {Record<string, number>} report */
  function note(report) {
    counts.push({
      at_ms: report.timestamp ?? 0,
      frames: report.framesDecoded ?? 0,
      height: report.frameHeight ?? 0,
      held: report.jitterBufferDelay ?? 0,
    });
  }

  setInterval(look, POLL_MS);
})();
