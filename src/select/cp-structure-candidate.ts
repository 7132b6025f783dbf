import { readOptions, type FieldsOf } from "../base";
import { cpAls, cpTable, type CpOptions } from "../decompose";
import type { Tensor } from "../tensor";
import type { Candidate, Specification } from "./candidate";
import { checkSplitMode, structureOf } from "./structure-evidence";

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
  checkSplitMode(where, splitMode, data);
  return {
    runs,
    splitMode,
    cp: cp as CpOptions,
    rank: axes.rank as number,
    seed: (axes.seed as number | undefined) ?? 0,
  };
}

/** CP of all observed entries at a rank: core consistency, other seeds, split halves. It has no score. */
export const cpStructureCandidate: Candidate = {
  axes: ["rank", "seed"],
  whole: true,
  check: (where, specification, data) => void read(where, specification, data),
  fit(data, specification) {
    const { cp, rank, ...settings } = read("cpStructure", specification, data);
    return structureOf(data, {
      ...settings,
      find(x, mask, seed) {
        const found = cpAls(x, rank, { ...cp, ...(mask ? { mask } : {}), seed });
        return { ...found, objective: found.relativeError };
      },
    });
  },
};
