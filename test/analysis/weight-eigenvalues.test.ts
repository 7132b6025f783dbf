import { expect, test } from "vitest";
import {
  eigenvalues,
  FullRankRNN,
  LowTensorRankRNN,
  tensor,
  weightEigenvalues,
  zeros,
  type Tensor3,
  type WeightEigenvalues,
} from "../../src";
import { solveSquare } from "../../src/linalg";
import { identity, matmul } from "../../src/tensor";
import { sweep, type Draw } from "../support/sweep";

type Path = (time: number) => readonly [real: number, imaginary: number];

/** Weights `P diag(paths) P^-1` over trials, with the same eigenvectors in all of them. */
function planted(stream: Draw, paths: readonly Path[], trials: number): Tensor3 {
  const n = paths.reduce((sum, path) => sum + (path(0)[1] === 0 ? 1 : 2), 0),
    p = stream.normal([n, n]),
    inverse = solveSquare(p, identity(n))!,
    out = zeros([n, n, trials]);
  for (let k = 0; k < trials; k++) {
    const d = zeros([n, n]);
    let row = 0;
    for (const path of paths) {
      const [re, im] = path(k / (trials - 1));
      d.data[row * n + row] = re;
      if (path(0)[1] !== 0) {
        d.data[row * n + row + 1] = im;
        d.data[(row + 1) * n + row] = -im;
        d.data[(row + 1) * n + row + 1] = re;
        row++;
      }
      row++;
    }
    matmul(matmul(p, d), inverse).data.forEach((x, entry) => (out.data[entry * trials + k] = x));
  }
  return out;
}

/** The largest distance between a path and the column of eigenvalues that is nearest to it throughout. */
function farthest({ real, imaginary }: WeightEigenvalues, path: Path): number {
  const [trials, count] = real.shape;
  return Math.min(
    ...Array.from({ length: count }, (_, j) =>
      Math.max(
        ...Array.from({ length: trials }, (_, k) => {
          const [re, im] = path(k / (trials - 1));
          return Math.hypot(real.data[k * count + j] - re, imaginary.data[k * count + j] - im);
        }),
      ),
    ),
  );
}

test(
  "eigenvalues are followed through crossings on the real axis, through " +
    "each other in the plane, and fast ones too",
  () =>
    sweep((stream) => {
      const paths: Path[] = [
        (t) => [t, 0],
        (t) => [1 - t, 0],
        (t) => [0.3 + 0.9 * t, 0],
        (t) => [0.8 - t, 0.5 + t],
        (t) => [t - 0.2, 1.4 - t],
      ];
      const found = weightEigenvalues(planted(stream, paths, 8));
      for (const path of paths) expect(farthest(found, path)).toBeLessThan(1e-8);
      expect(found.meetings).toEqual([]);
      expect(found.radius[0]).toBeCloseTo(Math.hypot(0.2, 1.4), 8);
      expect(found.abscissa[7]).toBeCloseTo(1.2, 8);
    }),
);

test("at every trial the columns hold the eigenvalues, conjugates of each other where they are complex", () =>
  sweep((stream) => {
    const n = stream.int(1, 7),
      trials = stream.int(1, 5),
      weights = stream.normal([n, n, trials]),
      { real, imaginary, radius } = weightEigenvalues(weights);
    for (let k = 0; k < trials; k++) {
      const slice = tensor(
          [n, n],
          Float64Array.from({ length: n * n }, (_, entry) => weights.data[entry * trials + k]),
        ),
        want = eigenvalues(slice);
      const sorted = (re: ArrayLike<number>, im: ArrayLike<number>, from: number) =>
        Array.from({ length: n }, (_, j) => [re[from + j], im[from + j]]).sort((p, q) => q[0] - p[0] || q[1] - p[1]);
      expect(sorted(real.data, imaginary.data, k * n)).toEqual(sorted(want.real, want.imaginary, 0));
      expect(radius[k]).toBeCloseTo(Math.max(...want.real.map((re, j) => Math.hypot(re, want.imaginary[j]))), 12);
    }
  }));

test("two that meet on the real axis and become a pair are said to meet, at the trial after, and no others are", () => {
  const trials = 6,
    weights = zeros([3, 3, trials]);
  for (let k = 0; k < trials; k++) {
    const square = 0.5 - 0.4 * k; // eigenvalues are +- its root: meet between trials 1 and 2
    for (const [entry, value] of [
      [1, 1],
      [3, square],
      [8, 5],
    ])
      weights.data[entry * trials + k] = value;
  }
  const { meetings, real, imaginary } = weightEigenvalues(weights);
  expect(meetings).toEqual([{ trial: 2, eigenvalues: [1, 2] }]);
  for (let k = 0; k < trials; k++) expect([real.data[3 * k], imaginary.data[3 * k]]).toEqual([5, 0]);
  expect(imaginary.data[3 * 5 + 1]).toBeCloseTo(-imaginary.data[3 * 5 + 2], 14);
  expect(Math.abs(imaginary.data[3 * 5 + 1])).toBeCloseTo(Math.sqrt(1.5), 12);
});

test("a network of low tensor rank has as many as components; the others of its weights are zero", () =>
  sweep((stream) => {
    const trials = 4,
      model = LowTensorRankRNN.random({ units: 9, inputs: 1, rank: 2, trials }, stream.seed).with({
        params: { c: stream.normal([trials, 2]) },
      });
    const low = weightEigenvalues(model);
    expect(low.real.shape).toEqual([trials, 2]);
    for (let k = 0; k < trials; k++) {
      const all = eigenvalues(model.weights(k)),
        left = all.real.map((re, j) => [re, all.imaginary[j]]);
      for (let j = 0; j < 2; j++) {
        const at = left.findIndex(
          ([re, im]) => Math.hypot(re - low.real.data[2 * k + j], im - low.imaginary.data[2 * k + j]) < 1e-7,
        );
        expect(at).toBeGreaterThanOrEqual(0);
        left.splice(at, 1);
      }
      for (const [re, im] of left) expect(Math.hypot(re, im)).toBeLessThan(1e-6); // defective zeros
    }
  }));

test("networks of one trial, weights of none, and what is refused", () => {
  expect(weightEigenvalues(FullRankRNN.random({ units: 6, inputs: 1 }, 1)).real.shape).toEqual([1, 6]);
  expect(weightEigenvalues(zeros([3, 3, 0])).radius).toEqual([]);
  expect(weightEigenvalues(zeros([3, 3, 2]))).toMatchObject({ radius: [0, 0], meetings: [] });
  expect(() => weightEigenvalues(zeros([2, 3, 4]))).toThrow(
    "weightEigenvalues: expected weights to be square (units × units × trials), got (2 × 3 × 4)",
  );
  expect(() => weightEigenvalues(tensor([1, 1, 1], [NaN]))).toThrow("weightEigenvalues: expected finite entries");
});
