import { checkWhole, fail, failingAs, readOptions, type FieldsOf } from "../base";
import { constraintFrom, cpAls, cpTable, type ConstraintDescription, type CpOptions } from "../decompose";
import { cpToTensor } from "../factored";
import { zerosFor } from "../tensor";
import type { Candidate, Specification } from "./candidate";

/** The options of CP in a grid, as plain data: constraints by their descriptions. */
export interface CpGridOptions extends Pick<CpOptions, "starts" | "sweeps" | "tolerance" | "missing" | "method"> {
  /** by mode; default none */
  readonly constraints?: readonly (ConstraintDescription | null)[];
}

const cpGridTable = () =>
  ({
    starts: cpTable.starts,
    sweeps: cpTable.sweeps,
    tolerance: cpTable.tolerance,
    missing: cpTable.missing,
    method: cpTable.method,
    constraints: {
      is: "list",
      of: { is: "checked", check: (_, __, value) => void (value === null || constraintFrom(value as never)) },
    },
  }) as const satisfies FieldsOf<CpGridOptions>;

/** The rank, the seed and the other options of CP in a cell. */
function cpSpecification(where: string, { axes, options }: Specification, shape: readonly number[]) {
  const { constraints, ...read } = failingAs(where, () =>
    readOptions(where, options as CpGridOptions, cpGridTable(), "options"),
  );
  const rank = axes.rank as number;
  checkWhole(where, "axes.rank", rank, 0, 10_000);
  const seed = axes.seed === undefined ? 0 : (axes.seed as number);
  if (shape.length < 2)
    fail(where, { expected: "data of two modes or more", got: String(shape.length), fix: "Pass a tensor." });
  return {
    rank,
    options: {
      ...read,
      seed,
      ...(constraints
        ? {
            missing: "impute",
            constraints: constraints.map((one) => (one === null ? undefined : constraintFrom(one as never))),
          }
        : {}),
    } as CpOptions,
  };
}

/** A CP decomposition of the training entries; rank 0 predicts zero everywhere: no low rank. */
export const cpCandidate: Candidate = {
  axes: ["rank", "seed"],
  check: (where, specification, data) => void cpSpecification(where, specification, data.shape),
  fit(data, specification, { train }) {
    const { rank, options } = cpSpecification("cp", specification, data.shape);
    if (rank === 0) return { prediction: zerosFor("cp", data.shape), status: "converged", score: "energy" };
    const found = cpAls(data, rank, { ...options, mask: train });
    return {
      prediction: cpToTensor(found),
      status: found.status,
      score: "energy",
      facts: { relativeError: found.relativeError, sweeps: found.sweeps },
    };
  },
};
