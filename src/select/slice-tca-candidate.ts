import { defined, fail, failingAs, readOptions, show, type FieldsOf } from "../base";
import { sliceTca, sliceTcaPoisson, sliceTcaRates, sliceTcaToTensor, type SliceTcaOptions } from "../slices";
import { unitMeans } from "../scores";
import { zerosFor, type Tensor3 } from "../tensor";
import type { Candidate, CandidateFit, Specification } from "./candidate";

type Ranks = readonly [number, number, number];

/** The options of sliceTCA in a grid, as plain data. */
export interface SliceTcaGridOptions extends Pick<SliceTcaOptions, "starts" | "sweeps" | "tolerance" | "nonNegative"> {
  /** "gaussian", the default, scored by energy, or "poisson", scored by deviance about the rates of units */
  readonly loss?: "gaussian" | "poisson";
  /** with "poisson": see {@link SliceTcaPoissonOptions}; default as there */
  readonly ridge?: number;
  /** with "poisson"; default as for {@link SliceTcaPoissonOptions} */
  readonly steps?: number;
}

const table = {
  starts: { is: "whole number", least: 1, most: 10_000 },
  sweeps: { is: "whole number", least: 1 },
  tolerance: { is: "number", least: 0 },
  nonNegative: { is: "boolean" },
  loss: { is: "name", of: ["gaussian", "poisson"], fallback: "gaussian" },
  ridge: { is: "number", least: 0 },
  steps: { is: "whole number", least: 1 },
} as const satisfies FieldsOf<SliceTcaGridOptions>;

/** The ranks, the seed and the other options of sliceTCA in a cell. */
function read(where: string, { axes, options }: Specification, { shape }: { readonly shape: readonly number[] }) {
  const { loss, nonNegative, sweeps, ridge, steps, ...shared } = failingAs(where, () =>
    readOptions<SliceTcaGridOptions, typeof table>(where, options as SliceTcaGridOptions, table, "options"),
  );
  const unused = loss === "poisson" ? { nonNegative, sweeps } : { ridge, steps };
  for (const [name, value] of Object.entries(unused))
    if (value !== undefined)
      fail(where, { expected: `no options.${name} with the loss ${loss}`, got: show(value), fix: "Leave it out." });
  if (shape.length !== 3)
    fail(where, { expected: "data of three modes for sliceTca", got: `${shape.length} modes`, fix: "Pass a tensor." });
  const ranks = axes.rank;
  if (!Array.isArray(ranks) || ranks.length !== 3 || !ranks.every((rank) => Number.isInteger(rank) && rank >= 0))
    fail(where, {
      expected: "axes.rank of three ranks, one per mode",
      got: show(ranks),
      fix: "Pass such as [[1, 0, 0]].",
    });
  const seed = axes.seed === undefined ? 0 : (axes.seed as number);
  return {
    ranks: ranks as unknown as Ranks,
    isPoisson: loss === "poisson",
    gaussian: { ...defined({ nonNegative, sweeps }), ...defined(shared), seed },
    poisson: { ...defined({ ridge, steps }), ...defined(shared), seed },
  };
}

/** A sliceTCA model of the training entries; ranks [0, 0, 0] predict zero, or the mean counts of units. */
export const sliceTcaCandidate: Candidate = {
  axes: ["rank", "seed"],
  check: (where, specification, data) => void read(where, specification, data),
  fit(data, specification, { train }): CandidateFit {
    const { ranks, isPoisson, gaussian, poisson } = read("sliceTca", specification, data),
      x = data as Tensor3,
      mask = train as Tensor3,
      nothing = ranks.every((rank) => rank === 0);
    if (isPoisson) {
      if (nothing) {
        const means = unitMeans(x, mask);
        return {
          prediction: { shape: x.shape, data: x.data.map((_, i) => means[i % means.length]) },
          status: "converged",
          score: "poisson",
        };
      }
      const found = sliceTcaPoisson(x, ranks, { ...poisson, mask });
      return {
        prediction: sliceTcaRates(found),
        status: found.status,
        score: "poisson",
        facts: { relativeDeviance: found.relativeDeviance, steps: found.steps },
      };
    }
    if (nothing) return { prediction: zerosFor("sliceTca", x.shape), status: "converged", score: "energy" };
    const found = sliceTca(x, ranks, { ...gaussian, mask });
    return {
      prediction: sliceTcaToTensor(found),
      status: found.status,
      score: "energy",
      facts: { relativeError: found.relativeError, sweeps: found.sweeps },
    };
  },
};
