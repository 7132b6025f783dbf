import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { isRecord } from "../base";
import { fromJson, readMat, readNpy, readNpz, type NpyArray, type NpyText } from "../data";
import { readHdf5, readMat73 } from "../hdf5";
import { select, type Tensor } from "../tensor";
import { RefusedError, UsageError, reasonOf, textOf, type Call } from "./command";

type Labels = readonly (number | string)[];
type Content = NpyArray | NpyText | Tensor;

/** Readers of files by suffix, each to arrays by name: the one place where formats are chosen. */
const readers: Readonly<Record<string, (bytes: Uint8Array) => object | Promise<object>>> = {
  ".npz": (bytes) => readNpz<Record<string, NpyArray | NpyText>>(bytes),
  ".npy": (bytes) => ({ array: readNpy<NpyArray | NpyText>(bytes) }),
  ".mat": (bytes) => (isMat73(bytes) ? readMat73(bytes) : readMat(bytes)),
  ".h5": (bytes) => readHdf5(bytes),
  ".hdf5": (bytes) => readHdf5(bytes),
};

const isMat73 = (bytes: Uint8Array) => new TextDecoder().decode(bytes.subarray(0, 10)) === "MATLAB 7.3";

/** The bytes of a file. */
export function bytesIn(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UsageError(`${file}: ${reasonOf(error)}`);
  }
}

/** What toJson saved in a file. */
export function recordIn<T>(file: string): T {
  const bytes = bytesIn(file);
  try {
    return fromJson<T>(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new RefusedError(`${file}: ${reasonOf(error)}`);
  }
}

/** All arrays of a file. */
export async function arraysIn(file: string): Promise<Readonly<Record<string, unknown>>> {
  const reader = readers[extname(file).toLowerCase()];
  if (!reader)
    throw new UsageError(
      `${file}: expected a file that ends in ${Object.keys(readers).join(", ")}.` +
        (/\.nwb$/i.test(file) ? " ltrnn convert makes an .npz of an .nwb file." : ""),
    );
  return (await reader(bytesIn(file))) as Readonly<Record<string, unknown>>;
}

export const isTensor = (value: unknown): value is Tensor => (value as Tensor | null)?.data instanceof Float64Array;

/** Numbers or texts with a shape, whichever format they come from; undefined where it is neither. */
function contentOf(value: unknown): Content | undefined {
  if (isTensor(value)) return value;
  if (!isRecord(value) || !Array.isArray(value.data)) return undefined;
  const { class: kind, data: all } = value as { readonly class?: unknown; readonly data: readonly unknown[] },
    data: readonly unknown[] = Object.values(all); // without cells that are refused, which throw when they are read
  if (data.length !== all.length) return undefined;
  // MATLAB's labels: rows of characters, or cells with one text each
  const texts =
      kind === "cell" ? data.map((cell) => (isRecord(cell) && cell.class === "char" ? cell.data : cell)) : data,
    flat = texts.flat();
  if (flat.length !== data.length || !flat.every((text) => typeof text === "string")) return undefined;
  return { shape: Array.isArray(value.shape) ? value.shape : [flat.length], data: flat, dtype: "U" };
}

/** An array by name; without a name the only tensor of `modes` modes or more. */
function arrayOf(
  file: string,
  arrays: Readonly<Record<string, unknown>>,
  name: string | undefined,
  modes: number,
): Content {
  const list = Object.entries(arrays)
    .flatMap(([key, value]) => {
      const content = contentOf(value);
      return content ? [`  ${key} (${content.shape.join(" × ")})`] : [];
    })
    .join("\n");
  if (name !== undefined) {
    const found = Object.hasOwn(arrays, name) ? contentOf(arrays[name]) : undefined;
    if (!found) throw new UsageError(`${file} has no array called ${name}. It has\n${list}`);
    return found;
  }
  const fitting = Object.values(arrays).filter(
    (value): value is Tensor => isTensor(value) && value.shape.length >= modes,
  );
  if (fitting.length !== 1) throw new UsageError(`${file}: name the array with --array. It has\n${list}`);
  return fitting[0];
}

/** Data of a command: the array, its labels, and the range of trials and bins that was asked for. */
export interface CommandData {
  readonly tensor: Tensor;
  readonly conditions?: Labels;
  readonly epochs?: Labels;
}

/** Read the file that a command line names. */
export async function readData(call: Call, file: string, modes = 2): Promise<CommandData> {
  const arrays = await arraysIn(file),
    whole = arrayOf(file, arrays, textOf(call, "array"), modes);
  if (!isTensor(whole)) throw new UsageError(`--array: expected numbers, got text.`);
  const trials = rangeOf(call, "trials", whole.shape[0]),
    time = rangeOf(call, "time", whole.shape[1]);
  let tensor: Tensor = { shape: whole.shape, data: whole.data };
  if (trials) tensor = select(tensor, 0, trials);
  if (time) tensor = select(tensor, 1, time);
  const labels = (option: string): Labels | undefined => {
    const name = textOf(call, option);
    if (name === undefined) return undefined;
    const { shape, data } = arrayOf(file, arrays, name, 1);
    if (shape.reduce((product, size) => product * size, 1) !== whole.shape[0])
      throw new UsageError(
        `--${option}: expected ${whole.shape[0]} labels, one per trial, got ${name} (${shape.join(" × ")}).`,
      );
    const all = Array.from<number | string>(data);
    return trials ? trials.map((k) => all[k]) : all;
  };
  const conditions = labels("condition"),
    epochs = labels("epoch");
  return { tensor, ...(conditions ? { conditions } : {}), ...(epochs ? { epochs } : {}) };
}

/** Indices of a range a:b, as Python slices. */
function rangeOf(call: Call, name: string, size: number): number[] | undefined {
  const text = textOf(call, name);
  if (text === undefined) return undefined;
  const match = /^(\d+):(\d+)$/.exec(text),
    [from, to] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || from >= to || to > size)
    throw new UsageError(`--${name}: expected a:b within 0:${size}, such as 0:${size}, got "${text}".`);
  return Array.from({ length: to - from }, (_, i) => from + i);
}
