/** A ring that is seen with another window on top: title, icon, notification, phone. */

import { every } from "./clock.js";

const QUIET_ICON = "/assets/signaling/browser/icon.svg";
const RINGING_ICON = "/assets/signaling/browser/ringing.svg";
const AGAIN_MS = 5000;

/** @type {Notification | null} */
let shown = null;
/** @type {string | null} the title of a quiet page; `null` while it is quiet */
let quiet = null;
let stopShaking = () => {};

/** Ask once, on a press of the person: browsers want a gesture. */
export function allowAlarm() {
  if (globalThis.Notification?.permission === "default") {
    void Notification.requestPermission();
  }
}

/**
 * Ring or be quiet.
 * @param {string | null} sentence why it rings; `null` ends the ring
 */
export function ring(sentence) {
  stopShaking();
  shown?.close();
  shown = null;
  const link = document.querySelector("link[rel=icon]");
  link?.setAttribute("href", sentence === null ? QUIET_ICON : RINGING_ICON);
  if (sentence === null) {
    document.title = quiet ?? document.title;
    quiet = null;
    return;
  }
  quiet ??= document.title;
  document.title = `● ${sentence}`;
  shake();
  stopShaking = every(AGAIN_MS, shake);
  if (globalThis.Notification?.permission !== "granted") return;
  try {
    shown = new Notification(sentence, {
      requireInteraction: true,
      tag: "illico-ring",
    });
    shown.onclick = () => globalThis.focus();
  } catch { /* Chromium on Android shows none from a page; it still shakes */ }
}

function shake() {
  navigator.vibrate?.([400, 200, 400]);
}
