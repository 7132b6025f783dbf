import {
  contractionKernels,
  countLists,
  countsVisit,
  type CountsLoss,
  type ModelPanel,
  type PanelVisit,
} from "../kernels";
import type { Tensor } from "../tensor";
import { checkData } from "./check-data";
import type { GcpLoss, GcpLossDescription } from "./gcp-loss";

/** Losses of counts that the kernels have. */
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
 * Sums the losses of observed entries, and leaves their derivatives, 0 where none is observed.
 *
 * @throws {@link LtrnnError} in the name of `where`, when x is not what the loss is about
 */
export function lossVisit(
  where: string,
  panels: readonly ModelPanel[],
  x: Tensor,
  mask: Tensor | undefined,
  loss: GcpLoss,
): PanelVisit {
  const ofCounts = countsLossOf(loss.description),
    lists = ofCounts && countLists(panels, x.data, mask?.data),
    binary = loss.data === "binary";
  if (ofCounts && lists && !(binary && lists.some(({ values }) => values.some((value) => value > 1))))
    return countsVisit(panels, lists, ofCounts, loss);
  checkData(where, x, loss, mask);
  return entryByEntry(
    mask,
    (place, m) => loss.value(x.data[place], m),
    (place, m) => loss.derivative(x.data[place], m),
  );
}

/** Sums the squared differences of observed entries from what is expected of them. */
export function residualVisit({ data: x }: Tensor, mask: Tensor | undefined, { mean }: GcpLoss): PanelVisit {
  return entryByEntry(mask, (place, m) => {
    const difference = x[place] - (mean ? mean(m) : m);
    return difference * difference;
  });
}

/** A visit of observed entries, one after the other, by their place in the whole. */
function entryByEntry(
  mask: Tensor | undefined,
  value: (place: number, m: number) => number,
  derivative?: (place: number, m: number) => number,
): PanelVisit {
  const { workspace } = contractionKernels(),
    seen = mask?.data;
  return (m, y, { rows, columns, from, step }) => {
    const { f64 } = workspace;
    let sum = 0;
    for (let i = 0, at = m / 8, to = y / 8; i < rows; i++)
      for (let place = from + i * step, end = place + columns; place < end; place++, at++, to++) {
        const isSeen = seen?.[place] !== 0;
        if (isSeen) sum += value(place, f64[at]);
        if (derivative) f64[to] = isSeen ? derivative(place, f64[at]) : 0;
      }
    return sum;
  };
}
