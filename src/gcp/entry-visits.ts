import { countsVisit, type PanelVisit } from "../kernels";
import type { Tensor } from "../tensor";
import type { GcpLoss } from "./gcp-loss";

/** Sums the losses of observed entries, and leaves their derivatives where the model was: 0 where none is observed. */
export function lossVisit({ data: x }: Tensor, mask: Tensor | undefined, loss: GcpLoss): PanelVisit {
  const seen = mask?.data;
  if (loss.description?.kind === "poisson")
    return countsVisit(seen ? x.map((count, i) => (seen[i] === 0 ? -1 : count)) : x);
  return (m, at, from, count) => {
    let sum = 0;
    for (let k = 0; k < count; k++) {
      const entry = x[from + k],
        model = m[at + k];
      if (seen && seen[from + k] === 0) m[at + k] = 0;
      else {
        sum += loss.value(entry, model);
        m[at + k] = loss.derivative(entry, model);
      }
    }
    return sum;
  };
}

/** Sums the squared differences of observed entries from what is expected of them. */
export function residualVisit({ data: x }: Tensor, mask: Tensor | undefined, { mean }: GcpLoss): PanelVisit {
  const seen = mask?.data;
  return (m, at, from, count) => {
    let sum = 0;
    for (let k = 0; k < count; k++) {
      if (seen && seen[from + k] === 0) continue;
      const difference = x[from + k] - (mean ? mean(m[at + k]) : m[at + k]);
      sum += difference * difference;
    }
    return sum;
  };
}
