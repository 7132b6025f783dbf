import { fail, show, type FieldsOf } from "../base";
import { checkConstraint, type CpConstraint } from "../decompose";
import type { Tensor } from "../tensor";
import type { CoupledCpResult } from "./coupled-result";

/** Constraints of coupled decompositions. */
export interface CoupledConstraints {
  /** of the factor that all tensors share */
  readonly shared?: CpConstraint;
  /** of every other factor */
  readonly own?: CpConstraint;
}

/** Options of {@link coupledCp}. */
export interface CoupledOptions {
  /** of everything that is drawn; default 0 */
  readonly seed?: number;
  /**
   * an earlier result. With the same tensors, weights and constraints, it is resumed to the same bits as a run that was
   * never stopped; otherwise its models are the start. Default: the best of `starts` random ones
   */
  readonly start?: CoupledCpResult;
  /** number of starts that are compared by successive halving; default 4 */
  readonly starts?: number;
  /** most sweeps of the start that is left; default 1000 */
  readonly sweeps?: number;
  /** converged when a sweep lowers the relative error by no more than this; default 1e-8 */
  readonly tolerance?: number;
  /**
   * one per tensor, 1 observed and 0 missing, undefined where all is observed. Missing entries are never read, but
   * imputed from the model; default all observed
   */
  readonly masks?: readonly (Tensor | undefined)[];
  /** weights of the squared relative errors of the tensors, above 0; default equal weights */
  readonly weights?: readonly number[];
  /** constraints of the shared factor, and of all others; default none */
  readonly constraints?: CoupledConstraints;
  /** whether slow sweeps are extrapolated; default true, but false with constraints */
  readonly accelerate?: boolean;
}

const list = (where: string, name: string, value: unknown): void => {
  if (Array.isArray(value)) return;
  fail(where, {
    expected: `${name} to be an array, one per tensor`,
    got: show(value),
    fix: `Pass ${name} in the order of the tensors.`,
  });
};

/** Every option of coupledCp: its values and its default. */
export const coupledTable = {
  seed: { is: "seed", fallback: 0 },
  start: { is: "checked", check: checkStart },
  starts: { is: "whole number", least: 1, most: 10_000 },
  sweeps: { is: "whole number", least: 1, fallback: 1000 },
  tolerance: { is: "number", least: 0, fallback: 1e-8 },
  masks: { is: "checked", check: list },
  weights: { is: "list", of: { is: "number", above: 0 } },
  constraints: {
    is: "record",
    of: { shared: { is: "checked", check: checkConstraint }, own: { is: "checked", check: checkConstraint } },
    fallback: {},
  },
  accelerate: { is: "boolean" },
} as const satisfies FieldsOf<CoupledOptions>;

function checkStart(where: string, name: string, value: unknown): void {
  const models: unknown =
    typeof value === "object" && value !== null ? (value as { models?: unknown }).models : undefined;
  if (Array.isArray(models)) return;
  fail(where, {
    expected: `${name} to be an earlier result`,
    got: show(value),
    fix: `Pass what ${where} gave, or leave ${name} out.`,
  });
}
