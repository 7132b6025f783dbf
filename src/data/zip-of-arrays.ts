import { fail, show } from "../base";
import { inWords, orWithoutMemory } from "./memory";
import { zip } from "./zip";

const mostBytes = 2147483648,
  mostArrays = 65535,
  longestName = 65535;

/** An array of an .npz file: its size is known before its bytes are made. */
export interface NamedArray {
  readonly name: string;
  readonly bytes: number;
  content(): Uint8Array;
}

/** The bytes of an .npz file, in the name of the public function `where`. */
export function zipOfArrays(where: string, arrays: readonly NamedArray[]): Uint8Array<ArrayBuffer> {
  if (arrays.length > mostArrays)
    fail(where, {
      expected: `at most ${mostArrays} arrays`,
      got: String(arrays.length),
      fix: "Stack arrays of one shape, or write several files.",
    });
  const names = arrays.map(({ name }) => fileName(where, name)),
    total = arrays.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total >= mostBytes)
    fail(where, {
      expected: `arrays of less than ${inWords(mostBytes)} together`,
      got: inWords(total),
      fix: "Write several files.",
    });
  return orWithoutMemory(where, "the file", () =>
    zip(arrays.map(({ content }, i) => ({ name: names[i], content: content() }))),
  );
}

/** The name of an array as a zip holds it. */
function fileName(where: string, name: string): Uint8Array {
  const refuse = (expected: string, got: string): never => fail(where, { expected, got, fix: "Rename the array." });
  if (name === "") refuse("a name for every array", "an empty one");
  if (name.includes("\0") || /\p{Surrogate}/u.test(name)) refuse("names made of whole characters", show(name));
  const bytes = new TextEncoder().encode(`${name}.npy`);
  return bytes.length <= longestName
    ? bytes
    : refuse(`names of at most ${longestName - 4} bytes`, `one of ${bytes.length - 4}`);
}
