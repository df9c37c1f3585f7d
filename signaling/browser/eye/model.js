/** The words of the eye in a page: those of `relay/eye/model.py`, with the same names. */

/**
 * Shares of the picture's width and height; it may lie partly outside.
 * @typedef {object} Box
 * @property {number} left
 * @property {number} top
 * @property {number} width
 * @property {number} height
 */

/**
 * A face, from the brows to the chin.
 * @typedef {object} FaceSeen
 * @property {number} score how sure the detector is, 0 to 1
 * @property {Box} box
 */

/**
 * What the place of the face says of the picture's frame.
 * @typedef {object} FrameSeen
 * @property {boolean} seen there is a face, or what may be one
 * @property {boolean} sure it is one; without that the lengths are 0 and say nothing
 * @property {number} height of the face, as a share of the picture's height
 * @property {number} width of the face, as a share of the picture's width
 * @property {number} below face heights from the chin to the picture's end
 * @property {number} beside face widths beside it, on the narrower side
 * @property {boolean} cut the face is partly outside
 * @property {boolean} gone there was one some seconds ago
 */

/**
 * What one check found of hands; the landmarks stay in the worker.
 * @typedef {object} HandsSeen
 * @property {number} count
 * @property {number} cut_share of the landmarks of the worst hand, those outside
 */

/**
 * The light on somebody whose face was found lately.
 * @typedef {object} PersonLight
 * @property {number} face a tenth of the face is brighter
 * @property {number} around a quarter of what is beside the person is brighter
 * @property {number} dark 5 % of the part with head and body is darker
 * @property {number} bright 5 % of it is brighter
 */

/**
 * What one looked-at picture measured; luma is 0 (black) to 255 (white), `null` what
 * was not looked at.
 * @typedef {object} Sample
 * @property {number} at seconds
 * @property {readonly [number, number]} size width and height in pixels
 * @property {number} luma_mean
 * @property {number} luma_p5
 * @property {number} luma_p95
 * @property {number} contrast standard deviation of luma
 * @property {number} texture the same, but within blocks
 * @property {number | null} edge how wide the sharper ones of the strong edges are
 * @property {number} quantizer 0: no coding lies between a camera and its page
 * @property {number | null} moving_share blocks that changed since the sample before
 * @property {number | null} shift the largest change of a block's mean
 * @property {number | null} difference the mean change of a pixel
 * @property {PersonLight | null} person
 * @property {FrameSeen | null} frame
 * @property {HandsSeen | null} hands
 */

/**
 * `relay/eye/thresholds.json`, as far as a page reads it; its README has the words.
 * @typedef {object} Thresholds
 * @property {number} window_s
 * @property {number} stride_s
 * @property {number} min_samples
 * @property {number} raise_share
 * @property {number} keep_share
 * @property {{ interval_s: number, face_interval_s: number }} sampling
 * @property {{ block_change: number, moving_share: number, stirring_share: number }} motion
 * @property {FaceRule} face
 * @property {{ contrast_below: number, texture_below: number }} camera_covered
 * @property {{ span_s: number, min_samples: number, difference_below: number,
 *   shift_below: number, silence_s: number, raise_share: number, keep_share: number
 *   }} frozen
 * @property {{ raise_mean_below: number, keep_mean_below: number,
 *   raise_white_below: number, keep_white_below: number }} too_dark
 * @property {{ raise_ratio_above: number, keep_ratio_above: number,
 *   around_above: number }} backlit
 * @property {{ raise_below: number, keep_below: number }} low_contrast
 * @property {{ raise_edge_above: number, keep_edge_above: number }} blurred
 * @property {{ raise_height_above: number, keep_height_above: number,
 *   raise_width_above: number, keep_width_above: number }} too_close
 * @property {{ raise_height_below: number, keep_height_below: number }} too_far
 * @property {{ raise_below_under: number, keep_below_under: number,
 *   raise_beside_under: number, keep_beside_under: number, landmark_share: number,
 *   min_checks: number }} hands_cut
 * @property {{ span_s: number, span_unseen_s: number, raise_share: number,
 *   keep_share: number, min_checks: number }} face_cut
 * @property {{ span_s: number, memory_s: number, chance_below: number,
 *   usual_share: number, usual_weight: number, tight_checks: number,
 *   quantizer_at_most: number, raise_moving_share: number, keep_moving_share: number
 *   }} hands_never_seen
 * @property {{ span_s: number, raise_below: number, keep_below: number }} low_frame_rate
 * @property {{ raise_long_below: number, keep_long_below: number,
 *   raise_short_below: number, keep_short_below: number }} low_resolution
 */

/**
 * @typedef {{ seen_score: number, known_score: number, sure_score: number,
 *   memory_s: number, light_s: number, edge_margin: number, cut_share: number, like_ratio: number
 *   }} FaceRule
 */

export {};
