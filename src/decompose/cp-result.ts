import type { Provenance, Status } from "../base";
import { canonicalForm, cpOf, type Cp } from "../factored";
import type { Matrix } from "../tensor";
import type { AlsModel } from "./als-model";
import { uprightModes } from "./constraint";
import type { Extrapolation } from "./extrapolation";
import type { Demands } from "./update-factor";

/** One state of the alternation: progress, result and checkpoint in one. Plain data; it is itself a start. */
export interface CpResult extends Cp {
  /** `‖x - x̂‖ / ‖x‖`, over the observed entries */
  readonly relativeError: number;
  /** the relative error after each sweep of this run over x */
  readonly trace: readonly number[];
  /** sweeps over x */
  readonly sweeps: number;
  /** "start": starts are compared; "sweeps": the best of them is alternated on x */
  readonly stage: "start" | "sweeps";
  /**
   * "degenerate" where normal equations were singular to rounding in the last sweep, or components cancel, so that they
   * are not unique; whether the error had settled is in the last entries of `trace`
   */
  readonly status: Status;
  /**
   * how the normal equations of the last sweep were solved: with the pseudo-inverse where they were singular to
   * rounding
   */
  readonly solver: "cholesky" | "pseudo-inverse";
  /**
   * the starts that were compared, with their errors on the tensor on which they were compared; empty where there was
   * only one
   */
  readonly starts: readonly CpStart[];
  /** the smaller tensor on which starts were compared, where there was one */
  readonly compression?: CpCompression;
  /**
   * the factors as the next sweep needs them, neither normalized nor sorted; for data beyond 1e±30, in the power of two
   * used as the unit of computation
   */
  readonly raw: readonly Matrix[];
  /** the memory of extrapolation for the next sweep; null before the first */
  readonly extrapolation: Extrapolation | null;
  readonly provenance: Provenance;
}

/**
 * Where an alternation starts: normal random factors; leading singular vectors of the modes; or eigenvectors of pencils
 * of slices.
 */
export type StartKind = "random" | "hosvd" | "pencil";

/** One of several starts. */
export interface CpStart {
  readonly kind: StartKind;
  readonly seed: number;
  readonly sweeps: number;
  /** the lowest error that it reached, on the tensor on which starts were compared */
  readonly relativeError: number;
}

/** The tensor on which starts are compared, if it is smaller than x. */
export interface CpCompression {
  /** sizes of the core */
  readonly ranks: readonly number[];
  /** part of the sum of squares of x that is in the core; with a mask, of x as it was completed */
  readonly energy: number;
}

/** A model of a run, in the unit in which it is computed, and what is reported with it. */
export interface RunState extends AlsModel {
  readonly relativeError: number;
  readonly trace: readonly number[];
  readonly stage: CpResult["stage"];
  readonly status: Status;
  readonly singular: boolean;
  readonly origin: StartOrigin;
  readonly extrapolation: Extrapolation | null;
}

/** Where a run started, and how its start affects its results. */
export interface StartOrigin {
  readonly starts: readonly CpStart[];
  readonly compression?: CpCompression;
  /** the factors of fixed modes as they were given; the others undefined */
  readonly given: readonly (Matrix | undefined)[];
  /** component r stands for `2^exponents[r]` times its weight and columns, fixed ones as they were given */
  readonly exponents: readonly number[];
}

/** The result that a state of a run stands for. */
export function resultOf(
  {
    where,
    fixed,
    constraints,
    provenance,
  }: Pick<Demands, "where" | "fixed" | "constraints"> & { provenance: Provenance },
  state: RunState,
): CpResult {
  const { factors, weights, relativeError, trace, stage, status, singular, extrapolation } = state,
    { starts, compression, given, exponents } = state.origin,
    raw = factors.map((f, mode) => given[mode] ?? f);
  return {
    ...canonicalForm(where, cpOf(raw, weights), fixed, exponents, uprightModes(constraints)),
    relativeError,
    trace: [...trace],
    sweeps: trace.length,
    stage,
    status,
    solver: singular ? "pseudo-inverse" : "cholesky",
    starts,
    ...(compression ? { compression } : {}),
    raw,
    extrapolation,
    provenance,
  };
}
