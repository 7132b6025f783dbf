/** `dy/dt = f(y, u)`, with the adjoint of f. */
export interface Flow {
  /** entries of y */
  readonly size: number;
  /** entries of u */
  readonly controls: number;
  /** write f(y, u) */
  rate(rate: Float64Array, y: Float64Array, u: Float64Array): void;
  /** `dY += (∂f/∂y)' dRate` and `dU += (∂f/∂u)' dRate` */
  rateAdjoint(dY: Float64Array, dU: Float64Array, dRate: Float64Array, y: Float64Array, u: Float64Array): void;
}

/**
 * Steps of the classical Runge-Kutta method, of fourth order, with u held over `dt`, and their exact adjoint:
 *
 * `k_1 = f(y)`, `k_2 = f(y + h/2 k_1)`, `k_3 = f(y + h/2 k_2)`, `k_4 = f(y + h k_3)`,
 * `y <- y + h/6 (k_1 + 2 k_2 + 2 k_3 + k_4)`, `substeps` times with h = dt / substeps.
 *
 * Arrays are reused from call to call: what is returned holds until the next.
 */
export function rungeKutta({ size, controls, rate, rateAdjoint }: Flow, dt: number, substeps: number) {
  const h = dt / substeps,
    arrays = (count: number) => Array.from({ length: count }, () => new Float64Array(size));
  const path = arrays(substeps + 1),
    slopes = arrays(4),
    stages = arrays(4),
    dSlope = new Float64Array(size),
    dStage = new Float64Array(size),
    end = new Float64Array(size),
    dStart = new Float64Array(size),
    held = new Float64Array(controls);
  /** how far each stage is from the start, along the slope before it; how much each slope counts */
  const reach = [0, h / 2, h / 2, h],
    share = [h / 6, h / 3, h / 3, h / 6];

  /** The four stages from y, and their slopes. */
  const evaluate = (y: Float64Array, u: Float64Array) => {
    for (let stage = 0; stage < 4; stage++) {
      const at = stages[stage],
        before = slopes[Math.max(0, stage - 1)];
      for (let i = 0; i < size; i++) at[i] = stage === 0 ? y[i] : y[i] + reach[stage] * before[i];
      rate(slopes[stage], at, u);
    }
  };
  const forward = (y: Float64Array, u: Float64Array) => {
    path[0].set(y);
    for (let part = 0; part < substeps; part++) {
      evaluate(path[part], u);
      const [k1, k2, k3, k4] = slopes;
      for (let i = 0; i < size; i++)
        path[part + 1][i] = path[part][i] + (h / 6) * (k1[i] + 2 * (k2[i] + k3[i]) + k4[i]);
    }
  };
  return {
    /** the state after dt */
    step(y: Float64Array, u: Float64Array): Float64Array {
      forward(y, u);
      return path[substeps];
    },
    /**
     * Of the step that was made last, from any y with this u: `dU += (∂next/∂u)' dNext`; returns `(∂next/∂y)' dNext`.
     */
    adjoint(dU: Float64Array, dNext: Float64Array, u: Float64Array): Float64Array {
      held.fill(0);
      dStart.set(dNext);
      for (let part = substeps - 1; part >= 0; part--) {
        if (part < substeps - 1) evaluate(path[part], u); // the stages of the last part are those that step left
        end.set(dStart);
        // dStage is the gradient at the stage after; dStart sums those at all stages
        for (let stage = 3; stage >= 0; stage--) {
          for (let i = 0; i < size; i++)
            dSlope[i] = share[stage] * end[i] + (stage < 3 ? reach[stage + 1] * dStage[i] : 0);
          dStage.fill(0);
          rateAdjoint(dStage, held, dSlope, stages[stage], u);
          for (let i = 0; i < size; i++) dStart[i] += dStage[i];
        }
      }
      for (let i = 0; i < controls; i++) dU[i] += held[i];
      return dStart;
    },
  };
}
