/** How well a picture is lit: a measure in the browser, from brightness alone. */

import { every } from "./clock.js";

/** @typedef {"unknown" | "good" | "too_dark" | "too_bright" | "backlit" | "flat"} Light */

const WIDTH = 64;
const HEIGHT = 48;
const EVERY_MS = 500;
/** A luma deviation that only sensor noise and coding reach; a person gives over 10. */
const BLANK = 3;

/**
 * Judge one small picture.
 * @param {ArrayLike<number>} rgba four bytes a pixel, row by row
 * @param {number} width
 * @returns {Light}
 */
export function judge(rgba, width) {
  const luma = brightness(rgba);
  const mean = average(luma);
  if (mean < 50) return "too_dark";
  if (mean > 225) return "too_bright";
  const { person, behind } = split(luma, width);
  if (behind - person > 70 && person < 95) return "backlit";
  return deviation(luma, mean) < 12 ? "flat" : "good";
}

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

/**
 * Judge a playing video twice a second.
 * @param {HTMLVideoElement} video
 * @param {(light: Light) => void} tell called when the judgement changes
 * @returns {() => void} stops it
 */
export function watchLight(video, tell) {
  const pen = newPen();
  /** @type {Light} */
  let last = "unknown";
  return every(EVERY_MS, () => {
    if (pen === null || video.readyState < video.HAVE_CURRENT_DATA) return;
    const light = judge(sketch(pen, video), WIDTH);
    if (light !== last) tell(light);
    last = light;
  });
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

/**
 * The middle, where the person is, and the upper corners, where the window is.
 * @param {readonly number[]} luma
 * @param {number} width
 */
function split(luma, width) {
  const height = luma.length / width;
  /** @type {number[]} */
  const person = [];
  /** @type {number[]} */
  const behind = [];
  luma.forEach((value, at) => {
    const [x, y] = [(at % width) / width, Math.floor(at / width) / height];
    if (x > 0.3 && x < 0.7 && y > 0.2) person.push(value);
    else if ((x < 0.2 || x > 0.8) && y < 0.6) behind.push(value);
  });
  return { person: average(person), behind: average(behind) };
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
