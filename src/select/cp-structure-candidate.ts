import { fail, readOptions, type FieldsOf } from "../base";
import { cpAls, cpTable, type CpOptions, type CpResult } from "../decompose";
import { coreConsistency, factorMatchScore, type Cp } from "../factored";
import { observedMask } from "../masks";
import { select, type Tensor } from "../tensor";
import type { Candidate, Specification } from "./candidate";

/** A number, and why it is as it is, or why there is none. */
export interface Evidence {
  readonly value: number | null;
  readonly reason: string;
}

/** What decompositions of all entries say about a rank. */
export interface CpStructure {
  readonly coreConsistency: Evidence;
  /** the mean factor match score of runs from other seeds with the best one */
  readonly replicability: Evidence;
  /** the factor match score of decompositions of the even and of the odd slices, in the other modes */
  readonly splitHalves: Evidence;
  readonly relativeError: number;
}

interface StructureOptions extends Pick<CpOptions, "sweeps" | "tolerance" | "starts"> {
  /** decompositions from different seeds; default 4 */
  readonly runs?: number;
  /** mode whose even and odd slices are the halves; default the last */
  readonly splitMode?: number;
}

const table = () =>
  ({
    sweeps: cpTable.sweeps,
    tolerance: cpTable.tolerance,
    starts: cpTable.starts,
    runs: { is: "whole number", least: 2, most: 100, fallback: 4 },
    splitMode: { is: "whole number", least: 0 },
  }) as const satisfies FieldsOf<StructureOptions>;

function read(where: string, { axes, options }: Specification, data: Tensor) {
  const { runs, splitMode = data.shape.length - 1, ...cp } = readOptions(where, options as StructureOptions, table());
  if (splitMode >= data.shape.length)
    fail(where, {
      expected: `splitMode below ${data.shape.length}, the number of modes`,
      got: String(splitMode),
      fix: "Name a mode of the data.",
    });
  return {
    runs,
    splitMode,
    cp: cp as CpOptions,
    rank: axes.rank as number,
    seed: (axes.seed as number | undefined) ?? 0,
  };
}

/** How CP of all observed entries behaves at a rank: core consistency, other seeds, split halves. Scores nothing. */
export const cpStructureCandidate: Candidate = {
  axes: ["rank", "seed"],
  whole: true,
  check: (where, specification, data) => void read(where, specification, data),
  fit(data, specification) {
    const { runs, splitMode, cp, rank, seed } = read("cpStructure", specification, data);
    const mask = observedMask(data),
      masked = (m: Tensor) => (m.data.includes(0) ? { ...cp, mask: m } : cp);
    const found = Array.from({ length: runs }, (_, run) => cpAls(data, rank, { ...masked(mask), seed: seed + run })),
      best = found.reduce((a, b) => (b.relativeError < a.relativeError ? b : a));
    const halfOf = (parity: number): Cp => {
      const slices = Array.from({ length: data.shape[splitMode] }, (_, i) => i).filter((i) => i % 2 === parity),
        half = select(data, splitMode, slices);
      return Array.from({ length: 2 }, (_, run) =>
        cpAls(half, rank, { ...masked(observedMask(half)), seed: seed + run }),
      ).reduce((a, b) => (b.relativeError < a.relativeError ? b : a));
    };
    const facts: CpStructure = {
      coreConsistency: coreEvidence(data, mask, best),
      replicability: seedEvidence(found, best),
      splitHalves:
        data.shape[splitMode] < 2
          ? { value: null, reason: `mode ${splitMode} has one slice, which has no halves` }
          : halvesEvidence(
              halfOf(0),
              halfOf(1),
              data.shape.map((_, mode) => mode).filter((mode) => mode !== splitMode),
            ),
      relativeError: best.relativeError,
    };
    return { status: best.status, facts: { ...facts } };
  },
};

const attempt = (work: () => number, reason: (value: number) => string): Evidence => {
  try {
    const value = work();
    return { value, reason: reason(value) };
  } catch (error) {
    return { value: null, reason: error instanceof Error ? error.message : String(error) };
  }
};

/** Missing entries are taken from the model: they agree with it. */
function coreEvidence(data: Tensor, mask: Tensor, best: CpResult): Evidence {
  return attempt(
    () => coreConsistency(data, best, mask),
    (value) =>
      value >= 90
        ? "the best core is nearly superdiagonal, as CP assumes"
        : value >= 50
          ? "the core has interactions beside the superdiagonal: on the edge of too many components"
          : "components trade parts with each other: too many, or no CP structure",
  );
}

function seedEvidence(found: readonly CpResult[], best: CpResult): Evidence {
  const others = found.filter((one) => one !== best);
  return attempt(
    () => others.reduce((sum, one) => sum + factorMatchScore(best, one), 0) / others.length,
    (value) => `${others.length} runs from other seeds find ${value >= 0.9 ? "the same" : "other"} components`,
  );
}

const halvesEvidence = (even: Cp, odd: Cp, modes: readonly number[]): Evidence =>
  attempt(
    () => factorMatchScore(even, odd, { modes }),
    (value) => `even and odd slices have ${value >= 0.8 ? "the same" : "other"} components`,
  );
