/** Real-time text (T.140): what a field's change means, and what a reader sees. */

/** @import { Speaker } from "./wire.js" */

/**
 * One line of the conversation; `done` once its writer went to the next.
 * @typedef {object} Line
 * @property {number} id
 * @property {Speaker} speaker
 * @property {string} text
 * @property {boolean} done
 */

export const ERASE = "\u0008";
export const LINE_END = "\u2028";

/** How many characters one message may carry. */
export const CHUNK = 500;

const LINES = 400;
const CONTROL = /[\p{Cc}\uFEFF]/u;

/**
 * The characters that turn one text into another, for somebody who sees both grow.
 * @param {string} before
 * @param {string} after
 */
export function difference(before, after) {
  const old = Array.from(before);
  const fresh = Array.from(after);
  let same = 0;
  while (same < old.length && old[same] === fresh[same]) same += 1;
  const added = fresh.slice(same).join("").replaceAll("\n", LINE_END);
  return ERASE.repeat(old.length - same) + added;
}

/**
 * Cut a long piece so that each part fits a message; no character is split.
 * @param {string} chars
 */
export function chunks(chars) {
  const all = Array.from(chars);
  const parts = [];
  for (let from = 0; from < all.length; from += CHUNK) {
    parts.push(all.slice(from, from + CHUNK).join(""));
  }
  return parts;
}

/**
 * Let a speaker's characters reach the page.
 * @param {readonly Line[]} lines
 * @param {Speaker} speaker
 * @param {string} chars
 * @returns {readonly Line[]}
 */
export function write(lines, speaker, chars) {
  return Array.from(chars).reduce((all, char) => step(all, speaker, char), lines)
    .slice(-LINES);
}

/**
 * End a speaker's open line: the next words are somebody else's.
 * @param {readonly Line[]} lines
 * @param {Speaker} speaker
 * @returns {readonly Line[]}
 */
export function endLines(lines, speaker) {
  return lines.map((line) => line.speaker === speaker ? { ...line, done: true } : line);
}

/**
 * @param {readonly Line[]} lines
 * @param {Speaker} speaker
 * @param {string} char
 * @returns {readonly Line[]}
 */
function step(lines, speaker, char) {
  const open = lines.findLast((line) => line.speaker === speaker && !line.done);
  if (char === ERASE) return erase(lines, speaker, open);
  if (char === LINE_END || char === "\n") {
    return open ? replace(lines, { ...open, done: true }) : lines;
  }
  if (CONTROL.test(char)) return lines;
  if (open) return replace(lines, { ...open, text: open.text + char });
  const id = (lines.at(-1)?.id ?? 0) + 1;
  return [...lines, { id, speaker, text: char, done: false }];
}

/**
 * Erase a character; an empty line gives way to the one before it.
 * @param {readonly Line[]} lines
 * @param {Speaker} speaker
 * @param {Line | undefined} open
 * @returns {readonly Line[]}
 */
function erase(lines, speaker, open) {
  const line = open ?? lines.findLast((other) => other.speaker === speaker);
  if (line === undefined) return lines;
  const text = Array.from(line.text).slice(0, -1).join("");
  if (open && text === "") return lines.filter((other) => other.id !== line.id);
  return replace(lines, open ? { ...line, text } : { ...line, done: false });
}

/**
 * @param {readonly Line[]} lines
 * @param {Line} line
 */
function replace(lines, line) {
  return lines.map((other) => other.id === line.id ? line : other);
}
