/** What the place of a face says of the frame, and where else to look for one. */

/** @import { Blocks } from "./measures.js" */
/** @import { Box, FaceRule, FaceSeen, FrameSeen } from "./model.js" */

/** Faces on each side of the square in which a known face is looked for again. */
const NEAR = 4;
/** Faces on each side of the square in which hands sign: 70 cm, which hold one at least. */
const REACH = 5;
/** Of a face, from its middle to the middle of that square: it ends at the waist. */
const CHIN = 0.6;
/** Of the picture's shorter side, in turn: in such squares a far face is large enough. */
const TILES = /** @type {const} */ ([0.5, 0.33]);
/** Of a tile: so much lies between one and the next at most. */
const STEP = 0.85;
/** How many of the tiles with most movement are looked at besides the one in turn. */
const MOVING_TILES = 1;

/** @type {FrameSeen} */
const UNSEEN = {
  seen: false,
  sure: false,
  height: 0,
  width: 0,
  below: 0,
  beside: 0,
  cut: false,
  gone: false,
};

/**
 * Say how the picture is framed round a face.
 * @param {FaceSeen | null} face what was found now
 * @param {FaceSeen | null} before a sure one of some seconds ago
 * @param {FaceRule} rule
 * @returns {FrameSeen}
 */
export function frameOf(face, before, rule) {
  if (face === null) return { ...UNSEEN, gone: before !== null };
  const { box } = face;
  if (!isSure(face, before, rule)) {
    const known = before !== null && isLike(box, before.box, rule);
    return { ...UNSEEN, seen: true, cut: known && touches(box, rule) };
  }
  const right = 1 - box.left - box.width;
  return {
    seen: true,
    sure: true,
    height: box.height,
    width: box.width,
    below: (1 - box.top - box.height) / box.height,
    beside: Math.min(box.left, right) / box.width,
    cut: cuts(box, rule),
    gone: false,
  };
}

/**
 * Whether a face is about where it was, and about as large.
 * @param {Box} box
 * @param {Box} before
 * @param {FaceRule} rule
 */
export function isStill(box, before, rule) {
  const across = (box.left - before.left) + (box.width - before.width) / 2;
  const down = (box.top - before.top) + (box.height - before.height) / 2;
  return isLike(box, before, rule) && Math.abs(across) < before.width / 2 &&
    Math.abs(down) < before.height / 2;
}

/**
 * The largest of the faces that are sure; else the surest.
 * @param {readonly FaceSeen[]} faces
 * @param {FaceRule} rule
 * @returns {FaceSeen | null}
 */
export function bestOf(faces, rule) {
  const sure = faces.filter(({ score }) => score >= rule.sure_score);
  if (sure.length > 0) return most(sure, ({ box }) => box.width * box.height);
  return most(faces, ({ score }) => score);
}

/**
 * Where a face too small for the whole picture may be, the likeliest place first.
 * @param {Box | null} near the face of some seconds ago
 * @param {Blocks | null} blocks how much each part of the picture moves
 * @param {number} turn of the tiles that do not move, another one each time
 * @param {number} aspect width of the picture over its height
 * @returns {Box[]}
 */
export function spots(near, blocks, turn, aspect) {
  const all = tiles(aspect, TILES[turn % TILES.length] ?? TILES[0]);
  const places = near === null ? [] : [squareRound(near, aspect)];
  if (blocks !== null && blocks.values.some((amount) => amount !== 0)) {
    const moving = all.map((tile) => ({ tile, amount: amountIn(blocks, tile) }))
      .sort((one, two) => two.amount - one.amount).map(({ tile }) => tile);
    places.push(...moving.slice(0, MOVING_TILES));
  }
  const next = all[Math.floor(turn / TILES.length) % all.length];
  return next === undefined || places.includes(next) ? places : [...places, next];
}

/**
 * Where hands are looked for; `null` where that is the whole picture. A detector of palms
 * sees what it is shown at 192 pixels: of somebody far from the camera, or before a wide
 * one, it would find hands as seldom as they are small.
 * @param {Box} face
 * @param {number} aspect width of the picture over its height
 * @returns {Box | null}
 */
export function signingSpace(face, aspect) {
  const side = REACH * sizeOf(face, aspect);
  if (side >= Math.max(aspect, 1)) return null;
  const across = face.left + face.width / 2;
  return square(across, face.top + (0.5 + CHIN) * face.height, side, aspect);
}

