import { fail, isRecord, show, type FieldsOf } from "../base";
import { checkConstraint, type CpConstraint } from "../decompose";
import type { Matrix } from "../tensor";
import type { Parafac2Result } from "./parafac2-result";

/** Constraints of the two modes that all trials share. */
export interface Parafac2Constraints {
  /** of the factor of the trials (trials × rank), such as {@link nonNegative} or {@link smoothAlong} */
  readonly trials?: CpConstraint;
  /** of the factor of the units (units × rank) */
  readonly units?: CpConstraint;
}

/** Options of {@link parafac2}. */
export interface Parafac2Options {
  /** of everything that is drawn; default 0 */
  readonly seed?: number;
  /** an earlier result, which is resumed; default: the best of `starts` */
  readonly start?: Parafac2Result;
  /**
   * number of starts that are compared by successive halving: the first from the leading singular vectors of the units,
   * the others at random; default 4
   */
  readonly starts?: number;
  /** most sweeps of the start that is left; default 1000 */
  readonly sweeps?: number;
  /**
   * converged when a sweep lowers the norm of the residual by no more than this times that of what varies, as in cpAls;
   * default 1e-8
   */
  readonly tolerance?: number;
  /**
   * one matrix a trial, (time × units): 1 observed, 0 missing. Missing entries are never read: each sweep takes them
   * from the model (expectation maximization), and errors are over the observed ones. Default all observed
   */
  readonly mask?: readonly Matrix[];
  /** of the modes that all trials share; default none */
  readonly constraints?: Parafac2Constraints;
  /**
   * in bins: makes evolving factors smooth, as sums of cosines of this period or longer over each trial; default: they
   * are free
   */
  readonly shortestPeriod?: number;
  /** whether slow sweeps are extrapolated; default true, but false with constraints */
  readonly accelerate?: boolean;
}

/** Every option of parafac2: its values and its default. */
export const parafac2Table = {
  seed: { is: "seed", fallback: 0 },
  start: { is: "checked", check: checkResult },
  starts: { is: "whole number", least: 1, most: 10_000 },
  sweeps: { is: "whole number", least: 1, fallback: 1000 },
  tolerance: { is: "number", least: 0, fallback: 1e-8 },
  mask: { is: "checked", check: checkList },
  constraints: {
    is: "record",
    of: { trials: { is: "checked", check: checkConstraint }, units: { is: "checked", check: checkConstraint } },
    fallback: {},
  },
  shortestPeriod: { is: "number", least: 2 },
  accelerate: { is: "boolean" },
} as const satisfies FieldsOf<Parafac2Options>;

export function checkResult(where: string, name: string, value: unknown): void {
  if (isRecord(value) && isRecord(value.raw) && Array.isArray(value.factors)) return;
  fail(where, {
    expected: `${name} to be an earlier result`,
    got: show(value),
    fix: `Pass what ${where} gave, as it was, or leave ${name} out.`,
  });
}

export function checkList(where: string, name: string, value: unknown): void {
  if (Array.isArray(value)) return;
  fail(where, {
    expected: `${name} to be an array of matrices (time × units), one per trial`,
    got: show(value),
    fix: "Pass one matrix of ones and zeros for each trial.",
  });
}
