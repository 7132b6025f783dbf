/** A text with U+FFFD for what XML cannot hold. */
export const writable = (text: string): string =>
  text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd");

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text for an HTML or XML document, in an element or between quotes. */
export const escapeText = (text: string): string => writable(text).replace(/[&<>"']/g, (one) => entities[one] ?? one);
