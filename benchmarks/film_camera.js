/**
 * A camera that shows a film, for a browser that takes no file for its fake one.
 *
 * The film comes from `theFilm()`, given by the benchmark, as base64 of a WebM; the page
 * is given the `captureStream` of a `<video>` that plays it again and again.
 */

(() => {
  const theFilm = /** @type {{ theFilm: () => Promise<string> }} */
    (/** @type {unknown} */ (globalThis)).theFilm;

  /** @type {Promise<MediaStream> | undefined} */
  let shown;

  /** @returns {Promise<MediaStream>} */
  async function show() {
    const bytes = Uint8Array.from(atob(await theFilm()), (c) => c.charCodeAt(0));
    /** @type {any} `captureStream` has another name in Firefox */
    const film = document.createElement("video");
    film.src = URL.createObjectURL(new Blob([bytes], { type: "video/webm" }));
    film.loop = true;
    film.muted = true;
    await film.play();
    return film.captureStream?.() ?? film.mozCaptureStream();
  }

  navigator.mediaDevices.getUserMedia = async () => {
    shown ??= show();
    const [track] = (await shown).getVideoTracks();
    return new MediaStream(track === undefined ? [] : [track.clone()]);
  };
})();
