import { checkAbove, fail, power } from "../base";
import { mapParams, paramsNorm, type Params } from "../tensor";
import { preserved, zerosLike, type Schedule, type Transform } from "./transform";

function scaled(data: Float64Array, factor: number, over = 1): Float64Array {
  const out = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) out[i] = (data[i] * factor) / over;
  return out;
}

/** Multiply by minus the learning rate: the last part of a chain. */
export function scaleByRate(rate: Schedule): Transform<{ step: number }> {
  if (typeof rate === "number") checkAbove("scaleByRate", "rate", rate, 0, true);
  return {
    name: `scaleByRate(${typeof rate === "number" ? rate : "schedule"})`,
    span: preserved,
    init: () => ({ step: 0 }),
    update(gradients, { step }) {
      const now = typeof rate === "number" ? rate : rate(step);
      if (!Number.isFinite(now))
        fail("scaleByRate", {
          expected: "a schedule that gives finite rates",
          got: `${now} at step ${step}`,
          fix: "Mend the schedule.",
        });
      return [mapParams(gradients, (g) => scaled(g, -now)), { step: step + 1 }];
    },
  };
}

/** Rescale all gradients together so that their joint Euclidean norm is at most `most` (Pascanu, Mikolov & Bengio 2013). */
export function clipByNorm(most: number): Transform<null> {
  checkAbove("clipByNorm", "most", most, 0);
  return {
    name: `clipByNorm(${most})`,
    span: preserved,
    init: () => null,
    update(gradients) {
      const norm = paramsNorm(gradients);
      return [norm <= most ? gradients : mapParams(gradients, (g) => scaled(g, most, norm)), null];
    },
  };
}

/** Accumulate velocity: `v <- beta v + g`, giving v (heavy ball, Polyak 1964) or `g + beta v` (Nesterov, as in Sutskever et al. 2013). */
export function accumulate(beta: number, nesterov = false): Transform<Params> {
  if (!(beta >= 0 && beta < 1))
    fail("accumulate", { expected: "beta in [0, 1)", got: String(beta), fix: "0.9 is usual." });
  return {
    name: `accumulate(${beta}${nesterov ? ", nesterov" : ""})`,
    span: preserved,
    init: zerosLike,
    update(gradients, velocity) {
      const v = mapParams(gradients, (g, name) => {
        const old = velocity[name]!.data;
        return g.map((x, i) => beta * old[i] + x);
      });
      return [nesterov ? mapParams(gradients, (g, name) => g.map((x, i) => x + beta * v[name]!.data[i])) : v, v];
    },
  };
}

/** Exponential decay rates of Adam's first and second moments. */
export interface Betas {
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}

/** Divide the running mean of gradients by the root of their running mean square, both corrected for their start: entry by entry, so the span is left. */
export function scaleByAdam({
  beta1 = 0.9,
  beta2 = 0.999,
  epsilon = 1e-8,
}: Betas = {}): Transform<{ step: number; mean: Params; square: Params }> {
  for (const beta of [beta1, beta2])
    if (!(beta >= 0 && beta < 1))
      fail("scaleByAdam", {
        expected: "beta1 and beta2 in [0, 1)",
        got: String(beta),
        fix: "0.9 and 0.999 are usual.",
      });
  checkAbove("scaleByAdam", "epsilon", epsilon, 0);
  return {
    name: `scaleByAdam(${beta1}, ${beta2})`,
    span: {
      preserved: false,
      because: "Adam divides each entry of a gradient by its own scale, which leaves the span of the gradients",
    },
    init: (params) => ({ step: 0, mean: zerosLike(params), square: zerosLike(params) }),
    update(gradients, { step, mean, square }) {
      const c1 = 1 - power(beta1, step + 1),
        c2 = 1 - power(beta2, step + 1),
        m = zerosLike(gradients),
        v = zerosLike(gradients);
      const updates = mapParams(gradients, (g, name) => {
        const oldM = mean[name]!.data,
          oldV = square[name]!.data,
          newM = m[name]!.data,
          newV = v[name]!.data,
          out = new Float64Array(g.length);
        for (let i = 0; i < g.length; i++) {
          // the largest loop outside the kernels: no closure per entry
          newM[i] = beta1 * oldM[i] + (1 - beta1) * g[i];
          newV[i] = beta2 * oldV[i] + (1 - beta2) * g[i] * g[i];
          out[i] = newM[i] / c1 / (Math.sqrt(newV[i] / c2) + epsilon);
        }
        return out;
      });
      return [updates, { step: step + 1, mean: m, square: v }];
    },
  };
}
