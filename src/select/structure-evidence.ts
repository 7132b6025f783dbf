import { fail, type Status } from "../base";
import { coreConsistency, factorMatchScore, type Cp } from "../factored";
import { observedMask } from "../masks";
import { select, type Tensor } from "../tensor";
import type { CandidateFit } from "./candidate";

/** A number with its interpretation, or null with the reason. */
export interface Evidence {
  readonly value: number | null;
  readonly reason: string;
}

/** The evidence about a rank from decompositions of all entries. */
export interface CpStructure {
  readonly coreConsistency: Evidence;
  /** the mean factor match score of runs from other seeds with the best one */
  readonly replicability: Evidence;
  /** the factor match score of decompositions of the even and of the odd slices, in the other modes */
  readonly splitHalves: Evidence;
  readonly relativeError: number;
}

/** A decomposition, and how good it is. */
export interface FoundCp extends Cp {
  readonly status: Status;
  readonly relativeError: number;
  /** the minimized loss: the lowest is the best */
  readonly objective: number;
}

export interface StructureSettings {
  /** decompositions from different seeds */
  readonly runs: number;
  /** mode whose even and odd slices are the halves */
  readonly splitMode: number;
  readonly seed: number;
  /** a decomposition of the entries that are observed; no mask where all are */
  find(x: Tensor, mask: Tensor | undefined, seed: number): FoundCp;
  /** the reason why there is no core consistency, where the loss is not least squares */
  readonly noCore?: string;
}

/** Start i of a run has the seed of the run plus i, and no run has more starts: seeds so far apart share none. */
const betweenRuns = 10_000;

/** Refuse a mode that the data do not have. */
export function checkSplitMode(where: string, splitMode: number, { shape }: Tensor): void {
  if (splitMode >= shape.length)
    fail(where, {
      expected: `splitMode below ${shape.length}, the number of modes`,
      got: String(splitMode),
      fix: "Name a mode of the data.",
    });
}

/** The evidence from decompositions of all observed entries: core consistency, other seeds, split halves. */
export function structureOf(data: Tensor, { runs, splitMode, seed, find, noCore }: StructureSettings): CandidateFit {
  const mask = observedMask(data),
    masked = (m: Tensor) => (m.data.includes(0) ? m : undefined),
    found = Array.from({ length: runs }, (_, run) => find(data, masked(mask), seed + betweenRuns * run)),
    best = bestOf(found);
  const halfOf = (parity: number): Cp => {
    const slices = Array.from({ length: data.shape[splitMode] }, (_, i) => i).filter((i) => i % 2 === parity),
      half = select(data, splitMode, slices);
    return bestOf(
      Array.from({ length: 2 }, (_, run) => find(half, masked(observedMask(half)), seed + betweenRuns * run)),
    );
  };
  const facts: CpStructure = {
    coreConsistency: noCore === undefined ? coreEvidence(data, mask, best) : { value: null, reason: noCore },
    replicability: seedEvidence(found, best),
    splitHalves:
      data.shape[splitMode] < 2
        ? { value: null, reason: `mode ${splitMode} has one slice, which has no halves` }
        : halvesEvidence(
            () => halfOf(0),
            () => halfOf(1),
            data.shape.map((_, mode) => mode).filter((mode) => mode !== splitMode),
          ),
    relativeError: best.relativeError,
  };
  return { status: best.status, facts: { ...facts } };
}

const bestOf = (found: readonly FoundCp[]): FoundCp => found.reduce((a, b) => (b.objective < a.objective ? b : a));

const attempt = (work: () => number, reason: (value: number) => string): Evidence => {
  try {
    const value = work();
    return { value, reason: reason(value) };
  } catch (error) {
    return { value: null, reason: error instanceof Error ? error.message : String(error) };
  }
};

/** Missing entries are taken from the model, and so agree with it. */
function coreEvidence(data: Tensor, mask: Tensor, best: Cp): Evidence {
  return attempt(
    () => coreConsistency(data, best, mask),
    (value) =>
      value >= 90
        ? "the best core is nearly superdiagonal, as CP assumes"
        : value >= 50
          ? "the core has entries off the superdiagonal: nearly too many components"
          : "components interact: too many of them, or no CP structure",
  );
}

function seedEvidence(found: readonly Cp[], best: Cp): Evidence {
  const others = found.filter((one) => one !== best);
  return attempt(
    () => others.reduce((sum, one) => sum + factorMatchScore(best, one), 0) / others.length,
    (value) => `${others.length} runs from other seeds find ${value >= 0.9 ? "the same" : "other"} components`,
  );
}

/** Halves that have no decomposition of this rank, or a slice without an observed entry, are no evidence. */
const halvesEvidence = (even: () => Cp, odd: () => Cp, modes: readonly number[]): Evidence =>
  attempt(
    () => factorMatchScore(even(), odd(), { modes }),
    (value) => `even and odd slices have ${value >= 0.8 ? "the same" : "other"} components`,
  );
