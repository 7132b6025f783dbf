import { fail, isRecord, show } from "../base";
import { checkTensor, type Tensor } from "../tensor";

/** What MATLAB takes for a name. */
const identifier = /^[A-Za-z]\w{0,62}$/;

/**
 * A MATLAB file (version 5, as `save -v6` writes it) with tensors as arrays of doubles, for `load` in MATLAB and Octave
 * and `scipy.io.loadmat`. A vector of n entries becomes (n × 1).
 *
 * @param arrays - tensors by the names of variables
 * @throws {@link LtrnnError} when there are none, a name is none that MATLAB takes, or an array takes 2 GiB or more
 * @remarks O(entries).
 * @see MathWorks, MAT-File Format
 * @example writeMat({ rates: zeros([3, 2]) }).length // 240
 */
export function writeMat(arrays: Readonly<Record<string, Tensor>>): Uint8Array<ArrayBuffer> {
  const where = "writeMat",
    given: unknown = arrays;
  if (!isRecord(given) || Object.keys(given).length === 0)
    fail(where, {
      expected: "a record of tensors by name, at least one",
      got: show(given),
      fix: "Pass { rates: x }.",
    });
  const elements = Object.entries(arrays).map(([name, x]) => {
    if (!identifier.test(name))
      fail(where, {
        expected: "names of letters, digits and underscores that begin with a letter, at most 63",
        got: show(name),
        fix: "Rename the array.",
      });
    checkTensor(where, name, x);
    if (x.data.length >= 268435456)
      fail(where, {
        expected: `${name} below 2 GiB, the limit of the format`,
        got: `${x.data.length} entries`,
        fix: "Save it in parts, or as .npz.",
      });
    return elementOf(name, x);
  });
  const header = new Uint8Array(128).fill(32, 0, 116);
  header.set(ascii("MATLAB 5.0 MAT-file, written by ltrnn"));
  header.set([0, 1, 0x49, 0x4d], 124);
  const bytes = new Uint8Array(elements.reduce((size, element) => size + element.length, 128));
  bytes.set(header);
  let at = 128;
  for (const element of elements) {
    bytes.set(element, at);
    at += element.length;
  }
  return bytes;
}

const ascii = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const padded = (size: number) => Math.ceil(size / 8) * 8;

function elementOf(name: string, { shape, data }: Tensor): Uint8Array {
  const sizes = shape.length >= 2 ? shape : [shape[0] ?? 1, 1],
    total = 16 + 8 + padded(4 * sizes.length) + 8 + padded(name.length) + 8 + 8 * data.length;
  const bytes = new Uint8Array(8 + total),
    view = new DataView(bytes.buffer);
  let at = 0;
  const tag = (type: number, size: number) => {
    view.setUint32(at, type, true);
    view.setUint32(at + 4, size, true);
    at += 8;
  };
  tag(14, total);
  tag(6, 8);
  view.setUint32(at, 6, true); // class double
  at += 8;
  tag(5, 4 * sizes.length);
  for (const [mode, size] of sizes.entries()) view.setInt32(at + 4 * mode, size, true);
  at += padded(4 * sizes.length);
  tag(1, name.length);
  bytes.set(ascii(name), at);
  at += padded(name.length);
  tag(9, 8 * data.length);
  // the first index runs fastest
  const strides = sizes.map((_, mode) => sizes.slice(mode + 1).reduce((product, size) => product * size, 1)),
    index = sizes.map(() => 0);
  for (let i = 0, from = 0; i < data.length; i++, at += 8) {
    view.setFloat64(at, data[from], true);
    for (let mode = 0; mode < sizes.length; mode++) {
      from += strides[mode];
      if (++index[mode] < sizes[mode]) break;
      from -= strides[mode] * sizes[mode];
      index[mode] = 0;
    }
  }
  return bytes;
}
