/** Where the models and the machine that runs them lie; nothing is fetched from others. */

/** The folder of MediaPipe's WebAssembly. */
export const WASM = new URL("../vendor/tasks-vision/wasm", import.meta.url).pathname;

// The server lets a file that is asked for by its hash be kept for ever.
export const FACE =
  "/assets/eye/face_detection_short_range.tflite?sha256=bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8";
export const HANDS =
  "/assets/eye/hand_landmarker.task?sha256=fbc2a30080c3c557093b5ddfc334698132eb341044ccee322ccf8bcf3607cde1";
export const THRESHOLDS = "/assets/eye/thresholds.json";
