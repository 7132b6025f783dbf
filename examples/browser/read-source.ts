import { readMat, readNpy, readNpz, type Label, type MatContent, type NpyContent, type Tensor } from "ltrnn";
import { readMat73, readNwb } from "ltrnn/hdf5";
import type { Source } from "./source";

/** What a file holds, by the ending of its name. */
export async function readSource(name: string, bytes: Uint8Array): Promise<Source> {
  const ending = /\.(\w+)$/.exec(name)?.[1].toLowerCase();
  if (ending === "nwb") {
    const { spikeTimes, trials } = await readNwb(bytes);
    return { name, arrays: {}, labels: listsOf(trials.columns), spikes: spikeTimes };
  }
  if (ending === "npy") return sourceOf(name, { array: readNpy<NpyContent>(bytes) });
  if (ending === "npz") return sourceOf(name, readNpz<Record<string, NpyContent>>(bytes));
  if (ending === "mat")
    return sourceOf(
      name,
      isHdf5(bytes) ? await readMat73<Record<string, MatContent>>(bytes) : readMat<Record<string, MatContent>>(bytes),
    );
  throw new Error(`Expected a file that ends in .npy, .npz, .nwb or .mat, got ${name}.`);
}

/** A MATLAB file of version 7.3 says so at its beginning. */
const isHdf5 = (bytes: Uint8Array) => new TextDecoder().decode(bytes.subarray(0, 10)) === "MATLAB 7.3";

function sourceOf(name: string, contents: Readonly<Record<string, NpyContent | MatContent>>): Source {
  const arrays: Record<string, Tensor> = {},
    lists: Record<string, ArrayLike<Label>> = {};
  for (const [key, content] of Object.entries(contents)) {
    const shape = "shape" in content ? content.shape : [content.data.length],
      { data } = content;
    if (data instanceof Float64Array && shape.length === 3) arrays[key] = { shape, data };
    // MATLAB's lists are (n × 1) or (1 × n)
    else if (data.length > 0 && shape.filter((size) => size !== 1).length <= 1) {
      const list = labelsOf(data);
      if (list) lists[key] = list;
    }
  }
  if (Object.keys(arrays).length === 0)
    throw new Error(
      `Expected an array of three modes (trials, time, neurons), got ${name} with ` +
        `${Object.keys(contents).join(", ") || "nothing"}.`,
    );
  return { name, arrays, labels: listsOf(lists) };
}

/** One label per entry; a cell of MATLAB holds texts of one row. */
function labelsOf(data: ArrayLike<unknown>): Label[] | undefined {
  const list = Array.from(data, (entry) => {
    const inside = (entry as { readonly data?: ArrayLike<unknown> } | null)?.data;
    return inside?.length === 1 ? inside[0] : entry;
  });
  return list.every((x) => ["string", "number", "bigint", "boolean"].includes(typeof x))
    ? (list as Label[])
    : undefined;
}

const listsOf = (columns: Readonly<Record<string, ArrayLike<Label>>>): Record<string, readonly Label[]> =>
  Object.fromEntries(Object.entries(columns).map(([key, list]) => [key, Array.from(list)]));
