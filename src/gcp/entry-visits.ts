import { log } from "../base";
import type { PanelVisit } from "../kernels";
import type { Tensor } from "../tensor";
import type { GcpLoss } from "./gcp-loss";

/** Sums the losses of observed entries, and leaves their derivatives where the model was: 0 where none is observed. */
export function lossVisit({ data: x }: Tensor, mask: Tensor | undefined, loss: GcpLoss): PanelVisit {
  if (loss.description?.kind === "poisson") return poissonVisit(x, mask?.data);
  const seen = mask?.data;
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

/** Counts up to this are multiplied out. */
const fewCounts = 8;

/**
 * The loss of counts, m - x log(m + 1e-10), with few logarithms: small counts multiply their m up, `sum x log m = log
 * prod m^x`, and the logarithm of the product is taken when it is about to leave the range of doubles.
 */
function poissonVisit(x: Float64Array, seen: Float64Array | undefined): PanelVisit {
  return (m, at, from, count) => {
    let sum = 0,
      product = 1;
    for (let k = 0; k < count; k++) {
      if (seen && seen[from + k] === 0) {
        m[at + k] = 0;
        continue;
      }
      const entry = x[from + k],
        model = m[at + k];
      sum += model;
      if (entry === 0) {
        m[at + k] = 1;
        continue;
      }
      const raised = model + 1e-10;
      m[at + k] = 1 - entry / raised;
      if (entry > fewCounts) sum -= entry * log(raised);
      else
        for (let n = 0; n < entry; n++) {
          product *= raised;
          if (product > 1e-150 && product < 1e150) continue;
          sum -= log(product);
          product = 1;
        }
    }
    return sum - log(product);
  };
}
