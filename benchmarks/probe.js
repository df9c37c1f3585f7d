/**
 * Notes when things happen in a page, from outside: what the socket carries, the camera,
 * the media leg, clicks, the first picture. Times are milliseconds since the epoch.
 *
 * A page that has it as its first script gives `probe.marks`. With `probe.accepts` it
 * presses *Répondre* as soon as the console rings: the agent who accepts at once.
 */

(() => {
  /** @typedef {{ name: string, at: number, facts: Record<string, unknown> }} Mark */

  const PROBED_AT = [0.5, 0.98];
  /** @type {Mark[]} */
  const marks = [];
  const heard = new EventTarget();
  const probe = { marks, accepts: false, pictures, until };
  Object.assign(globalThis, { probe });

  /**
   * @param {string} name
   * @param {number} [at] on the scale of `performance.now()`
   * @param {Record<string, unknown>} [facts]
   */
  function mark(name, at = performance.now(), facts = {}) {
    marks.push({ name, at: performance.timeOrigin + at, facts });
    heard.dispatchEvent(new Event(name));
  }

  /** @param {string} name @returns {Promise<void>} when that is noted */
  function until(name) {
    if (marks.some((each) => each.name === name)) return Promise.resolve();
    return new Promise((done) =>
      heard.addEventListener(name, () => done(), { once: true })
    );
  }

  /** @param {unknown} data */
  function typeOf(data) {
    return typeof data === "string" ? JSON.parse(data).type : "bytes";
  }

  class ProbedSocket extends WebSocket {
    /** @param {ConstructorParameters<typeof WebSocket>} args */
    constructor(...args) {
      super(...args);
      this.addEventListener("message", ({ data }) => mark(`got ${typeOf(data)}`));
    }

    /** @param {Parameters<WebSocket["send"]>[0]} data @override */
    send(data) {
      mark(`sent ${typeOf(data)}`);
      super.send(data);
    }
  }

  class ProbedConnection extends RTCPeerConnection {
    /** @param {ConstructorParameters<typeof RTCPeerConnection>} args */
    constructor(...args) {
      super(...args);
      const follow = () => mark(`leg ${this.connectionState}`);
      this.addEventListener("connectionstatechange", follow);
      const check = () => mark(`ice ${this.iceConnectionState}`);
      this.addEventListener("iceconnectionstatechange", check);
    }
  }

  Object.assign(globalThis, {
    WebSocket: ProbedSocket,
    RTCPeerConnection: ProbedConnection,
  });

  const devices = navigator.mediaDevices;
  const open = devices?.getUserMedia.bind(devices);
  if (open) {
    devices.getUserMedia = async (wishes) => {
      mark("camera asked");
      const stream = await open(wishes);
      mark("camera open");
      return stream;
    };
  }

  document.addEventListener("click", (event) => {
    const pressed = event.composedPath().find((one) =>
      one instanceof HTMLElement && one.dataset.testid !== undefined
    );
    if (pressed instanceof HTMLElement) mark(`click ${pressed.dataset.testid}`);
  }, { capture: true });

  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (/** @type {ShadowRootInit} */ init) {
    const root = attach.call(this, init);
    new MutationObserver(() => look(root)).observe(root, {
      childList: true,
      subtree: true,
    });
    return root;
  };

  /** @type {WeakSet<Element>} */
  const known = new WeakSet();

  /** @param {ShadowRoot} root */
  function look(root) {
    const video = fresh(root, "remote-video");
    if (video instanceof HTMLVideoElement) {
      mark("stage shown");
      video.requestVideoFrameCallback((_, frame) => first(video, frame));
    }
    const accept = probe.accepts ? fresh(root, "accept") : null;
    if (accept instanceof HTMLElement) accept.click();
  }

  /**
   * @param {ShadowRoot} root
   * @param {string} testid
   * @returns {Element | null} an element that has come since the last look
   */
  function fresh(root, testid) {
    const found = root.querySelector(`[data-testid=${testid}]`);
    if (found === null || known.has(found)) return null;
    known.add(found);
    return found;
  }

  /**
   * @param {HTMLVideoElement} video
   * @param {VideoFrameCallbackMetadata} frame
   */
  function first(video, frame) {
    const told = performance.now();
    mark("first frame", frame.expectedDisplayTime, { pixel: pixel(video) });
    mark("frame composed", frame.presentationTime);
    mark("frame told", told);
    if (frame.receiveTime !== undefined) mark("frame received", frame.receiveTime);
  }

  /** @param {HTMLVideoElement} video */
  function pixel(video) {
    const canvas = document.createElement("canvas");
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    const pen = canvas.getContext("2d");
    const [x = 0, y = 0] = PROBED_AT;
    pen?.drawImage(video, 0, 0);
    const at = [Math.floor(x * canvas.width), Math.floor(y * canvas.height)];
    const [left = 0, top = 0] = at;
    return Array.from(pen?.getImageData(left, top, 1, 1).data.slice(0, 3) ?? []);
  }

  /**
   * How many pictures of the other side this page has decoded, and when that was counted.
   * @returns {Promise<[number, number]>} a count, milliseconds
   */
  async function pictures() {
    const page = document.querySelector("illico-caller, illico-agent");
    const leg = /** @type {{ peerConnection?: RTCPeerConnection }} */ (page ?? {});
    const reports = await leg.peerConnection?.getStats();
    for (const report of reports?.values() ?? []) {
      if (report.type === "inbound-rtp" && report.kind === "video") {
        return [report.framesDecoded ?? 0, report.timestamp];
      }
    }
    return [0, performance.timeOrigin + performance.now()];
  }
})();
