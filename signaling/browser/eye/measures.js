/** What one picture says of light, sharpness and motion: luma in, numbers out. */

/** @import { Box, PersonLight } from "./model.js" */

/**
 * Rows of luma, 0 for black and 255 for white.
 * @typedef {object} Gray
 * @property {number} width
 * @property {number} height
 * @property {Uint8Array} luma
 */

/** A number for each of some blocks, row by row. */
/** @typedef {{ columns: number, rows: number, values: Float32Array }} Blocks */

/** Pixels; edges need as many. Light and motion are measured at half of it. */
export const WIDTH = 320;
/** Pixels on each side, in either size. */
const BLOCK = 8;
/** Luma between the sides of an edge that is worth measuring; less may be noise. */
const STRONG = 24;
/** Blocks; fewer with a strong edge say nothing of sharpness. */
const FEW_EDGES = 8;

/**
 * How high the picture is in which all is measured: even, and one block at least.
 * @param {number} width of the camera's
 * @param {number} height
 */
export function heightOf(width, height) {
  return 2 * Math.max(BLOCK, Math.round(height * WIDTH / width / 2));
}

/**
 * ITU-R BT.601 luma.
 * @param {ArrayLike<number>} rgba four bytes a pixel
 * @param {number} width
 * @returns {Gray}
 */
export function grayOf(rgba, width) {
  const luma = new Uint8Array(rgba.length / 4);
  for (let at = 0; at < luma.length; at += 1) {
    const [red, green, blue] = [rgba[4 * at], rgba[4 * at + 1], rgba[4 * at + 2]];
    luma[at] = Math.round(
      0.299 * (red ?? 0) + 0.587 * (green ?? 0) + 0.114 * (blue ?? 0),
    );
  }
  return { width, height: luma.length / width, luma };
}

/**
 * Half as wide and high; each pixel is the mean of four.
 * @param {Gray} wide of even sides
 * @returns {Gray}
 */
export function halved({ width, height, luma }) {
  const [columns, rows] = [width / 2, height / 2];
  const small = new Uint8Array(columns * rows);
  for (let at = 0; at < small.length; at += 1) {
    const first = 2 * (at % columns) + 2 * Math.floor(at / columns) * width;
    small[at] = (pixel(luma, first) + pixel(luma, first + 1) +
      pixel(luma, first + width) + pixel(luma, first + width + 1) + 2) >> 2;
  }
  return { width: columns, height: rows, luma: small };
}

/** @param {Gray} small */
export function light(small) {
  const { luma } = small;
  const mean = average(luma);
  const spread = average(luma, (value) => (value - mean) ** 2);
  const means = blockMeans(small, luma).values;
  const squares = blockMeans(small, Float32Array.from(luma, (value) => value ** 2));
  const variance = average(squares.values) - average(means, (value) => value ** 2);
  return {
    luma_mean: mean,
    luma_p5: quantile(luma, 0.05),
    luma_p95: quantile(luma, 0.95),
    contrast: Math.sqrt(spread),
    texture: Math.sqrt(Math.max(variance, 0)),
  };
}

/**
 * The least luma that this share of the pixels does not exceed.
 * @param {ArrayLike<number>} luma
 * @param {number} share
 */
export function quantile(luma, share) {
  const counts = new Uint32Array(256);
  for (let at = 0; at < luma.length; at += 1) {
    const value = luma[at] ?? 0;
    counts[value] = (counts[value] ?? 0) + 1;
  }
  let sum = 0;
  return counts.findIndex((count) => (sum += count) >= share * luma.length);
}

/**
 * How many pixels the sharper quarter of the strong edges needs from dark to light;
 * `null` without strong edges.
 * @param {Gray} wide
 * @param {Box | null} part of the picture, or all of it
 */
export function edgeWidth(wide, part) {
  const blocks = edges(wide);
  const chosen = part === null ? blocks : cut(blocks, part);
  const spans = chosen.map(({ span }) => span);
  const limit = Math.max(STRONG, quantile(spans, 0.9));
  const widths = chosen.filter(({ span }) => span >= limit)
    .map(({ span, slope }) => span / Math.max(slope, 1)).sort((one, two) => one - two);
  return widths.length < FEW_EDGES
    ? null
    : widths[Math.floor(widths.length / 4)] ?? null;
}

/**
 * Where the head and the body of a face are, hands aside.
 * @param {Box} face
 * @returns {Box}
 */
export function personOf(face) {
  const top = face.top - 0.4 * face.height;
  return {
    left: face.left - face.width,
    top,
    width: 3 * face.width,
    height: 1 - top,
  };
}

/**
 * @param {Gray} small
 * @param {Box} face
 * @returns {PersonLight}
 */
export function personLight(small, face) {
  const inner = {
    left: face.left + 0.25 * face.width,
    top: face.top + 0.25 * face.height,
    width: 0.5 * face.width,
    height: 0.65 * face.height,
  };
  const person = cells(personOf(face), small.width, small.height);
  const body = pixels(small, person, true);
  const around = pixels(small, person, false);
  return {
    face: quantile(pixels(small, cells(inner, small.width, small.height), true), 0.9),
    around: around.length > 0 ? quantile(around, 0.75) : 0,
    dark: quantile(body, 0.05),
    bright: quantile(body, 0.95),
  };
}

