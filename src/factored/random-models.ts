import { checkWhole, fail, random, readOptions, show, type FieldsOf } from "../base";
import { orthonormalColumns } from "../linalg";
import { checkShape, zerosFor, type Matrix, type Shape } from "../tensor";
import { cpNorm } from "./cp-algebra";
import type { Cp } from "./cp";
import { tuckerNorm } from "./tucker-algebra";
import type { Tucker } from "./tucker-to-tensor";

export interface RandomModelOptions {
  /** default 0 */
  readonly seed?: number;
  /** "normal" entries, or "uniform" ones in [0, 1), so that the model is non-negative. Default "normal" */
  readonly entries?: "normal" | "uniform";
  /** whether columns of factors are orthonormal, of the span of random ones; default false */
  readonly orthogonal?: boolean;
  /** the norm of the tensor; default whatever is drawn */
  readonly norm?: number;
}

const fields = {
  seed: { is: "seed", fallback: 0 },
  entries: { is: "name", of: ["normal", "uniform"], fallback: "normal" },
  orthogonal: { is: "boolean", fallback: false },
  norm: { is: "number", above: 0 },
} as const satisfies FieldsOf<RandomModelOptions>;

/**
 * A random CP decomposition with weights of 1, or of one size where `norm` is given: a planted truth for tests and
 * demonstrations, with `cpToTensor` and {@link addNoise}.
 *
 * @throws {@link LtrnnError} when a mode is empty, the rank is not at least 1, or is above a size where columns are to
 * be orthogonal
 * @remarks O(sum of sizes · rank), and with `orthogonal` times the rank. The same seed gives the same bits.
 * @example randomCp([4, 5, 6], 2, { seed: 1, norm: 3 }).factors[1].shape // [5, 2]
 */
export function randomCp(shape: Shape, rank: number, options: RandomModelOptions = {}): Cp {
  const where = "randomCp",
    read = readOptions<RandomModelOptions, typeof fields>(where, options, fields);
  checkSizes(where, shape);
  checkWhole(where, "rank", rank, 1);
  const factors = shape.map((size, mode) => drawn(where, [size, rank], `random cp, mode ${mode}`, read)),
    cp: Cp = { weights: { shape: [rank], data: new Float64Array(rank).fill(1) }, factors },
    scale = read.norm === undefined ? 1 : read.norm / cpNorm(cp);
  return { weights: { shape: [rank], data: new Float64Array(rank).fill(scale) }, factors };
}

/**
 * A random Tucker decomposition: a planted truth for tests and demonstrations, with `tuckerToTensor` and
 * {@link addNoise}.
 *
 * @param ranks - one per mode
 * @throws {@link LtrnnError} when a mode is empty, there are not as many ranks as modes, or one is above its size where
 * columns are to be orthogonal
 * @remarks O(sum of sizes · ranks + product of ranks). The same seed gives the same bits.
 * @example randomTucker([4, 5, 6], [2, 3, 2], { orthogonal: true }).core.shape // [2, 3, 2]
 */
export function randomTucker(shape: Shape, ranks: readonly number[], options: RandomModelOptions = {}): Tucker {
  const where = "randomTucker",
    read = readOptions<RandomModelOptions, typeof fields>(where, options, fields);
  checkSizes(where, shape);
  if (!Array.isArray(ranks) || ranks.length !== shape.length)
    fail(where, {
      expected: `${shape.length} ranks, one per mode`,
      got: Array.isArray(ranks) ? String(ranks.length) : show(ranks),
      fix: "Pass such as [2, 2, 3].",
    });
  for (const [mode, rank] of Array.from(ranks as readonly number[]).entries())
    checkWhole(where, `the rank of mode ${mode}`, rank, 1);
  const factors = shape.map((size, mode) => drawn(where, [size, ranks[mode]], `random tucker, mode ${mode}`, read)),
    stream = random(read.seed, "random tucker, core"),
    core = zerosFor(where, [...ranks]);
  for (let i = 0; i < core.data.length; i++)
    core.data[i] = read.entries === "normal" ? stream.normal() : stream.uniform();
  const scale = read.norm === undefined ? 1 : read.norm / tuckerNorm({ core, factors });
  return { core: { shape: core.shape, data: core.data.map((value) => value * scale) }, factors };
}

/** Entries of a factor at most: a quarter of a gigabyte. */
const most = 33554432;

function checkSizes(where: string, shape: Shape): void {
  checkShape(where, "shape", shape);
  if (shape.length === 0 || shape.includes(0))
    fail(where, {
      expected: "one mode or more, none of them empty",
      got: `shape (${shape.join(" × ")})`,
      fix: "Pass such as [10, 20, 30].",
    });
}

function drawn(
  where: string,
  [size, rank]: readonly [number, number],
  name: string,
  { seed, entries, orthogonal }: { readonly seed: number; readonly entries: string; readonly orthogonal: boolean },
): Matrix {
  if (size * rank > most)
    fail(where, {
      expected: `factors of at most ${most} entries`,
      got: `${size} × ${rank}`,
      fix: "Take smaller modes, or a lower rank.",
    });
  if (orthogonal && rank > size)
    fail(where, {
      expected: `a rank of at most ${size}, the size of the mode, with orthogonal columns`,
      got: String(rank),
      fix: "Lower the rank, or leave orthogonal out.",
    });
  const stream = random(seed, name),
    entry = entries === "normal" ? stream.normal : stream.uniform,
    factor: Matrix = { shape: [size, rank], data: Float64Array.from({ length: size * rank }, entry) };
  return orthogonal ? orthonormalColumns(factor) : factor;
}
