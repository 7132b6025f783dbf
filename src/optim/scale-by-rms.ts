import { readOptions, type FieldsOf } from "../base";
import { mapParams, type Params } from "../tensor";
import { nextRoot } from "./root-mean-square";
import {
  checkGradients,
  nameOf,
  remembered,
  zerosLike,
  type DescribedTransform,
  type TransformKind,
} from "./transform";

/** How {@link scaleByRms} averages. */
export interface RmsOptions {
  /** how much of the running mean of squares is kept at each step, in [0, 1); default 0.99 */
  readonly beta?: number;
  /** what is added to the root, above 0; default 1e-8 */
  readonly epsilon?: number;
  /** divide by the standard deviation of gradients in place of their root mean square; default false */
  readonly centered?: boolean;
}

/**
 * The memory of {@link scaleByRms}: running means of gradients where they are centered, and roots of those of squares.
 */
export interface RmsMemory {
  readonly mean: Params;
  readonly rootMeanSquare: Params;
}

export const rmsTable = {
  beta: { is: "number", least: 0, below: 1, fallback: 0.99 },
  epsilon: { is: "number", above: 0, fallback: 1e-8 },
  centered: { is: "boolean", fallback: false },
} as const satisfies FieldsOf<RmsOptions>;

/**
 * Divide gradients by the root of the running mean of their squares, which starts at zero: entry by entry, so updates
 * leave the span of gradients.
 *
 * @throws {@link LtrnnError} for numbers out of range, and unknown names
 * @see Tieleman & Hinton (2012), Lecture 6.5: rmsprop, COURSERA: Neural networks for machine learning; Graves (2013),
 * Generating sequences with recurrent neural networks, equations 38 to 41, for the centered form
 * @example scaleByRms({ beta: 0, epsilon: 1e-12 }).span.preserved // false
 */
export const scaleByRms = (options?: RmsOptions): DescribedTransform<RmsMemory> => scaleByRmsOf("scaleByRms", options);

export function scaleByRmsOf(where: string, given: RmsOptions | undefined): DescribedTransform<RmsMemory> {
  const { beta, epsilon, centered } = readOptions<RmsOptions, typeof rmsTable>(where, given, rmsTable);
  const description = { kind: "scaleByRms", beta, epsilon, centered };
  return {
    name: nameOf(description),
    description,
    span: {
      preserved: false,
      because: "RMSProp divides each entry of a gradient by its own scale, which leaves the span of the gradients",
    },
    init: (params) => ({ mean: centered ? zerosLike(params) : {}, rootMeanSquare: zerosLike(params) }),
    update(gradients, { mean, rootMeanSquare }) {
      checkGradients("scaleByRms", gradients);
      const roots = mapParams(gradients, (g, name) => {
        const old = remembered("scaleByRms", rootMeanSquare, name, g.length),
          out = new Float64Array(g.length);
        for (let i = 0; i < g.length; i++) out[i] = nextRoot(old[i], g[i], beta);
        return out;
      });
      const means = mapParams(centered ? gradients : {}, (g, name) => {
        const old = remembered("scaleByRms", mean, name, g.length),
          out = new Float64Array(g.length);
        for (let i = 0; i < g.length; i++) out[i] = beta * old[i] + (1 - beta) * g[i];
        return out;
      });
      const updates = mapParams(gradients, (g, name) => {
        const root = remembered("scaleByRms", roots, name, g.length),
          center = centered ? remembered("scaleByRms", means, name, g.length) : undefined,
          out = new Float64Array(g.length);
        for (let i = 0; i < g.length; i++) out[i] = g[i] / (deviation(root[i], center ? center[i] : 0) + epsilon);
        return out;
      });
      return [updates, { mean: { ...mean, ...means }, rootMeanSquare: { ...rootMeanSquare, ...roots } }];
    },
  };
}

export const scaleByRmsKind: TransformKind = {
  kind: "scaleByRms",
  make: scaleByRmsOf,
};

/** `sqrt(root² - mean²)`, which rounding must not make imaginary. */
const deviation = (root: number, mean: number): number =>
  mean === 0 ? root : Math.sqrt(Math.max(0, root - Math.abs(mean))) * Math.sqrt(root + Math.abs(mean));
