/** Looks for a face and for hands beside the page, so that no picture waits for it. */

import {
  FaceDetector,
  FilesetResolver,
  HandLandmarker,
} from "../vendor/tasks-vision/vision_bundle.mjs";
import { bestOf, placed } from "./geometry.js";
import { FACE, HANDS, WASM } from "./models.js";

/** @import { Found, Glance } from "./helper.js" */
/** @import { Box, FaceRule, FaceSeen, HandsSeen } from "./model.js" */

const WHOLE = { left: 0, top: 0, width: 1, height: 1 };
const factory = /** @type {{ ModuleFactory?: unknown }} */ (self);
const answer = /** @type {(found: Found) => void} */ (self.postMessage.bind(self));

/** @type {FaceDetector | undefined} */
let faces;
/** @type {HandLandmarker | undefined} */
let hands;
/** @type {Promise<void>} one picture after the other */
let last = Promise.resolve();

self.onmessage = (/** @type {MessageEvent<Glance>} */ { data }) => {
  last = last.then(() => look(data));
};

/**
 * Look at one picture. A machine without WebGL fails at its first: it says so once,
 * and is asked no more.
 * @param {Glance} glance
 */
async function look({ picture, face, hands, spots, space, rule }) {
  try {
    if (face) await readyFaces(rule);
    if (hands) await readyHands();
    const began = performance.now();
    const found = {
      face: face ? findFace(picture, spots, rule) : null,
      hands: hands ? findHands(picture, space) : null,
    };
    answer({ ...found, ms: performance.now() - began, unable: null });
  } catch (error) {
    answer({ face: null, hands: null, ms: 0, unable: String(error) });
  } finally {
    picture.close();
  }
}

/** @param {FaceRule} rule */
async function readyFaces(rule) {
  faces ??= await FaceDetector.createFromOptions(await machine(), {
    baseOptions: { modelAssetPath: FACE, delegate: "CPU" },
    runningMode: "IMAGE",
    minDetectionConfidence: rule.seen_score,
  });
}

async function readyHands() {
  hands ??= await HandLandmarker.createFromOptions(await machine(), {
    baseOptions: { modelAssetPath: HANDS, delegate: "CPU" },
    runningMode: "IMAGE",
    numHands: 2,
  });
}

/**
 * Look at the whole picture; where it shows none, at parts of it until one has a sure
 * face.
 * @param {ImageBitmap} picture
 * @param {readonly Box[]} spots
 * @param {FaceRule} rule
 */
function findFace(picture, spots, rule) {
  const found = bestOf(facesIn(picture), rule);
  if (found !== null) return found;
  for (const spot of spots) {
    const near = bestOf(facesIn(part(picture, spot)), rule);
    if (near !== null && near.score >= rule.sure_score) return placed(near, spot);
  }
  return null;
}

/**
 * @param {ImageBitmap | OffscreenCanvas} picture
 * @returns {FaceSeen[]}
 */
function facesIn(picture) {
  const { width, height } = picture;
  return (faces?.detect(/** @type {ImageBitmap} */ (picture)).detections ?? [])
    .flatMap(({ boundingBox: box, categories }) =>
      box === undefined ? [] : [{
        score: categories[0]?.score ?? 0,
        box: {
          left: box.originX / width,
          top: box.originY / height,
          width: box.width / width,
          height: box.height / height,
        },
      }]
    );
}

/**
 * @param {ImageBitmap} picture
 * @param {Box} spot
 */
function part(picture, spot) {
  const [left, top] = [spot.left * picture.width, spot.top * picture.height];
  const width = Math.round(spot.width * picture.width);
  const height = Math.round(spot.height * picture.height);
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d")?.drawImage(picture, -Math.trunc(left), -Math.trunc(top));
  return canvas;
}

/**
 * Look in the whole picture, or in the part where somebody signs: beyond that it goes on.
 * @param {ImageBitmap} picture
 * @param {Box | null} space
 * @returns {HandsSeen}
 */
function findHands(picture, space) {
  const { left, top, width, height } = space ?? WHOLE;
  const shown = /** @type {ImageBitmap} */ (space ? part(picture, space) : picture);
  const cut = (hands?.detect(shown).landmarks ?? []).map((marks) =>
    marks.filter(({ x, y }) =>
      !isInside(left + x * width) || !isInside(top + y * height)
    ).length / marks.length
  );
  return { count: cut.length, cut_share: Math.max(0, ...cut) };
}

/** @param {number} share of a side of the picture */
function isInside(share) {
  return share >= 0 && share <= 1;
}

/** A task uses the loader's factory up, and a second import brings none: set it anew. */
async function machine() {
  const files = await FilesetResolver.forVisionTasks(WASM, true);
  const loader = await import(files.wasmLoaderPath);
  factory.ModuleFactory = loader.default;
  return files;
}
