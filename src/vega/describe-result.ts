import { advice, fail, isRecord, show, type Provenance } from "../base";
import type { CpResult } from "../decompose";
import type { GcpResult } from "../gcp";
import {
  componentsFigure,
  learningCurveFigure,
  rankBoundFigure,
  replicateFigure,
  singularValueFigure,
  trialFactorFigure,
  type Figure,
} from "../figures";
import type { LowTensorRankFit } from "../fit";
import type { RankComparison } from "../theory";
import type { Snapshot } from "../train";
import { inText } from "./in-text";
import { snippetOf } from "./snippet-of";

/** What a report can be of. */
export type Reported = LowTensorRankFit | CpResult | GcpResult | RankComparison | Snapshot;

/** A result as its report tells it. */
export interface Told {
  readonly title: string;
  readonly asked: readonly (readonly [string, string])[];
  readonly came: readonly (readonly [string, string])[];
  readonly figures: readonly Figure[];
  readonly sure: readonly string[];
  readonly leftOut: readonly string[];
  readonly again: string;
}

type Rest = Omit<Told, "asked" | "again">;

/** A result in words: every sentence follows from its numbers. */
export function describeResult(where: string, result: Reported): Told {
  const from: unknown = isRecord(result) ? result.provenance : undefined;
  const made = isRecord(from) && typeof from.by === "string" ? (from as unknown as Provenance) : undefined;
  const rest = made && restOf(result as unknown as Readonly<Record<string, unknown>>);
  if (!made || !rest)
    return fail(where, {
      expected: "a result of fitLowTensorRank, cpAls, gcp, compareRanks or train",
      got: show(result),
      fix: "Pass the result itself, with its provenance.",
    });
  const asked: [string, string][] = [
    ["function", made.by],
    ["version of ltrnn", made.version],
    ["seed", made.seed === null ? "none: nothing was drawn" : String(made.seed)],
    ...Object.entries({ ...made.facts, ...made.options }).map(([name, value]): [string, string] => [
      name,
      inText(value),
    ]),
  ];
  return { ...rest, asked, again: snippetOf(made) };
}

const number = (value: number) => String(Number(value.toPrecision(4)));
const percent = (share: number | null) => (share === null ? "not defined" : `${(100 * share).toFixed(1)} %`);

function restOf(result: Readonly<Record<string, unknown>>): Rest | undefined {
  if (Array.isArray(result.replicability)) return ofFit(result as unknown as LowTensorRankFit);
  if (isCp(result)) return ofCp(result as unknown as CpResult | GcpResult);
  if (isRecord(result.multilinear)) return ofComparison(result as unknown as RankComparison);
  if (typeof result.loss === "number" && isRecord(result.params)) return ofSnapshot(result as unknown as Snapshot);
  return undefined;
}

/** A CP decomposition, and none of PARAFAC2, whose factors have bases, or of Tucker, which has no weights. */
const isCp = (result: Readonly<Record<string, unknown>>): boolean =>
  Array.isArray(result.factors) &&
  Array.isArray(result.trace) &&
  isRecord(result.weights) &&
  typeof result.relativeError === "number" &&
  !("bases" in result);

function ofFit(fit: LowTensorRankFit): Rest {
  const { training, validation } = fit.explained,
    scores = fit.replicability.map(({ score }) => score);
  const sure = [
    scores.length === 0
      ? "One start: nothing says whether another would find the same."
      : `${scores.length} other ` +
        `start${scores.length === 1 ? " agrees" : "s agree"} with the best by ` +
        `${scores.map(number).join(", ")} (1 is the same); a start that was dropped early agrees less.`,
    "Order, scale and signs of components are a choice. Standard errors of trial factors " +
      "are a computation of their own: trialFactorUncertainty.",
  ];
  const leftOut = [
    ...(validation
      ? [
          "Validation entries chose the step that was kept: their score is not " +
            "that of data never used. Score a test set apart.",
        ]
      : ["No entries were held out: what is explained says nothing of new data."]),
    ...(fit.constantNeurons.length > 0
      ? [`Neurons without variance, fitted by their mean: ${fit.constantNeurons.join(", ")}.`]
      : []),
    ...(fit.unseenTrials.length > 0 ? [`Trials without a training entry: ${fit.unseenTrials.join(", ")}.`] : []),
    ...(fit.outOfReach > 0
      ? [`${percent(fit.outOfReach)} of the variance lies beyond what the network can reach.`]
      : []),
  ];
  return {
    title: `A low-tensor-rank network of rank ${fit.rank}, fitted to activity`,
    came: [
      ["ended", `${fit.status}. ${advice(fit.status)}`],
      ["explained of training entries", percent(training.total)],
      ...(validation ? [["explained of validation entries", percent(validation.total)] as const] : []),
      ["loss", number(fit.loss)],
      ["updates", `${fit.steps} of at most ${fit.stepsAtMost}; the best step of its start was ${fit.bestStep}`],
      ["starts", fit.starts.map(({ seed, status, dropped }) => `${seed} (${dropped ? "dropped" : status})`).join(", ")],
    ],
    figures: [
      trialFactorFigure(fit, { title: "Trial factors" }),
      ...(fit.starts.length > 0 ? [learningCurveFigure(fit)] : []),
      ...(fit.replicability.length > 0 ? [replicateFigure(fit.replicability)] : []),
    ],
    sure,
    leftOut,
  };
}

