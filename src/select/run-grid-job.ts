import {
  LtrnnError,
  checksum,
  fail,
  inNameOf,
  readOptions,
  safeUnit,
  show,
  square,
  type FieldsOf,
  type Status,
} from "../base";
import { explainedIn, largestUnder } from "../scores";
import { checkSameShape, checkTensor, type Tensor, type Tensor3 } from "../tensor";
import type { CandidateFit, Candidates, Specification } from "./candidate";
import { candidateOf, checkCandidates } from "./candidates";
import { foldMasks } from "./fold-boxes";
import { checkJob, type GridJob } from "./grid-job";

/** The result of a cell. Plain data, the same to the bit wherever it was computed. */
export interface GridRow {
  readonly cell: number;
  readonly model: string;
  readonly axes: Specification["axes"];
  readonly fold: number;
  /** "failed" where the candidate threw, or its thread or worker was lost, as `facts.lost` says: see `reason` */
  readonly status: Status | "failed";
  /** the share of variance, of deviance or of energy that is explained in each set; null where nothing is scored */
  readonly training: number | null;
  readonly validation: number | null;
  readonly test: number | null;
  readonly reason: string | null;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Options of {@link runGridJob}. */
export interface RunGridJobOptions {
  /** custom candidates; default none */
  readonly candidates?: Candidates;
  /** stops a fit between its steps; the row is then that of the interrupted fit; default none */
  readonly signal?: AbortSignal;
}

const fields = {
  candidates: { is: "checked", check: checkCandidates },
  signal: { is: "AbortSignal" },
} as const satisfies FieldsOf<RunGridJobOptions>;

/**
 * Compute one cell of a grid. Every executor calls this.
 *
 * @param job - from {@link gridJobs}, as it was or through a file or a queue
 * @param data - the tensor that the job names, NaN where nothing was observed
 * @throws {@link LtrnnError} when it is not a job of this version, or the data are not those of the job; an error in
 * the fit becomes a row
 * @example (await runGridJob([...gridJobs(tensor([2, 4], [1, 2, 3, 4, 2, 4, 6, 8]), { model: "cp",
 * axes: { rank: [0] } }, { folds: 1, boxes: { half: [0, 0], test: 0.2, validation: 0.2 } })][0], tensor([2, 4], [1, 2,
 * 3, 4, 2, 4, 6, 8]))).validation // 0
 */
export async function runGridJob(job: GridJob, data: Tensor, options: RunGridJobOptions = {}): Promise<GridRow> {
  const where = "runGridJob";
  checkJob(where, job);
  checkTensor(where, "data", data);
  const { candidates, signal } = readOptions(where, options, fields) as RunGridJobOptions;
  if (checksum(data.data) !== job.data.checksum)
    fail(where, {
      expected: `the data ${job.data.name}, of checksum ${job.data.checksum}`,
      got: `a tensor of checksum ${checksum(data.data)}`,
      fix: "Pass the data that the grid was made for.",
    });
  const { cell, fold, specification, boxes } = job,
    { model, axes } = specification,
    nothing = { training: null, validation: null, test: null };
  try {
    const candidate = candidateOf(where, model, candidates),
      masks = foldMasks(where, data, boxes),
      found = await inNameOf(where, () => candidate.fit(data, specification, masks, signal)),
      { prediction, status, facts = {} } = found;
    if (!prediction) return { cell, model, axes, fold, status, ...nothing, reason: null, facts };
    checkSameShape(model, "prediction", prediction, data.shape, "data");
    const scoreOver = (over: Tensor) => score(data, prediction, masks.train, over, found.score);
    return {
      ...{ cell, model, axes, fold, status },
      ...{ training: scoreOver(masks.train), validation: scoreOver(masks.validation), test: scoreOver(masks.test) },
      ...{ reason: null, facts },
    };
  } catch (error) {
    const reason = error instanceof LtrnnError || error instanceof Error ? error.message : show(error);
    return failedRow(job, reason);
  }
}

/** The share that a prediction explains over a mask, or null where there is nothing to explain. */
function score(
  data: Tensor,
  prediction: Tensor,
  train: Tensor,
  over: Tensor,
  kind: CandidateFit["score"] = "variance",
): number | null {
  const units = data.shape[data.shape.length - 1],
    flat = ({ data: entries }: Tensor): Tensor3 => ({ shape: [1, entries.length / units, units], data: entries });
  if (kind === "energy") {
    const unit = safeUnit(Math.max(largestUnder(flat(data), flat(over)), largestUnder(flat(prediction), flat(over))));
    let left = 0,
      whole = 0;
    for (let at = 0; at < over.data.length; at++)
      if (over.data[at] !== 0) {
        left += square(unit * data.data[at] - unit * prediction.data[at]);
        whole += square(unit * data.data[at]);
      }
    const share = 1 - left / whole;
    return Number.isFinite(share) ? share : null;
  }
  return explainedIn("runGridJob", flat(data), flat(prediction), {
    train: flat(train),
    over: flat(over),
    deviance: kind,
  }).total;
}

const failedRow = ({ cell, fold, specification: { model, axes } }: GridJob, reason: string): GridRow => ({
  ...{ cell, model, axes, fold, status: "failed", reason, facts: {} },
  ...{ training: null, validation: null, test: null },
});

/**
 * The row of a cell whose thread or worker ended, or took too long. That depends on the machine, not on the job: no
 * journal keeps it, so that a resumed grid tries again.
 */
export const lostRow = (job: GridJob, reason: string): GridRow => ({
  ...failedRow(job, reason),
  facts: { lost: true },
});

export const isLost = ({ status, facts }: GridRow): boolean => status === "failed" && facts.lost === true;
