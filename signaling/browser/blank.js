/** Whether a picture shows anything at all: for the evidence that somebody was seen. */

const WIDTH = 64;
const HEIGHT = 48;
/** A luma deviation that only sensor noise and coding reach; a person gives over 10. */
const BLANK = 3;

/**
 * Whether a small picture shows anything: a black or covered camera is even all over.
 * @param {ArrayLike<number>} rgba four bytes a pixel
 */
export function isBlank(rgba) {
  const luma = brightness(rgba);
  return deviation(luma, average(luma)) < BLANK;
}

/**
 * A look at what a video shows at this moment.
 * @returns {(video: HTMLVideoElement) => boolean} whether it shows anything
 */
export function newLook() {
  /** @type {ReturnType<typeof newPen> | undefined} */
  let pen;
  return (video) => {
    pen ??= newPen();
    return pen === null || !isBlank(sketch(pen, video));
  };
}

function newPen() {
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  return canvas.getContext("2d", { willReadFrequently: true });
}

/**
 * The present picture, as small as a judgement needs.
 * @param {OffscreenCanvasRenderingContext2D} pen
 * @param {HTMLVideoElement} video
 */
function sketch(pen, video) {
  pen.drawImage(video, 0, 0, WIDTH, HEIGHT);
  return pen.getImageData(0, 0, WIDTH, HEIGHT).data;
}

/**
 * ITU-R BT.601 luma.
 * @param {ArrayLike<number>} rgba
 */
function brightness(rgba) {
  const luma = [];
  for (let at = 0; at + 3 < rgba.length; at += 4) {
    const [red, green, blue] = [rgba[at] ?? 0, rgba[at + 1] ?? 0, rgba[at + 2] ?? 0];
    luma.push(0.299 * red + 0.587 * green + 0.114 * blue);
  }
  return luma;
}

/** @param {readonly number[]} values */
function average(values) {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/**
 * @param {readonly number[]} values
 * @param {number} mean
 */
function deviation(values, mean) {
  return Math.sqrt(average(values.map((value) => (value - mean) ** 2)));
}
