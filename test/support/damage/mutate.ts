import type { Draw } from "../sweep";

/** Numbers that break programs: signs, ends of ranges, what is just beyond them. */
const edges = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

const pick = <T>(draw: Draw, items: readonly T[]): T => items[draw.int(0, items.length - 1)];

/** Bytes with one to four changes: bits, bytes, numbers of 2 and 4 bytes, parts cut out, doubled or from elsewhere. */
export function mutatedBytes(bytes: Uint8Array, other: Uint8Array, draw: Draw): Uint8Array {
  let out = Uint8Array.from(bytes);
  for (let left = draw.int(1, 4); left > 0 && out.length > 0; left--) {
    const position = draw.int(0, out.length - 1),
      length = draw.int(1, Math.min(64, out.length - position));
    const insert = (part: Uint8Array) =>
      Uint8Array.of(...out.subarray(0, position), ...part, ...out.subarray(position));
    switch (draw.int(0, 8)) {
      case 0:
      case 1:
        out[position] ^= 1 << draw.int(0, 7);
        break;
      case 2:
        out[position] = draw.int(0, 255);
        break;
      case 3: {
        const view = new DataView(out.buffer);
        if (position + 2 <= out.length) view.setUint16(position, pick(draw, edges) & 0xffff, true);
        break;
      }
      case 4: {
        const view = new DataView(out.buffer);
        if (position + 4 <= out.length) view.setUint32(position, pick(draw, edges), true);
        break;
      }
      case 5:
        out = out.slice(0, position);
        break;
      case 6:
        out = Uint8Array.of(...out.subarray(0, position), ...out.subarray(position + length));
        break;
      case 7:
        out = insert(out.slice(position, position + length));
        break;
      default: {
        const from = draw.int(0, Math.max(0, other.length - 64));
        out = insert(other.slice(from, from + length));
      }
    }
  }
  return out;
}

const pieces = [
  "null",
  "true",
  "[]",
  "{}",
  '"$"',
  "1e999",
  "-0",
  "NaN",
  '"constructor"',
  "__proto__",
  ",",
  ":",
  "[",
  "}",
  '"',
  "\\u0000",
  "-1",
  "1.5",
];

/** Text with one to four changes: characters changed, parts cut out or doubled, pieces of JSON put in. */
export function mutatedText(text: string, draw: Draw): string {
  let out = text;
  for (let left = draw.int(1, 4); left > 0 && out.length > 0; left--) {
    const position = draw.int(0, out.length - 1),
      length = draw.int(1, 12);
    const [before, rest] = [out.slice(0, position), out.slice(position)];
    switch (draw.int(0, 5)) {
      case 0:
        out = before + String.fromCharCode(draw.int(32, 126)) + rest.slice(1);
        break;
      case 1:
        out = before + rest.slice(length);
        break;
      case 2:
        out = before + rest.slice(0, length) + rest;
        break;
      case 3:
        out = before + pick(draw, pieces) + rest;
        break;
      case 4:
        out = before + pick(draw, pieces) + rest.slice(length);
        break;
      default:
        out = before;
    }
  }
  return out;
}

const junk = (draw: Draw): unknown =>
  pick<unknown>(draw, [
    null,
    undefined,
    true,
    "",
    "127",
    "constructor",
    "toString",
    -1,
    0,
    0.5,
    1e9,
    2 ** 40,
    Number.NaN,
    Infinity,
    [],
    {},
    [[]],
    [null],
    { $: "NaN" },
    { $: "nan" },
    { length: 4 },
    new Float64Array(2),
    5n,
  ]);

/** A copy of a plain record with one to three of its values changed, moved, renamed or left out. */
export function mutatedRecord(record: unknown, draw: Draw): unknown {
  let out = structuredClone(record);
  for (let left = draw.int(1, 3); left > 0; left--) out = changed(out, draw);
  return out;
}

function changed(value: unknown, draw: Draw): unknown {
  const holds = typeof value === "object" && value !== null;
  if (!holds || draw.int(0, 5) === 0) return junk(draw);
  if (value instanceof Float64Array) {
    if (value.length === 0) return junk(draw);
    if (draw.int(0, 2) === 0) return value.slice(0, draw.int(0, value.length - 1));
    value[draw.int(0, value.length - 1)] = pick(draw, [Number.NaN, Infinity, -0, 1e300, 7]);
    return value;
  }
  const keys = Object.keys(value);
  if (keys.length === 0) return junk(draw);
  const record = value as Record<string, unknown>,
    key = pick(draw, keys);
  if (Array.isArray(value)) {
    const index = Number(key),
      change = draw.int(0, 5);
    if (change === 0) value.splice(index, 1);
    else if (change === 1) value.splice(index, 0, value[index]);
    else value[index] = changed(value[index], draw);
    return value;
  }
  switch (draw.int(0, 7)) {
    case 0:
      delete record[key];
      break;
    case 1:
      record[`${key}x`] = record[key];
      delete record[key];
      break;
    case 2:
      record[key] = structuredClone(record[pick(draw, keys)]);
      break;
    default:
      record[key] = changed(record[key], draw);
  }
  return record;
}
