import { checkSeed, fail, failingAs, random, readOptions, type FieldsOf } from "../base";
import { zeros } from "../tensor";
import { initializationField, type Initialization } from "./initialization";
import type { Setting, SharedParams, Some } from "./network";
import { normalMatrix } from "./normal-matrix";
import { settingFields } from "./setting";

/** What `random` of every model takes: sizes, the setting, and how strong the recurrence is. */
export interface RandomSpec extends Some<Setting> {
  readonly units: number;
  readonly inputs: number;
  /** size of the readout; absent: no readout, the outputs are the units */
  readonly outputs?: number | undefined;
  /**
   * scale of the recurrent weights: about the spectral radius of W for full rank, and for low rank the scale of each
   * a_r b_r'. Default 1
   */
  readonly gain?: number | undefined;
  /** how the recurrent weights start; default "random" */
  readonly initialization?: Initialization | undefined;
}

/** The type and default of every key of a {@link RandomSpec}. */
export const specFields = () =>
  ({
    units: { is: "whole number", least: 1, needed: true },
    inputs: { is: "whole number", least: 0, needed: true },
    outputs: { is: "whole number", least: 1 },
    gain: { is: "number" },
    initialization: initializationField,
    ...settingFields,
  }) as const satisfies FieldsOf<RandomSpec>;

export const sizeField = { is: "whole number", least: 1, most: 134_217_728, needed: true } as const;

type AnySpec = Omit<RandomSpec, "initialization"> & { readonly initialization?: unknown };
/** A specification with its defaults filled in. */
type Whole<S extends AnySpec> = S & {
  readonly gain: number;
  readonly initialization: Exclude<S["initialization"], undefined>;
};

/** The parts of a model, drawn: `draw` makes what belongs to the kind, beside the shared parameters and the setting. */
export function drawModel<S extends AnySpec, P>(
  where: string,
  spec: S,
  fields: FieldsOf<S>,
  seed: number,
  draw: (spec: Whole<S>) => P,
): readonly [params: P & SharedParams, setting: Setting] {
  const read = readOptions<S, FieldsOf<S>>(where, spec, fields, "spec") as unknown as S & Setting;
  checkSeed(where, seed);
  if (read.initialization === "zero" && (read.gain ?? 0) !== 0)
    fail(where, {
      expected: 'no gain beside the initialization "zero"',
      got: String(read.gain),
      fix: "Leave one of them out.",
    });
  const whole = { ...read, gain: read.gain ?? 1 } as unknown as Whole<S>,
    params = failingAs(where, () => ({ ...draw(whole), ...drawShared(seed, read) }));
  return [params, { tau: read.tau, phi: read.phi, reads: read.reads }];
}

/**
 * Input weights of unit variance per input, a bias and an initial state of zeros, and a readout of variance 1 /
 * units².
 */
function drawShared(seed: number, { units, inputs, outputs }: AnySpec): SharedParams {
  const wIn = normalMatrix(random(seed, "wIn"), units, inputs, 1 / Math.sqrt(Math.max(1, inputs)));
  const shared = { wIn, x0: zeros([1, units]), bias: zeros([units]) };
  if (outputs === undefined) return shared;
  const readout = normalMatrix(random(seed, "readout"), outputs, units, 1 / units);
  return { ...shared, readout, readoutBias: zeros([outputs]) };
}
