import { expect, test } from "vitest";
import * as ltrnn from "../../src";

const { tensor } = ltrnn;

const normal = (shape: readonly number[], seed: number) =>
  tensor(shape, Array.from({ length: shape.reduce((a, b) => a * b, 1) }, ltrnn.random(seed, "far").normal));
const far = {
  "near the least double": (value: number) => value * 1e-318,
  "of unlike sizes": (value: number, i: number) => (i % 3 ? value : value * 1e200),
  "near the largest double": (value: number) => value * 4e307,
  "the largest double": () => Number.MAX_VALUE,
};
const trials = normal([6, 10, 4], 1),
  split = (kept: (k: number) => boolean) =>
    tensor(
      [6, 10, 4],
      trials.data.map((_, i) => Number(kept(i % 5))),
    ) as ltrnn.Tensor3;
const masks = { train: split((k) => k > 1), validation: split((k) => k === 0) };
const bound = { status: "holds", atMost: 2, multilinear: [2, 2, 3], units: 2, snapshots: 3 } as const;

/** Functions over several others, which refuse numbers that they cannot take in their own names. */
const calls: Readonly<Record<string, (x: ltrnn.Tensor3, flat: ltrnn.Matrix, cube: ltrnn.Tensor3) => unknown>> = {
  multilinearRank: (x) => ltrnn.multilinearRank(x),
  cpRankBounds: (x) => ltrnn.cpRankBounds(x),
  koszulCp: (x) => ltrnn.koszulCp(x, 2),
  koszulUnique: (_, flat) => ltrnn.koszulUnique({ weights: tensor([4], [1, 1, 1, 1]), factors: [flat, flat, flat] }),
  cpNorm: (_, flat) => ltrnn.cpNorm({ weights: tensor([4], [1, 1, 1, 1]), factors: [flat, flat] }),
  compareRanks: (_x, _flat, changes) => ltrnn.compareRanks({ changes, steps: [0, 1, 2] }, bound),
  gradientRankBound: (x) => ltrnn.gradientRankBound({ adjoints: x, rates: x, alpha: 0.1 }),
  rotatedIncrements: (_x, _flat, changes) => ltrnn.rotatedIncrements(changes, 1),
  decodingR2: (x) => ltrnn.decodingR2({ rates: x, behavior: x }, { rates: x, behavior: x }),
  reducedRankKernel: (x) => ltrnn.reducedRankKernel(x, masks),
  "proximal monotone": (_, flat) => ltrnn.proximal({ kind: "monotone", direction: "rising" }, flat),
  "proximal unimodal": (_, flat) => ltrnn.proximal({ kind: "unimodal" }, flat),
  "proximal smoothAlong": (_, flat) => ltrnn.proximal({ kind: "smoothAlong", strength: 0.1 }, flat),
  "proximal totalVariation": (_, flat) => ltrnn.proximal({ kind: "totalVariation", strength: 0.1 }, flat),
};

test.each(Object.keys(calls))("%s takes numbers far from 1, or refuses them in its own name", (name) => {
  for (const [size, change] of Object.entries(far)) {
    const of = (x: ltrnn.Tensor) => ({ shape: x.shape, data: x.data.map(change) }) as never;
    let outcome: unknown;
    try {
      outcome = calls[name](of(trials), of(normal([6, 4], 2)), of(normal([2, 2, 3], 3)));
    } catch (error) {
      expect((error as ltrnn.LtrnnError).where, size).toBe(name.split(" ")[0]);
    }
    expect(outcome === undefined || !ltrnn.toJson(outcome).includes("NaN"), size).toBe(true);
  }
});
