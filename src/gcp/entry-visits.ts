import {
  contractionKernels,
  countGroups,
  countsVisit,
  keptGroups,
  type CountGroups,
  type CountsLoss,
  type ModelPanel,
  type PanelVisit,
} from "../kernels";
import type { Tensor } from "../tensor";
import { checkData } from "./check-data";
import type { GcpLoss, GcpLossDescription } from "./gcp-loss";

/** Losses of counts that have kernels. */
function countsLossOf(description: GcpLossDescription | undefined): CountsLoss | undefined {
  switch (description?.kind) {
    case "poisson":
      return { kind: "flat" };
    case "poissonLog":
      return { kind: "exponential" };
    case "bernoulli":
      return { kind: "odds", ofZero: 1, perCount: 0 };
    case "bernoulliLogit":
      return { kind: "logistic" };
    case "negativeBinomial":
      return { kind: "odds", ofZero: description.failures, perCount: 1 };
    default:
      return undefined;
  }
}

/**
 * Sums the losses of observed entries, and writes their derivatives, 0 at missing entries.
 *
 * @param panels - the blocks that are visited
 * @param again - whether every block is visited many times: then counts are listed and checked at the start
 * @throws {@link LtrnnError} in the name of `where`, when the loss is not defined for x; without `again`, counts are
 * checked as they are visited
 */
export function lossVisit(
  where: string,
  panels: readonly ModelPanel[],
  x: Tensor,
  mask: Tensor | undefined,
  loss: GcpLoss,
  again: boolean,
): PanelVisit {
  const ofCounts = countsLossOf(loss.description);
  if (ofCounts) {
    const found = countGroups(x.data, mask?.data),
      isRight = (groups: ReturnType<typeof found>) => groups?.every((group) => group.x < 2 || loss.data !== "binary");
    const groupsOf: CountGroups = (panel) => {
      const groups = found(panel);
      if (!isRight(groups)) checkData(where, x, loss, mask);
      return groups ?? [];
    };
    return countsVisit(again ? keptGroups(panels, groupsOf) : groupsOf, ofCounts, loss);
  }
  checkData(where, x, loss, mask);
  const seen = mask?.data;
  return rowByRow((f64, at, to, place, count) => {
    let sum = 0;
    for (let k = 0; k < count; k++) {
      const entry = x.data[place + k],
        model = f64[at + k];
      if (seen && seen[place + k] === 0) f64[to + k] = 0;
      else {
        sum += loss.value(entry, model);
        f64[to + k] = loss.derivative(entry, model);
      }
    }
    return sum;
  });
}

/** Sums the squared differences between observed entries and their expected values. */
export function residualVisit({ data: x }: Tensor, mask: Tensor | undefined, { mean }: GcpLoss): PanelVisit {
  const seen = mask?.data;
  return rowByRow((f64, at, _, place, count) => {
    let sum = 0;
    for (let k = 0; k < count; k++) {
      if (seen && seen[place + k] === 0) continue;
      const difference = x[place + k] - (mean ? mean(f64[at + k]) : f64[at + k]);
      sum += difference * difference;
    }
    return sum;
  });
}

/**
 * A visit in TypeScript, of contiguous entries of x.
 *
 * @param each - takes the workspace, the addresses in it of the model and of the derivatives, the number of entries,
 * and the index of the first of them in x
 */
function rowByRow(
  each: (f64: Float64Array, at: number, to: number, place: number, count: number) => number,
): PanelVisit {
  const { workspace } = contractionKernels();
  return (m, y, { rows, columns, from, step }) => {
    const isWhole = columns === step, // rows are contiguous too
      count = isWhole ? rows * columns : columns;
    let sum = 0;
    for (let i = 0; i < (isWhole ? 1 : rows); i++)
      sum += each(workspace.f64, m / 8 + i * columns, y / 8 + i * columns, from + i * step, count);
    return sum;
  };
}
