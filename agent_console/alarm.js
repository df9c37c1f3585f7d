/** A ring that is seen with another window on top: title, icon, notification, phone. */

import { text } from "../signaling/browser/texts.js";

const QUIET_ICON = "/assets/signaling/browser/icon.svg";
const RINGING_ICON = "/assets/agent_console/ringing.svg";

/** @type {Notification | null} */
let shown = null;

/** Ask once, on a press of the agent: browsers want a gesture. */
export function allowAlarm() {
  if (globalThis.Notification?.permission === "default") {
    void Notification.requestPermission();
  }
}

/**
 * Ring or be quiet.
 * @param {string | null} company who calls; `null` ends the ring
 */
export function ring(company) {
  const link = document.querySelector("link[rel=icon]");
  link?.setAttribute("href", company === null ? QUIET_ICON : RINGING_ICON);
  document.title = company === null
    ? text("console-title")
    : `● ${text("ring-title", { company })}`;
  shown?.close();
  shown = null;
  if (company === null) return;
  navigator.vibrate?.([400, 200, 400]);
  if (globalThis.Notification?.permission !== "granted") return;
  shown = new Notification(text("ring-title", { company }), {
    requireInteraction: true,
    tag: "illico-ring",
  });
  shown.onclick = () => globalThis.focus();
}
