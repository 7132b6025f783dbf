import { fail, type FieldsOf, readOptions, readPart } from "../base";
import {
  checkSameShape,
  finiteMatrix,
  finiteVector,
  matmul,
  type Matrix,
  transpose,
  type Vector,
  zeros,
} from "../tensor";
import type { OverlapBlocks } from "./overlap-gradient";
import type { OverlapState } from "./overlap-state";

/** The arrays of a linear low-rank network, `W = m n'`: the params of a LowRankRNN. */
export interface LinearLowRankParams {
  readonly m: Matrix;
  readonly n: Matrix;
  readonly wIn: Matrix;
  readonly readout: Matrix;
  readonly x0: Matrix;
  /** (units); default 0 */
  readonly bias?: Vector;
  /** (outputs); default 0 */
  readonly readoutBias?: Vector;
}

const linearLowRankParams = {
  m: { is: "checked", check: finiteMatrix, needed: true },
  n: { is: "checked", check: finiteMatrix, needed: true },
  wIn: { is: "checked", check: finiteMatrix, needed: true },
  readout: { is: "checked", check: finiteMatrix, needed: true },
  x0: { is: "checked", check: finiteMatrix, needed: true },
  bias: { is: "checked", check: finiteVector },
  readoutBias: { is: "checked", check: finiteVector },
} as const satisfies FieldsOf<LinearLowRankParams>;

/** Z, the vectors of all arrays as columns, which columns are whose, and the arrays themselves, checked. */
export interface StackedVectors {
  readonly z: Matrix;
  readonly blocks: OverlapBlocks;
  readonly arrays: LinearLowRankParams;
}

/** The vectors of a network's arrays side by side, `Z = [M, N, W_in, C', x_0, b]`. */
export function stackVectors(where: string, params: LinearLowRankParams): StackedVectors {
  const read = readOptions<LinearLowRankParams, typeof linearLowRankParams>(
    where,
    params,
    linearLowRankParams,
    "params",
  );
  const { m, n, wIn, readout, x0, bias, readoutBias } = read,
    units = m.shape[0];
  checkSameShape(where, "params.n", n, m.shape);
  const biasColumn: Matrix = {
    shape: [bias ? bias.shape[0] : units, bias ? 1 : 0],
    data: bias?.data ?? new Float64Array(0),
  };
  const parts = { m, n, wIn, readout: transpose(readout), x0: transpose(x0), bias: biasColumn };
  for (const [name, part] of Object.entries(parts))
    if (part.shape[0] !== units)
      fail(where, {
        expected: `params.${name} for ${units} units, as params.m`,
        got: String(part.shape[0]),
        fix: "Give every array the same units.",
      });
  if (readoutBias) checkSameShape(where, "params.readoutBias", readoutBias, [readout.shape[0]]);
  const total = Object.values(parts).reduce((sum, part) => sum + part.shape[1], 0),
    z = zeros([units, total]);
  let first = 0;
  const place = ({ shape: [, count], data }: Matrix) => {
    for (let i = 0; i < units; i++) z.data.set(data.subarray(i * count, (i + 1) * count), i * total + first);
    first += count;
    return { first: first - count, count };
  };
  const blocks = {
    m: place(parts.m),
    n: place(parts.n),
    wIn: place(parts.wIn),
    readout: place(parts.readout),
    x0: place(parts.x0),
    bias: place(parts.bias),
  };
  const arrays = { m, n, wIn, readout, x0, ...(bias ? { bias } : {}), ...(readoutBias ? { readoutBias } : {}) };
  return { z, blocks, arrays };
}

/**
 * The network's arrays at a state of its overlaps: `Z <- Z(start) transform`.
 *
 * @param params - those that the descent or flow was started with
 * @param state - a state of that run; it may hold more
 * @throws {@link LtrnnError} when the params are not those of the start
 * @remarks O(units · p²), p = 2 rank + inputs + outputs + rows of x0 + bias.
 * @example overlapParams({ m: zeros([3, 1]), n: zeros([3, 1]), wIn: zeros([3, 1]), readout: zeros([1, 3]),
 * x0: zeros([1, 3]) }, (await last(overlapDescent({ m: zeros([3, 1]), n: zeros([3, 1]), wIn: zeros([3, 1]),
 * readout: zeros([1, 3]), x0: zeros([1, 3]) }, { inputs: zeros([1, 3, 1]), targets: zeros([1, 3, 1]) }, { alpha: 0.1,
 * rate: 0.1, steps: 1 })))).m.shape // [3, 1]
 */
export function overlapParams(
  params: LinearLowRankParams,
  state: Pick<OverlapState, "transform" | "readoutBias">,
): LinearLowRankParams {
  const where = "overlapParams",
    { z, blocks, arrays } = stackVectors(where, params);
  const { transform, readoutBias } = readPart<Pick<OverlapState, "transform" | "readoutBias">, typeof overlapPoint>(
    where,
    state,
    overlapPoint,
    "state",
  );
  const vectors = z.shape[1],
    fix = "Pass the params that the descent was started with.";
  if (transform.shape[0] !== vectors || transform.shape[1] !== vectors)
    fail(where, {
      expected: `state.transform of shape (${vectors} × ${vectors}), for these params`,
      got: `(${transform.shape.join(" × ")})`,
      fix,
    });
  if (readoutBias.shape[0] !== arrays.readout.shape[0])
    fail(where, {
      expected: `state.readoutBias of ${arrays.readout.shape[0]} outputs`,
      got: String(readoutBias.shape[0]),
      fix,
    });
  const now = matmul(z, transform),
    units = z.shape[0];
  const block = ({ first, count }: { readonly first: number; readonly count: number }): Matrix => {
    const out = zeros([units, count]);
    for (let i = 0; i < units; i++)
      out.data.set(now.data.subarray(i * vectors + first, i * vectors + first + count), i * count);
    return out;
  };
  return {
    m: block(blocks.m),
    n: block(blocks.n),
    wIn: block(blocks.wIn),
    readout: transpose(block(blocks.readout)),
    x0: transpose(block(blocks.x0)),
    ...(arrays.bias ? { bias: { shape: [units] as const, data: block(blocks.bias).data } } : {}),
    ...(arrays.readoutBias ? { readoutBias } : {}),
  };
}

const overlapPoint = {
  transform: { is: "checked", check: finiteMatrix, needed: true },
  readoutBias: { is: "checked", check: finiteVector, needed: true },
} as const satisfies FieldsOf<Pick<OverlapState, "transform" | "readoutBias">>;
