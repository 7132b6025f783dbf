import { checkWhole, fail, failingAs, readOptions, type FieldsOf } from "../base";
import { cpToTensor } from "../factored";
import { gcp, gcpTable, readGcpLoss, type GcpBounds, type GcpLoss, type GcpOptions } from "../gcp";
import { unitMeans } from "../scores";
import { zerosFor, type Tensor, type Tensor3 } from "../tensor";
import type { Candidate, CandidateFit, Specification } from "./candidate";
import { checkSplitMode, structureOf } from "./structure-evidence";

/** The options of generalized CP in a grid, as plain data: a loss by its name or description. */
export interface GcpGridOptions extends Pick<GcpOptions, "starts" | "steps" | "tolerance" | "penalties" | "method"> {
  readonly loss: Exclude<NonNullable<GcpOptions["loss"]>, GcpLoss>;
  /** default as for {@link gcp} */
  readonly start?: "random" | "hosvd" | "nndsvd";
  /** by mode; default none */
  readonly bounds?: readonly (GcpBounds | null)[];
}

interface StructureOptions extends GcpGridOptions {
  /** default 4 */
  readonly runs?: number;
  /** default the last */
  readonly splitMode?: number;
}

const gridTable = () => {
  const { loss, starts, steps, tolerance, bounds, penalties, method } = gcpTable();
  return {
    loss: { ...loss, fallback: undefined, needed: true },
    ...{ starts, steps, tolerance, penalties, method },
    start: { is: "name", of: ["random", "hosvd", "nndsvd"] },
    bounds: {
      is: "list",
      of: { is: "checked", check: (where, name, value) => bounds.of.check(where, name, value ?? undefined) },
    },
  } as const satisfies FieldsOf<GcpGridOptions>;
};

const structureTable = () =>
  ({
    ...gridTable(),
    runs: { is: "whole number", least: 2, most: 100, fallback: 4 },
    splitMode: { is: "whole number", least: 0 },
  }) as const satisfies FieldsOf<StructureOptions>;

/** The rank, the seed, the loss and the other options of gcp in a cell. */
function read(where: string, { axes, options }: Specification, { shape }: Tensor) {
  const { runs, splitMode, bounds, start, ...rest } = failingAs(where, () =>
      readOptions<StructureOptions, ReturnType<typeof structureTable>>(
        where,
        options as unknown as StructureOptions,
        structureTable(),
        "options",
      ),
    ),
    rank = axes.rank as number;
  checkWhole(where, "axes.rank", rank, 0, 10_000);
  if (shape.length < 2)
    fail(where, { expected: "data of two modes or more", got: String(shape.length), fix: "Pass a tensor." });
  const loss = readGcpLoss(where, rest.loss);
  return {
    rank,
    seed: axes.seed === undefined ? 0 : (axes.seed as number),
    runs,
    splitMode: splitMode ?? shape.length - 1,
    loss,
    options: {
      ...(rest as Omit<GcpOptions, "loss">),
      loss,
      ...(start ? { start } : {}),
      ...(bounds ? { bounds: (bounds as readonly (GcpBounds | null)[]).map((bound) => bound ?? undefined) } : {}),
    } as GcpOptions,
  };
}

/** Added to expected counts, as in the losses of counts, so that an expected count of 0 has a finite deviance. */
const floor = 1e-10;

/**
 * A generalized CP decomposition of the training entries. Counts are scored by their deviance about the training means
 * of the slices of the last mode, which are what rank 0 predicts; other data by energy, rank 0 being zero.
 */
export const gcpCandidate: Candidate = {
  axes: ["rank", "seed"],
  check: (where, specification, data) => void read(where, specification, data),
  fit(data, specification, { train }): CandidateFit {
    const { rank, seed, loss, options } = read("gcp", specification, data),
      isCount = loss.data === "counts";
    if (rank === 0) return nothing(data, train, isCount);
    const found = gcp(data, rank, { ...options, seed, mask: train }),
      model = cpToTensor(found),
      expected = (m: number) => (loss.mean ? loss.mean(m) : m);
    return {
      prediction: { shape: data.shape, data: model.data.map((m) => expected(m) + (isCount ? floor : 0)) },
      status: found.status,
      score: isCount ? "poisson" : "energy",
      facts: { relativeError: found.relativeError, loss: found.loss, steps: found.steps },
    };
  },
};

function nothing(data: Tensor, train: Tensor, isCount: boolean): CandidateFit {
  if (!isCount) return { prediction: zerosFor("gcp", data.shape), status: "converged", score: "energy" };
  const units = data.shape[data.shape.length - 1],
    flat = ({ data: entries }: Tensor): Tensor3 => ({ shape: [1, entries.length / units, units], data: entries }),
    means = unitMeans(flat(data), flat(train));
  return {
    prediction: { shape: data.shape, data: data.data.map((_, i) => means[i % units]) },
    status: "converged",
    score: "poisson",
  };
}

/** Generalized CP of all observed entries at a rank: other seeds, split halves. It has no score. */
export const gcpStructureCandidate: Candidate = {
  axes: ["rank", "seed"],
  whole: true,
  check: (where, specification, data) => checkSplitMode(where, read(where, specification, data).splitMode, data),
  fit(data, specification) {
    const { rank, seed, runs, splitMode, loss, options } = read("gcpStructure", specification, data);
    return structureOf(data, {
      ...{ runs, splitMode, seed },
      ...(loss.name === "gaussian"
        ? {}
        : { noCore: `it is a question of least squares, not of the loss ${loss.name}` }),
      find(x, mask, from) {
        const found = gcp(x, rank, { ...options, ...(mask ? { mask } : {}), seed: from });
        return { ...found, objective: found.loss };
      },
    });
  },
};
