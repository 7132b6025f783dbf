import { defined, fail, isRecord, last, readOptions, show, type FieldsOf, type Provenance, type Status } from "../base";
import type { Tensor } from "../tensor";
import type { CpGridOptions } from "./cp-candidate";
import type { GcpGridOptions } from "./gcp-candidate";
import type { CpStructure, Evidence } from "./structure-evidence";
import { runGrid, type CrossValidation } from "./cross-validate";
import type { GridEdge } from "./grid-edges";
import type { Grid } from "./grid";
import { gridRunFields, type CrossValidateOptions } from "./grid-plan";
import type { FoldMean } from "./grid-points";
import type { GridRow } from "./run-grid-job";

/** How ranks are compared. */
export interface ChooseRankOptions
  extends Pick<
    CrossValidateOptions,
    "folds" | "boxes" | "mask" | "seed" | "executor" | "journal" | "errors" | "signal"
  > {
  /**
   * options of every decomposition; default `{ starts: 3, tolerance: 1e-5, sweeps: 300 }`. With a `loss`, they are
   * those of `gcp`: its models are compared, and counts are scored by their deviance about the means of the slices of
   * the last mode
   */
  readonly cp?: CpGridOptions | GcpGridOptions;
  /**
   * decompositions of all entries: `runs`, the number of seeds, default 4; `splitMode`, the mode whose even and odd
   * slices are the halves, default the last
   */
  readonly structure?: { readonly runs?: number; readonly splitMode?: number };
}

/** The evidence about a rank. */
export interface RankEvidence {
  readonly rank: number;
  /** the share of the sum of squares of held-out entries that is explained, over folds */
  readonly validation: FoldMean;
  readonly test: FoldMean;
  readonly coreConsistency: Evidence;
  readonly replicability: Evidence;
  readonly splitHalves: Evidence;
}

/** A rank recommended, and why; while it runs, how far it is. Plain data. */
export interface RankChoice {
  /** 0 where there is no low rank; null while it runs, or where nothing could be scored */
  readonly rank: number | null;
  readonly answer: "chosen" | "no low rank" | null;
  /** in ascending order of the ranks; 0, which predicts zeros, comes first */
  readonly table: readonly RankEvidence[];
  /** set where the rank is the largest or smallest that was tried */
  readonly edges: readonly GridEdge[];
  /** the recommendation, and what speaks for and against it, a sentence each */
  readonly reasons: readonly string[];
  /** every cell so far, of folds and of all entries */
  readonly rows: readonly GridRow[];
  readonly done: number;
  readonly total: number;
  readonly secondsLeft: number | null;
  readonly status: Status;
  readonly provenance: Provenance;
}

const fields = () =>
  ({
    ...gridRunFields,
    cp: { is: "checked", check: () => {}, fallback: { starts: 3, tolerance: 1e-5, sweeps: 300 } },
    structure: {
      is: "record",
      of: { runs: { is: "whole number", least: 2, most: 100 }, splitMode: { is: "whole number", least: 0 } },
      fallback: {},
    },
  }) as const satisfies FieldsOf<ChooseRankOptions>;

/**
 * Choose the number of components of a tensor by blocks of entries that are held out, and report core consistency,
 * other seeds and split halves for every rank; of CP by least squares, by the likelihood of counts, or by another loss
 * of `gcp`. The answer can be "no low rank", with rank 0; a rank at either end of the list is reported as an edge.
 *
 * The rank is the smallest within one standard error of the best on validation entries, by {@link oneStandardError}.
 * The other evidence is reported, each with its reason, and does not change the choice.
 *
 * @param x - two modes or more; NaN where missing
 * @param ranks - to be tried, each from 1
 * @throws {@link LtrnnError} when x is not a tensor or ranks are not valid, for unknown options, or as {@link
 * crossValidate}
 * @remarks `folds + runs + 4` decompositions for each rank, each with its starts.
 * @see Owen & Perry (2009), Bi-cross-validation of the SVD, Ann. Appl. Stat. 3; Bro & Kiers (2003), J. Chemometrics 17
 * @example (await chooseRank(tensor([3, 4], [1, 2, 3, 4, 2, 4, 6, 8, 3, 6, 9, 12]), [1], { folds: 2,
 * boxes: { half: [0, 0], test: 0.1, validation: 0.1 } })).rank // 1
 */
export function chooseRank(x: Tensor, ranks: readonly number[], options: ChooseRankOptions = {}): Promise<RankChoice> {
  return last(steps("chooseRank", x, ranks, options));
}

