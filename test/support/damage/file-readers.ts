import {
  fromJson,
  listNpz,
  readMat,
  readNpy,
  readNpz,
  toJson,
  writeNpy,
  writeNpz,
  type MatContent,
  type NpyContent,
} from "../../../src/data";
import { tensor } from "../../../src/tensor";
import { bytesOf, npyOracle } from "../npy-oracle";
import { oracle } from "../oracle";
import type { Draw } from "../sweep";
import { zipOf } from "../zip-of";
import type { Reader } from "./damage";
import { mutatedBytes, mutatedText } from "./mutate";

const int64s = ["exact", "rounded", "bigint"] as const;
const pick = <T>(draw: Draw, items: readonly T[]): T => items[draw.int(0, items.length - 1)];

/** An array that was read is whole: as many entries as its shape says, all of one kind. */
function unfit({ shape, data, dtype }: NpyContent): string | undefined {
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) return `shape ${shape}`;
  const size = shape.includes(0) ? 0 : shape.reduce((product, n) => product * n, 1);
  if (data.length !== size) return `${data.length} entries for shape ${shape}`;
  const typed = data instanceof Float64Array || data instanceof BigInt64Array || data instanceof BigUint64Array;
  if (!typed && !data.every((text) => typeof text === "string")) return "entries of no type";
  return /^[<>|](?:b1|[iu][1248]|f[248]|[US]\d+|[Mm]8)/.test(dtype) ? undefined : `dtype ${dtype}`;
}

/** .npy files of every kind; the format has no checksum, so another valid array may come of a change. */
export function npyReader(): Reader {
  const files = [
    ...Object.values(npyOracle().cases).map(({ npy }) => bytesOf(npy)),
    writeNpy(tensor([40], new Float64Array(40).fill(1.5))),
  ];
  return {
    name: "readNpy",
    damaged: (draw) => {
      const bytes = mutatedBytes(pick(draw, files), pick(draw, files), draw),
        int64 = pick(draw, int64s);
      return { read: () => readNpy<NpyContent>(bytes, { int64 }), wrong: unfit };
    },
  };
}

/** .npz files as NumPy, we and others write them: what is read has to be what was written, under the names it had. */
export function npzReader(): Reader {
  const oracle = npyOracle();
  const ours = writeNpz({
    rates: tensor(
      [3, 4],
      Array.from({ length: 12 }, (_, i) => i / 7),
    ),
    cue: tensor([2], [1, Number.NaN]),
  });
  const files = [
    ours,
    ...Object.values(oracle.npz).map(bytesOf),
    ...Object.values(oracle.forms).map(({ npz }) => bytesOf(npz)),
  ].flatMap((bytes) => {
    const arrays = readOrNothing(bytes);
    return arrays ? [{ bytes, arrays }] : [];
  });
  return {
    name: "readNpz",
    damaged: (draw) => {
      const { bytes, arrays } = pick(draw, files),
        mutated = mutatedBytes(bytes, pick(draw, files).bytes, draw);
      return {
        read: () => [readNpz<Record<string, NpyContent>>(mutated), listNpz(mutated)] as const,
        wrong: ([read, list]: readonly [Record<string, NpyContent>, ReturnType<typeof listNpz>]) =>
          changedNames(read, arrays) ?? changedEntries(read, arrays) ?? changedList(list, read),
      };
    },
  };
}

/** Members that are damaged and whose checksums are right: whatever is not read has to be named. */
export function npzMemberReader(): Reader {
  const files = Object.values(npyOracle().cases).map(({ npy }) => bytesOf(npy)),
    good = writeNpy(tensor([2], [1, 2]));
  return {
    name: "readNpz, checksums mended",
    damaged: (draw) => {
      const content = mutatedBytes(pick(draw, files), pick(draw, files), draw);
      const bytes = zipOf([
        { name: "good.npy", content: good },
        { name: "odd.npy", content },
      ]);
      const options = draw.int(0, 1) === 0 ? {} : { only: ["good", "odd"] };
      return {
        read: () => readNpz<Record<string, NpyContent>>(bytes, options),
        wrong: (read: Record<string, NpyContent>) => {
          if (Object.getOwnPropertyNames(read).join() !== "good,odd")
            return `names ${Object.getOwnPropertyNames(read)}`;
          if (read.good.data[1] !== 2) return "the good member changed";
          return Object.keys(read).includes("odd") ? unfit(read.odd) : undefined;
        },
      };
    },
  };
}

