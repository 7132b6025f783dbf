import { pow, readOptions, type FieldsOf } from "../base";
import { mapParams, type Params } from "../tensor";
import { nextRoot } from "./root-mean-square";
import {
  checkGradients,
  checkStep,
  nameOf,
  remembered,
  zerosLike,
  type DescribedTransform,
  type TransformKind,
} from "./transform";

/** Exponential decay rates of Adam's first and second moments, and what is added to the root of the second. */
export interface Betas {
  /** in [0, 1); default 0.9 */
  readonly beta1?: number;
  /** in [0, 1); default 0.999 */
  readonly beta2?: number;
  /** above 0; default 1e-8 */
  readonly epsilon?: number;
}

/** Adam's memory: updates made, running means of gradients, and roots of running means of their squares. */
export interface AdamMemory {
  readonly step: number;
  readonly mean: Params;
  readonly rootMeanSquare: Params;
}

/**
 * Divide the running mean of gradients by the root of their running mean square, both corrected for their start at
 * zero: entry by entry, so updates leave the span of gradients.
 *
 * @throws {@link LtrnnError} for numbers out of range, and unknown names
 * @remarks Roots are remembered in place of squares, which would overflow for gradients beyond 1e154.
 * @see Kingma & Ba (2015), Adam: a method for stochastic optimization, algorithm 1
 * @example scaleByAdam({ epsilon: 1e-12 }).span.preserved // false
 */
export const scaleByAdam = (betas?: Betas): DescribedTransform<AdamMemory> =>
  scaleByAdamOf("scaleByAdam", betas, "betas");

const table = {
  beta1: { is: "number", least: 0, below: 1, fallback: 0.9 },
  beta2: { is: "number", least: 0, below: 1, fallback: 0.999 },
  epsilon: { is: "number", above: 0, fallback: 1e-8 },
} as const satisfies FieldsOf<Betas>;

export function scaleByAdamOf(
  where: string,
  given: Betas | undefined,
  called?: string,
): DescribedTransform<AdamMemory> {
  const { beta1, beta2, epsilon } = readOptions(where, given, table, called);
  const description = { kind: "scaleByAdam", beta1, beta2, epsilon } as const;
  return {
    name: nameOf(description),
    description,
    span: {
      preserved: false,
      because: "Adam divides each entry of a gradient by its own scale, which leaves the span of the gradients",
    },
    init: (params) => ({ step: 0, mean: zerosLike(params), rootMeanSquare: zerosLike(params) }),
    update(gradients, memory) {
      checkGradients("scaleByAdam", gradients);
      checkStep("scaleByAdam", memory);
      const { step, mean, rootMeanSquare } = memory;
      const meanFactor = 1 / (1 - pow(beta1, step + 1)),
        rootFactor = 1 / Math.sqrt(1 - pow(beta2, step + 1)),
        [fresh1, fresh2] = [1 - beta1, 1 - beta2];
      const nextMean: Record<string, Float64Array> = {},
        nextRoots: Record<string, Float64Array> = {};
      const updates = mapParams(gradients, (g, name) => {
        const oldM = remembered("scaleByAdam", mean, name, g.length),
          oldRoot = remembered("scaleByAdam", rootMeanSquare, name, g.length),
          newM = new Float64Array(g.length),
          newRoot = new Float64Array(g.length),
          out = new Float64Array(g.length);
        for (let i = 0; i < g.length; i++) {
          // the largest loop outside the kernels: no closure per entry, and one division
          const x = g[i],
            mean = beta1 * oldM[i] + fresh1 * x,
            square = beta2 * oldRoot[i] * oldRoot[i] + fresh2 * x * x,
            root = square > 1e-290 && square < 1e290 ? Math.sqrt(square) : nextRoot(oldRoot[i], x, beta2);
          newM[i] = mean;
          newRoot[i] = root;
          out[i] = (mean * meanFactor) / (root * rootFactor + epsilon);
        }
        nextMean[name] = newM;
        nextRoots[name] = newRoot;
        return out;
      });
      const next = {
        step: step + 1,
        mean: { ...mean, ...mapParams(gradients, (_, name) => nextMean[name]) },
        rootMeanSquare: { ...rootMeanSquare, ...mapParams(gradients, (_, name) => nextRoots[name]) },
      };
      return [updates, next];
    },
  };
}

export const scaleByAdamKind: TransformKind = {
  kind: "scaleByAdam",
  make: (where, numbers: Betas) => scaleByAdamOf(where, numbers),
};
