import { expect, test } from "vitest";
import { cpAls, hosvd, nonNegative, sthosvd, tuckerSweeps } from "../../src/decompose";
import { coreConsistency, factorMatchScore } from "../../src/factored";
import { khatriRao, mttkrp, tensor, type Matrix } from "../../src/tensor";
import { close } from "../support/close";
import { oracle, type Oracle } from "../support/oracle";

const { cases } = oracle(process.env.LTRNN_TENSOR_MODELS ?? "tensor-models");
const plain = { accelerate: false, compress: false };
const named = cases.map((c: Oracle, i: number) => ({ name: `${i}, ${c.x.shape.join(" × ")}, rank ${c.rank}`, c }));
const all = (got: readonly Matrix[], want: readonly Matrix[], tolerance: number) =>
  want.forEach((f, mode) => close(got[mode], f, tolerance));
const near = (got: number, want: number, tolerance: number) =>
  expect(Math.abs(got - want)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(want)));

// conditions of least squares are below 300, and of their normal equations below 1e5
test.each<Oracle>(named)(
  "sweeps from given starts are those of TensorLy, and of rows solved one by one: $name",
  ({ c }) => {
    const run = (more: object, sweeps = 2) => cpAls(c.x, c.rank, { start: c.start, sweeps, tolerance: 0, ...more });
    const bare = run({ method: plain });
    all(bare.raw, c.als, 1e-9);
    near(bare.relativeError, c.alsError, 1e-11);
    all(run({ method: { ...plain, ridge: c.ridge } }).raw, c.ridged, 1e-9);
    const masked = run({ mask: c.mask, method: plain });
    all(masked.raw, c.masked, 1e-9);
    near(masked.relativeError, c.maskedError, 1e-11);
    const positive = cpAls(tensor(c.x.shape, c.x.data.map(Math.abs)), c.rank, {
      start: c.start.map(({ shape, data }: Matrix) => tensor(shape, data.map(Math.abs))),
      constraints: c.start.map(() => nonNegative({ exact: true })),
      sweeps: 1,
      tolerance: 0,
    });
    all(positive.raw, c.nonNegative, 1e-9);
  },
);

test.each<Oracle>(named)(
  "weighted products, and Tucker decompositions of given ranks, are TensorLy's: $name",
  ({ c }) => {
    const row: Matrix = { shape: [1, c.rank], data: c.weights.data };
    c.mttkrp.forEach((want: Matrix, mode: number) => {
      const other = mode === 0 ? 1 : 0;
      close(
        mttkrp(
          c.x,
          c.start.map((f: Matrix, m: number) => (m === other ? khatriRao([f, row]) : f)),
          mode,
        ),
        want,
        1e-12,
      );
    });
    const first = hosvd(c.x, c.ranks);
    // those below 1e-7 of the largest are rounding, of squares
    c.singularValues.forEach((want: number[], mode: number) =>
      close(tensor([want.length], first.singularValues[mode].slice(0, want.length)), tensor([want.length], want), 1e-7),
    );
    near(first.relativeError, c.hosvdError, 1e-12);
    near(sthosvd(c.x, c.ranks, { order: [...c.ranks.keys()] }).relativeError, c.sequentialError, 1e-12);
    const sweeps = [...tuckerSweeps(c.x, c.ranks, { sweeps: 3, tolerance: 0 })];
    near(sweeps[sweeps.length - 1].relativeError, c.hooiError, 1e-11);
  },
);

test.each<Oracle>(named)("match scores and core consistency are those of their definitions: $name", ({ c }) => {
  const cp = { weights: c.weights, factors: c.start },
    second = c.near[0].shape[1],
    other = { weights: tensor([second], new Array(second).fill(1)), factors: c.near };
  near(factorMatchScore(cp, other), c.match, 1e-12);
  near(factorMatchScore(cp, other, { weights: true }), c.matchWithWeights, 1e-12);
  near(coreConsistency(c.x, cp), c.coreConsistency, 1e-10);
  near(coreConsistency(c.x, cp, undefined, { normalized: true }), c.normalized, 1e-10);
});
