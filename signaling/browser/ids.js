/** Names that a page gives to what it begins. */

/** 128 random bits in hexadecimal: for requests and legs; nobody else can guess it. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