function ofCp(cp: CpResult | GcpResult): Rest {
  const rank = cp.weights.shape[0],
    modes = cp.factors.length;
  const kinds = modes === 3 ? undefined : cp.factors.map(() => "units" as const);
  return {
    title: `A CP decomposition of rank ${rank}`,
    came: [
      ["ended", `${cp.status}. ${advice(cp.status)}`],
      ["relative error", number(cp.relativeError)],
      ["explained of the sum of squares", percent(1 - cp.relativeError * cp.relativeError)],
      "steps" in cp ? ["steps", String(cp.steps)] : ["sweeps", String(cp.sweeps)],
    ],
    figures: [
      ...(rank <= 20 && modes <= 6
        ? [componentsFigure(cp, { title: "Components", ...(kinds ? { modes: kinds } : {}) })]
        : []),
      learningCurveFigure({ trace: cp.trace }),
    ],
    sure: [
      cp.starts.length > 1
        ? `${cp.starts.length} starts were compared by their error; the best was kept.`
        : "One start: compare several seeds by factorMatchScore.",
      "Whether the rank is right is for coreConsistency, for other seeds, and for held-out entries to say.",
    ],
    leftOut: [`${percent(cp.relativeError * cp.relativeError)} of the sum of squares is not in these components.`],
  };
}

function ofComparison(compared: RankComparison): Rest {
  const broken = compared.rows.filter(({ holds }) => !holds).length,
    end = compared.rows[compared.rows.length - 1];
  return {
    title: "Ranks of a run beside their bound",
    came: [
      ["snapshots", String(compared.rows.length)],
      ["rank above its bound", `${broken} of ${compared.rows.length} snapshots`],
      ["rank, bound at the end", `${end.rank}, ${end.bound}`],
      [
        "multilinear ranks, bounds",
        `${compared.multilinear.ranks.join(", ")}; ${compared.multilinear.bound.join(", ")}`,
      ],
      ["largest singular value past the bound", number(compared.worstResidual)],
    ],
    figures: [rankBoundFigure(compared), singularValueFigure(compared)],
    sure: [
      "A rank counts singular values above the threshold of its snapshot: those below it cannot be told from rounding.",
    ],
    leftOut: ["Nothing is said of updates between snapshots."],
  };
}

function ofSnapshot(now: Snapshot): Rest {
  return {
    title: "A training run",
    came: [
      ["ended", `${now.status}${now.reason ? `: ${now.reason}` : ""}. ${advice(now.status)}`],
      ["updates", String(now.step)],
      ["loss", number(now.loss)],
      ["length of the gradient", number(now.gradientNorm)],
      ["trained", Object.keys(now.params).join(", ")],
    ],
    figures: now.curve ? [learningCurveFigure(now)] : [],
    sure: [
      "One run from one start. A gradient near 0 says that the run is at rest, not that no better parameters exist.",
    ],
    leftOut: now.curve
      ? [
          "What the run did between snapshots, and the weights along it: recordWeights keeps those.",
          ...(now.curve.steps[0] > 0
            ? [`Updates before ${now.curve.steps[0]}, where the curve begins: an earlier run made them.`]
            : []),
        ]
      : ["The course of the loss: a snapshot of a run that goes on has none, only the last has."],
  };
}