/**
 * A face that was found in a part of the picture, placed in the whole.
 * @param {FaceSeen} face
 * @param {Box} spot
 * @returns {FaceSeen}
 */
export function placed({ score, box }, spot) {
  return {
    score,
    box: {
      left: spot.left + box.left * spot.width,
      top: spot.top + box.top * spot.height,
      width: box.width * spot.width,
      height: box.height * spot.height,
    },
  };
}

/**
 * A face ends above its brows: at the very edge the forehead is outside.
 * @param {Box} box
 * @param {FaceRule} rule
 */
function cuts({ left, top, width, height }, { edge_margin, cut_share }) {
  return top < edge_margin || left < -cut_share * width ||
    left + width > 1 + cut_share * width || top + height > 1 + cut_share * height;
}

/**
 * A face that is known is believed sooner, unless half of it may be outside.
 * @param {FaceSeen} face
 * @param {FaceSeen | null} before
 * @param {FaceRule} rule
 */
function isSure({ score, box }, before, rule) {
  if (score >= rule.sure_score) return true;
  const known = before !== null && isLike(box, before.box, rule);
  return known && !touches(box, rule) && score >= rule.known_score;
}

/**
 * It ends at an edge: of half a face the detector makes a whole one inside.
 * @param {Box} box
 * @param {FaceRule} rule
 */
function touches({ left, top, width, height }, { edge_margin }) {
  return Math.min(left, top, 1 - left - width, 1 - top - height) < edge_margin;
}

/**
 * About as large as it was: what fills a blurred picture is no face.
 * @param {Box} box
 * @param {Box} before
 * @param {FaceRule} rule
 */
function isLike(box, before, { like_ratio }) {
  const ratio = box.height / before.height;
  return 1 / like_ratio <= ratio && ratio <= like_ratio;
}

/**
 * @param {Box} face
 * @param {number} aspect
 */
function squareRound(face, aspect) {
  const [across, down] = [face.left + face.width / 2, face.top + face.height / 2];
  return square(across, down, NEAR * sizeOf(face, aspect), aspect);
}

/**
 * The longer side of a face, as a share of the picture's height.
 * @param {Box} face
 * @param {number} aspect
 */
function sizeOf(face, aspect) {
  return Math.max(face.width * aspect, face.height);
}

/**
 * The square round a place, moved into the picture; its side is of the height.
 * @param {number} across
 * @param {number} down
 * @param {number} side
 * @param {number} aspect
 * @returns {Box}
 */
function square(across, down, side, aspect) {
  const [width, height] = [Math.min(side / aspect, 1), Math.min(side, 1)];
  const [left, top] = [across - width / 2, down - height / 2];
  return {
    left: Math.min(Math.max(left, 0), 1 - width),
    top: Math.min(Math.max(top, 0), 1 - height),
    width,
    height,
  };
}

/**
 * @param {number} aspect
 * @param {number} share of the picture's shorter side
 * @returns {Box[]}
 */
function tiles(aspect, share) {
  const height = share * Math.min(aspect, 1);
  const width = height / aspect;
  return starts(height).flatMap((top) =>
    starts(width).map((left) => ({ left, top, width, height }))
  );
}

/** @param {number} length */
function starts(length) {
  const steps = Math.ceil((1 - length) / (STEP * length));
  return Array.from({ length: steps + 1 }, (_, step) => (1 - length) * step / steps);
}

/**
 * How much a tile moves.
 * @param {Blocks} blocks
 * @param {Box} tile
 */
function amountIn({ columns, rows, values }, tile) {
  let sum = 0;
  const [top, left] = [Math.trunc(tile.top * rows), Math.trunc(tile.left * columns)];
  for (let y = top; y < Math.ceil((tile.top + tile.height) * rows); y += 1) {
    for (let x = left; x < Math.ceil((tile.left + tile.width) * columns); x += 1) {
      sum += values[y * columns + x] ?? 0;
    }
  }
  return sum;
}

/**
 * @template One
 * @param {readonly One[]} all
 * @param {(one: One) => number} amount
 * @returns {One | null}
 */
function most(all, amount) {
  return all.reduce(
    (/** @type {One | null} */ best, one) =>
      best === null || amount(one) > amount(best) ? one : best,
    null,
  );
}
