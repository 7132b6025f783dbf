import { fail, isRecord, show, type FieldsOf } from "../base";
import type { Cp } from "../factored";
import { checkTensor, type Matrix, type Tensor } from "../tensor";
import { checkCpStart } from "./check-start";
import type { CpConstraint } from "./constraint";
import type { CpResult } from "./cp-result";

export interface CpOptions {
  /** of everything that is drawn; default 0 */
  readonly seed?: number;
  /**
   * factors to start from, or an earlier result, which is resumed; "random" normal factors; "hosvd", leading singular
   * vectors by sketches; or "nndsvd", the non-negative parts of these. With a mask, missing entries are filled in for
   * the singular vectors. Default: the best of `starts`
   */
  readonly start?: "random" | "hosvd" | "nndsvd" | readonly Matrix[] | Cp | CpResult;
  /**
   * number of starts that are compared by successive halving. Default 6 where x is compressed; 4 where columns have to
   * be orthogonal, which often ends in poor local minima; else 1, a random one
   */
  readonly starts?: number;
  /** most sweeps over x; default 500 */
  readonly sweeps?: number;
  /**
   * converged when a sweep lowers the norm of the residual by no more than this times the norm of what varies in x: x
   * less the means of its slices, in the mode where those are most of it. So the criterion does not depend on a large
   * offset of all entries, or of each neuron. Default 1e-8
   */
  readonly tolerance?: number;
  /**
   * (as x) 1 observed, 0 missing, nothing else; missing entries are never read, and errors are over the observed
   * ones; default all observed
   */
  readonly mask?: Tensor;
  /**
   * with a mask: "exact" least squares row by row (default), or "impute" from the model: cheaper sweeps, but more of
   * them, the more entries are missing
   */
  readonly missing?: "exact" | "impute";
  /**
   * modes whose factors stay those of `start` to the bit; `weights` then carry the scale, and components keep their
   * order; default none
   */
  readonly fixed?: readonly number[];
  /**
   * by mode: {@link nonNegative}, {@link smoothAlong}, {@link orthogonal}, {@link ridgePenalty} and others, or a custom
   * one; also with a mask, where each row has its own normal equations; default none
   */
  readonly constraints?: readonly (CpConstraint | undefined)[];
  /** how least squares are solved; default as {@link CpMethod} says */
  readonly method?: CpMethod;
}

/** How least squares are solved. */
export interface CpMethod {
  /**
   * added to the diagonal of all normal equations: keeps components from growing and canceling each other. It is in the
   * unit of the data: x with three modes and ten times as large needs 10^(4/3) times as much. Default 0
   */
  readonly ridge?: number;
  /**
   * whether starts are compared on a compressed tensor; default: where x has 2^18 entries or more and the core at most
   * an eighth of them, and there is no mask, start, fixed mode or constraint. With a mask, x is first completed by a
   * Tucker model; sweeps over the observed entries follow in all cases, and decide where the run ends
   */
  readonly compress?: boolean;
  /** whether slow sweeps are extrapolated; default true, but false with constraints */
  readonly accelerate?: boolean;
}

export const methodTable = {
  ridge: { is: "number", least: 0, fallback: 0 },
  compress: { is: "boolean" },
  accelerate: { is: "boolean" },
} as const satisfies FieldsOf<CpMethod>;

/** Every option of cpAls: its values and its default. */
export const cpTable = {
  seed: { is: "seed", fallback: 0 },
  start: { is: "checked", check: checkCpStart },
  starts: { is: "whole number", least: 1, most: 10_000 },
  sweeps: { is: "whole number", least: 1, fallback: 500 },
  tolerance: { is: "number", least: 0, fallback: 1e-8 },
  mask: { is: "checked", check: checkTensorField },
  missing: { is: "name", of: ["exact", "impute"], fallback: "exact" },
  fixed: { is: "list", of: { is: "whole number", least: 0 }, fallback: [] },
  constraints: { is: "list", of: { is: "checked", check: checkConstraint }, fallback: [] },
  method: { is: "record", of: methodTable, fallback: {} },
} as const satisfies FieldsOf<CpOptions>;

function checkTensorField(where: string, name: string, value: unknown): void {
  checkTensor(where, name, value as Tensor);
}

/** Refuse what is not a constraint. */
export function checkConstraint(where: string, name: string, value: unknown): void {
  if (value === undefined) return;
  const isUsable =
    isRecord(value) &&
    typeof value.name === "string" &&
    typeof value.update === "function" &&
    (value.start === undefined || typeof value.start === "function");
  if (isUsable) return;
  fail(where, {
    expected: `${name} to be undefined, or a constraint { name, update }`,
    got: show(value),
    fix: "Pass what nonNegative, smoothAlong, orthogonal or ridgePenalty give, or a constraint of that form.",
  });
}