/**
 * The stepwise form of {@link chooseRank}: it yields as every decomposition finishes.
 *
 * @throws {@link LtrnnError} as chooseRank
 * @example (await last(chooseRankSteps(tensor([3, 4], [1, 2, 3, 4, 2, 4, 6, 8, 3, 6, 9, 12]), [1], { folds: 2,
 * boxes: { half: [0, 0], test: 0.1, validation: 0.1 } }))).total // 5
 */
export function chooseRankSteps(
  x: Tensor,
  ranks: readonly number[],
  options: ChooseRankOptions = {},
): AsyncGenerator<RankChoice> {
  return steps("chooseRankSteps", x, ranks, options);
}

async function* steps(
  where: string,
  x: Tensor,
  ranks: readonly number[],
  options: ChooseRankOptions,
): AsyncGenerator<RankChoice> {
  const { cp, structure, ...run } = readOptions<ChooseRankOptions, ReturnType<typeof fields>>(where, options, fields());
  if (!Array.isArray(ranks) || ranks.length === 0 || !ranks.every((rank) => Number.isInteger(rank) && rank >= 1))
    fail(where, {
      expected: "ranks to be a list of whole numbers from 1",
      got: show(
        Array.isArray(ranks) && ranks.length > 0 ? ranks.find((rank) => !Number.isInteger(rank) || rank < 1) : ranks,
      ),
      fix: "Pass such as [1, 2, 3, 4].",
    });
  const sorted = [...ranks].sort((a, b) => a - b),
    isGeneral = isRecord(cp) && "loss" in cp,
    grids: Grid[] = [
      { model: isGeneral ? "gcp" : "cp", axes: { rank: [0, ...sorted] }, options: cp as Grid["options"] & object },
      {
        model: isGeneral ? "gcpStructure" : "cpStructure",
        axes: { rank: sorted },
        // runs from other seeds are compared: each has one start, unless the options name another number
        options: { ...(isGeneral ? { ...cp, starts: 1 } : {}), ...defined(structure) } as Grid["options"] & object,
      },
    ];
  const given = defined(run) as CrossValidateOptions;
  for await (const state of runGrid(where, x, grids, given)) yield rankChoiceOf(state, [0, ...sorted]);
}

const isScored = (model: string): boolean => model === "cp" || model === "gcp";

const unknown: Evidence = { value: null, reason: "not computed yet" };

function rankChoiceOf(state: CrossValidation, ranks: readonly number[]): RankChoice {
  const { rows, done, total, secondsLeft, status, provenance, choice } = state,
    none: FoldMean = { mean: null, error: null };
  const table = ranks.map((rank): RankEvidence => {
    const point = choice?.points.find(({ model, axes }) => isScored(model) && axes.rank === rank),
      row = rows.find(({ model, axes }) => !isScored(model) && axes.rank === rank),
      facts = row?.facts as Partial<CpStructure> | undefined,
      absent: Evidence =
        rank === 0
          ? { value: null, reason: "no components" }
          : row?.reason
            ? { value: null, reason: row.reason }
            : unknown;
    return {
      rank,
      validation: point?.validation ?? none,
      test: point?.test ?? none,
      coreConsistency: facts?.coreConsistency ?? absent,
      replicability: facts?.replicability ?? absent,
      splitHalves: facts?.splitHalves ?? absent,
    };
  });
  const answer = choice === null ? null : choice.answer === "no low rank" ? "no low rank" : "chosen",
    rank = answer === null ? null : answer === "no low rank" ? 0 : (choice?.axes.rank as number),
    edges = rank ? (choice?.edges ?? []) : [];
  return {
    ...{ rank, answer, table, edges },
    reasons: choice && rank !== null ? [choice.statement, ...reasonsFor(table, rank)] : [],
    ...{ rows, done, total, secondsLeft, status },
    provenance: { ...provenance, by: "chooseRank" },
  };
}

/** Core consistency, seeds and halves of the chosen rank, a sentence each. */
function reasonsFor(table: readonly RankEvidence[], rank: number): string[] {
  const row = table.find((one) => one.rank === rank);
  if (!row || rank === 0) return [];
  return Object.entries({
    "Core consistency": row.coreConsistency,
    "Replicability over seeds": row.replicability,
    "Split halves": row.splitHalves,
  }).map(
    ([name, { value, reason }]) =>
      `${name}${value === null ? "" : ` ${value.toFixed(name === "Core consistency" ? 0 : 2)}`}: ${reason}.`,
  );
}