/**
 * Compare two small pictures; `null` when the stream changed its shape.
 * @param {Gray} before
 * @param {Gray} now
 * @param {number} blockChange of a block that moves, on average
 */
export function change(before, now, blockChange) {
  if (before.width !== now.width || before.height !== now.height) return null;
  const differences = Float32Array.from(
    now.luma,
    (value, at) => value - pixel(before.luma, at),
  );
  const amounts = differences.map(Math.abs);
  const blocks = blockMeans(now, amounts);
  const moving = blocks.values.filter((amount) => amount > blockChange);
  const shifts = blockMeans(now, differences).values.map(Math.abs);
  return {
    moving_share: moving.length / blocks.values.length,
    shift: shifts.reduce((most, shift) => Math.max(most, shift), 0),
    difference: average(amounts),
    blocks,
  };
}

/**
 * The span of luma in each whole block, and its steepest step between neighbours.
 * @param {Gray} wide
 * @returns {{ x: number, y: number, columns: number, rows: number, span: number,
 *   slope: number }[]}
 */
function edges({ width, height, luma }) {
  const [columns, rows] = [Math.floor(width / BLOCK), Math.floor(height / BLOCK)];
  const found = [];
  for (let y = 0; y < rows; y += 1) {
    for (let x = 0; x < columns; x += 1) {
      const { span, slope } = edge(luma, width, y * BLOCK * width + x * BLOCK);
      found.push({ x, y, columns, rows, span, slope });
    }
  }
  return found;
}

/**
 * @param {Uint8Array} luma
 * @param {number} width
 * @param {number} corner of the block
 */
function edge(luma, width, corner) {
  let [least, most, slope] = [255, 0, 0];
  for (let row = 0; row < BLOCK; row += 1) {
    for (let column = 0; column < BLOCK; column += 1) {
      const at = corner + row * width + column;
      const value = pixel(luma, at);
      least = Math.min(least, value);
      most = Math.max(most, value);
      const across = column + 1 < BLOCK ? Math.abs(pixel(luma, at + 1) - value) : 0;
      const down = row + 1 < BLOCK ? Math.abs(pixel(luma, at + width) - value) : 0;
      slope = Math.max(slope, across, down);
    }
  }
  return { span: most - least, slope };
}

/**
 * @template {{ x: number, y: number, columns: number, rows: number }} Block
 * @param {Block[]} blocks
 * @param {Box} part
 */
function cut(blocks, part) {
  const [first] = blocks;
  if (first === undefined) return [];
  const { left, right, top, bottom } = cells(part, first.columns, first.rows);
  return blocks.filter(({ x, y }) => x >= left && x < right && y >= top && y < bottom);
}

/**
 * The mean of each whole block; what is left at the right and the bottom is left out.
 * @param {{ width: number, height: number }} size
 * @param {ArrayLike<number>} numbers
 * @returns {Blocks}
 */
function blockMeans({ width, height }, numbers) {
  const [columns, rows] = [Math.floor(width / BLOCK), Math.floor(height / BLOCK)];
  const values = new Float32Array(columns * rows);
  for (let y = 0; y < rows * BLOCK; y += 1) {
    for (let x = 0; x < columns * BLOCK; x += 1) {
      const block = Math.floor(y / BLOCK) * columns + Math.floor(x / BLOCK);
      values[block] = (values[block] ?? 0) + (numbers[y * width + x] ?? 0);
    }
  }
  return { columns, rows, values: values.map((sum) => sum / BLOCK ** 2) };
}

/**
 * The columns and rows of a box, at least one of each.
 * @param {Box} part
 * @param {number} columns
 * @param {number} rows
 */
function cells(part, columns, rows) {
  const [left, right] = range(part.left, part.width, columns);
  const [top, bottom] = range(part.top, part.height, rows);
  return { left, right, top, bottom };
}

/**
 * @param {number} start
 * @param {number} length
 * @param {number} count
 * @returns {[number, number]}
 */
function range(start, length, count) {
  const first = clamp(Math.floor(start * count + 0.5), 0, count - 1);
  return [first, clamp(Math.floor((start + length) * count + 0.5), first + 1, count)];
}

/**
 * @param {number} value
 * @param {number} least
 * @param {number} most
 */
function clamp(value, least, most) {
  return Math.min(Math.max(value, least), most);
}

/**
 * The pixels inside of some cells, or all others.
 * @param {Gray} gray
 * @param {{ left: number, right: number, top: number, bottom: number }} area
 * @param {boolean} inside
 */
function pixels({ width, luma }, { left, right, top, bottom }, inside) {
  return luma.filter((_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    return (x >= left && x < right && y >= top && y < bottom) === inside;
  });
}

/**
 * @param {Uint8Array} luma
 * @param {number} at
 */
function pixel(luma, at) {
  return luma[at] ?? 0;
}

/**
 * @param {ArrayLike<number>} values
 * @param {(value: number) => number} [of]
 */
function average(values, of = (value) => value) {
  let sum = 0;
  for (let at = 0; at < values.length; at += 1) sum += of(values[at] ?? 0);
  return sum / Math.max(1, values.length);
}
