import { lanes } from "./panel";
import { addOuter, addProduct, transposed } from "./product";

/** How the recurrent weights of one panel of trials act on rates, beside the adjoint of that. */
export interface Recurrence {
  /** `out += W^(k) h`, trial by trial; `h` is the slice of `rates` at `at`, `out` one step long */
  apply(out: Float64Array, rates: Float64Array, at: number, step: number): void;
  /** `dRates += W^(k)' g`, and the gradient in the weights, `g h'` (theory A1), adds up where the maker of the recurrence keeps it */
  adjoint(dRates: Float64Array, g: Float64Array, rates: Float64Array, at: number, step: number): void;
}

/** Full weights `w` (units × units), the same for all trials; the gradient adds up in `dw`. `4 units²` operations a step and trial, with the adjoint `12 units²`. */
export function fullRecurrence(w: Float64Array, dw: Float64Array, units: number): Recurrence {
  const wT = transposed(w, units, units);
  return {
    apply: (out, rates, at) => addProduct(out, 0, w, rates, at, units, units),
    adjoint: (dRates, g, rates, at) => {
      addProduct(dRates, 0, wT, g, 0, units, units);
      addOuter(dw, g, 0, rates, at, units, units);
    },
  };
}

/** What {@link lowRankRecurrence} adds its gradients to. */
export interface LowRankGradients {
  readonly da: Float64Array;
  readonly db: Float64Array;
  /** `[rank][lane]`, where the trials have factors of their own */
  readonly dc?: Float64Array;
}

/**
 * `W^(k) h = a (c_k * b' h)`, which never forms `W^(k)`: `a`, `b` (units × rank) and, where given, the trial factors `c` of the panel, `[rank][lane]`.
 * It keeps kappa = b' h of each of up to `steps` steps for the adjoint. `4 units rank` operations a step and trial, with the adjoint three times that.
 */
export function lowRankRecurrence(a: Float64Array, b: Float64Array, c: Float64Array | undefined, { da, db, dc }: LowRankGradients, units: number, rank: number, steps: number): Recurrence {
  const aT = transposed(a, units, rank), bT = transposed(b, units, rank);
  const slice = rank * lanes;
  const kappas = new Float64Array(steps * slice); // b' h
  const scaled = new Float64Array(slice); // c * b' h
  const pulled = new Float64Array(slice); // a' g, then c * a' g
  const scale = (step: number) => {
    const from = step * slice;
    for (let i = 0; i < slice; i++) scaled[i] = c ? c[i] * kappas[from + i] : kappas[from + i];
  };
  return {
    apply(out, rates, at, step) {
      kappas.fill(0, step * slice, (step + 1) * slice);
      addProduct(kappas, step * slice, bT, rates, at, rank, units);
      scale(step);
      addProduct(out, 0, a, scaled, 0, units, rank);
    },
    adjoint(dRates, g, rates, at, step) {
      pulled.fill(0);
      addProduct(pulled, 0, aT, g, 0, rank, units);
      scale(step);
      addOuter(da, g, 0, scaled, 0, units, rank);
      if (c && dc)
        for (let i = 0; i < slice; i++) {
          dc[i] += pulled[i] * kappas[step * slice + i];
          pulled[i] *= c[i];
        }
      addProduct(dRates, 0, b, pulled, 0, units, rank);
      addOuter(db, rates, at, pulled, 0, units, rank);
    },
  };
}
