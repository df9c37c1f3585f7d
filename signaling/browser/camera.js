/** The camera: opened only when somebody is about to see the picture. */

/** @typedef {"off" | "asking" | "on" | "refused" | "absent" | "busy"} CameraState */

/** 4:3 leaves room for both arms; frames matter more than pixels (EN 301 549 §6.5). */
const PICTURE = {
  width: { ideal: 640 },
  height: { ideal: 480 },
  frameRate: { ideal: 30 },
  facingMode: "user",
};

/**
 * Ask for the camera.
 * @returns {Promise<{ state: CameraState, stream: MediaStream | null }>}
 */
export async function openCamera() {
  if (!navigator.mediaDevices) return { state: "absent", stream: null };
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: PICTURE });
    for (const track of stream.getVideoTracks()) track.contentHint = "motion";
    return { state: "on", stream };
  } catch (error) {
    return { state: whyNot(error), stream: null };
  }
}

/**
 * What a refusal of `getUserMedia` means for people.
 * @param {unknown} error
 * @returns {CameraState}
 */
export function whyNot(error) {
  const name = error instanceof Error ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "refused";
  if (name === "NotReadableError" || name === "AbortError") return "busy";
  return "absent";
}

/**
 * Switch the camera off: its light goes out.
 * @param {MediaStream | null} stream
 */
export function closeCamera(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/**
 * The microphone, for those who want sound too.
 * @returns {Promise<MediaStreamTrack | null>}
 */
export async function openMicrophone() {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    return stream.getAudioTracks()[0] ?? null;
  } catch {
    return null;
  }
}
