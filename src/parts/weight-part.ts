import { checksum, fail } from "../base";
import { checkFinite, checkMask, checkTensor, type Matrix } from "../tensor";
import type { Part } from "./part";

/** Free parameters of a constrained matrix of weights: any values give weights that satisfy the constraint. */
export type FreeWeights = { readonly free: Matrix };

/** A constraint on a matrix of weights: a part from {@link FreeWeights} to weights that keep it, whatever they are. */
export interface WeightPart extends Part<FreeWeights, Matrix> {
  /** the free parameters of given weights; an error where the weights do not keep the constraint */
  start(w: Matrix): FreeWeights;
}

/** Refuse a mask that is none, or that lets no weight be. */
export function checkWeightMask(where: string, name: string, mask: unknown): void {
  checkTensor(where, name, mask, 2);
  const { shape, data } = mask as Matrix;
  checkMask(where, name, mask, shape);
  if (!data.includes(1))
    fail(where, {
      expected: `at least one weight that ${name} lets be`,
      got: "a mask of zeros",
      fix: "Pass 1 where two units are connected, or freeze the parameter: leave it out of those that train.",
    });
}

/** Refuse what is no finite matrix of the right shape. */
export function checkWeights(where: string, name: string, w: unknown, shape?: readonly number[]): void {
  checkTensor(where, name, w, 2);
  const own = (w as Matrix).shape;
  if (shape && own.join() !== shape.join())
    fail(where, {
      expected: `${name} of shape (${shape.join(" × ")})`,
      got: `(${own.join(" × ")})`,
      fix: "Make the constraint for the sizes of the parameter that it is to hold.",
    });
  checkFinite(where, name, w as Matrix);
}

/** A matrix in a few words, for descriptions. */
export const digestOfMatrix = (x: Matrix) => ({ shape: [...x.shape], checksum: checksum(x.data) });
