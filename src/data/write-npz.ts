import { fail, isRecord, show } from "../base";
import { checkTensor, type Tensor } from "../tensor";
import { inWords, orWithoutMemory } from "./memory";
import { formatNpy } from "./write-npy";
import { zip, type ZipFile } from "./zip";

const mostBytes = 2147483648,
  mostArrays = 65535,
  longestName = 65535;

/**
 * The bytes of an .npz file (deflated) of tensors by name, that `numpy.load` and {@link readNpz} read back bit for bit.
 * The same tensors give the same bytes.
 *
 * @throws {@link LtrnnError} when there is no array or a value is no tensor; when a name is empty, holds a zero byte or
 * half of a character, or is longer than 65 531 bytes of UTF-8; and for more than 65 535 arrays, or 2 GiB
 * @remarks `O(entries)`, about 30 ms per megabyte: deflating is the work.
 * @example Object.keys(readNpz(writeNpz({ rates: zeros([3, 2]), weights: zeros([2, 2]) }))) // ["rates", "weights"]
 */
export function writeNpz(arrays: Readonly<Record<string, Tensor>>): Uint8Array<ArrayBuffer> {
  if (!isRecord(arrays))
    fail("writeNpz", { expected: "a record of tensors by name", got: show(arrays), fix: "Pass { name: tensor }." });
  const entries = Object.entries(arrays);
  if (entries.length === 0)
    fail("writeNpz", { expected: "at least one array", got: "an empty record", fix: "Pass { name: tensor }." });
  if (entries.length > mostArrays)
    fail("writeNpz", {
      expected: `at most ${mostArrays} arrays`,
      got: String(entries.length),
      fix: "Stack arrays of one shape, or write several files.",
    });
  const names = entries.map(([name]) => fileName(name));
  for (const [name, x] of entries) checkTensor("writeNpz", name, x);
  const total = entries.reduce((sum, [, { data }]) => sum + 8 * data.length, 0);
  if (total >= mostBytes)
    fail("writeNpz", {
      expected: `arrays of less than ${inWords(mostBytes)} together`,
      got: inWords(total),
      fix: "Write several files.",
    });
  return orWithoutMemory("writeNpz", "the file", () => {
    const files = entries.map(([, x], i): ZipFile => ({ name: names[i], content: formatNpy(x) }));
    return zip(files);
  });
}

/** The name of an array as a zip holds it. */
function fileName(name: string): Uint8Array {
  const refuse = (expected: string, got: string): never =>
    fail("writeNpz", { expected, got, fix: "Rename the array." });
  if (name === "") refuse("a name for every array", "an empty one");
  if (name.includes("\0") || /\p{Surrogate}/u.test(name)) refuse("names made of whole characters", show(name));
  const bytes = new TextEncoder().encode(`${name}.npy`);
  return bytes.length <= longestName
    ? bytes
    : refuse(`names of at most ${longestName - 4} bytes`, `one of ${bytes.length - 4}`);
}
