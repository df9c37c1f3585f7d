/** Why signing cannot be read: the closed list, ranked, and which one hides which. */

/** The first that holds is told first. */
export const RANKED = /** @type {const} */ ([
  "camera_covered",
  "frozen",
  "too_dark",
  "backlit",
  "too_close",
  "too_far",
  "hands_never_seen",
  "hands_cut",
  "face_cut",
  "blurred",
  "low_contrast",
  "low_frame_rate",
  "low_resolution",
]);

/** @typedef {typeof RANKED[number]} Reason */

/** With one of these nothing can be read; with any other, some of it. */
/** @type {ReadonlySet<Reason>} */
export const LOST = new Set(["camera_covered", "frozen", "hands_never_seen"]);

/** @type {readonly Reason[]} */
const HANDS = ["hands_never_seen", "hands_cut"];

/** A cause, and what it would only repeat: in the dark no hand is found. */
/** @type {Readonly<Partial<Record<Reason, readonly Reason[]>>>} */
export const HIDES = {
  camera_covered: RANKED.slice(1),
  frozen: RANKED.slice(2),
  too_dark: [
    ...HANDS,
    "backlit",
    "face_cut",
    "blurred",
    "low_contrast",
    "low_frame_rate",
  ],
  backlit: ["hands_never_seen", "face_cut", "blurred", "low_contrast"],
  too_close: ["low_contrast"],
  too_far: [...HANDS, "face_cut", "low_contrast"],
  hands_cut: ["low_contrast"],
  face_cut: ["hands_never_seen"],
  blurred: [...HANDS, "face_cut", "low_contrast"],
};