function readOrNothing(bytes: Uint8Array): Record<string, NpyContent> | undefined {
  try {
    return readNpz<Record<string, NpyContent>>(bytes);
  } catch {
    return undefined;
  }
}

function changedNames(read: object, wanted: object): string | undefined {
  const [names, expected] = [
    Object.getOwnPropertyNames(read).sort().join(),
    Object.getOwnPropertyNames(wanted).sort().join(),
  ];
  return names === expected ? undefined : `names ${names} for ${expected}`;
}

function changedEntries(read: Record<string, NpyContent>, wanted: Record<string, NpyContent>): string | undefined {
  for (const name of Object.keys(wanted)) {
    const [a, b] = [read[name], wanted[name]];
    const same = a.dtype === b.dtype && a.shape.join() === b.shape.join() && a.data.length === b.data.length;
    if (!same || a.data.some((value, i) => !Object.is(value, b.data[i]))) return `${name} changed`;
  }
  return undefined;
}

function changedList(list: ReturnType<typeof listNpz>, read: object): string | undefined {
  const names = list.map(({ name }) => name).sort();
  return names.join() === Object.getOwnPropertyNames(read).sort().join() ? undefined : `listed ${names}`;
}

/** JSON text: what is read has to be a record that has the same text again, its tensors whole. */
export function jsonReader(): Reader {
  const texts = [
    { x: tensor([2, 2], [1 / 3, -0, Infinity, Number.NaN]), list: [null, true, "text", -0, undefined], $odd: { $: 1 } },
    {
      step: 3,
      status: "converged",
      params: { w: tensor([3], [1, 2, 3]) },
      provenance: { seed: 1, options: { steps: 5 } },
    },
    [[1, [2, [3, { a: { b: ["c"] } }]]], new Float64Array(5).fill(0.1)],
    Number.NaN,
  ].map(toJson);
  return {
    name: "fromJson",
    damaged: (draw) => {
      const text = mutatedText(pick(draw, texts), draw);
      return {
        read: () => fromJson(text),
        wrong: (record: unknown) => {
          const again = toJson(record);
          return toJson(fromJson(again)) === again ? undefined : `no longer itself: ${text}`;
        },
      };
    },
  };
}

/**
 * What of a MAT-file was read is whole: entries as shapes say. Numbers have no checksum where they are not compressed.
 */
function unfitMat(content: MatContent): string | undefined {
  const { data } = content;
  if (content.class === "char")
    return content.data.every((row) => typeof row === "string") ? undefined : "a row that is no text";
  const { shape } = content as { readonly shape: readonly number[] },
    size = shape.reduce((product, n) => product * n, 1);
  if (data.length !== size) return `${data.length} entries for shape ${shape}`;
  if (content.class === "cell") return firstOf((content.data as readonly MatContent[]).map(unfitMat));
  if (content.class !== "struct") return data instanceof Float64Array ? undefined : "entries of no type";
  const records = content.data as readonly Readonly<Record<string, MatContent>>[];
  return firstOf(records.flatMap((record) => Object.values(record).map(unfitMat)));
}

const firstOf = (faults: readonly (string | undefined)[]) => faults.find((fault) => fault !== undefined);

/** MATLAB files as scipy writes them, plain and compressed. */
export function matReader(): Reader {
  const files = (Object.values(oracle("mat")) as string[]).map(bytesOf);
  return {
    name: "readMat",
    damaged: (draw) => {
      const bytes = mutatedBytes(pick(draw, files), pick(draw, files), draw);
      return {
        read: () => readMat<Record<string, MatContent>>(bytes),
        wrong: (read: Record<string, MatContent>) => firstOf(Object.values(read).map(unfitMat)),
      };
    },
  };
}
