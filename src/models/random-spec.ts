import { checkSeed, fail, failingAs, random, readOptions, type FieldsOf, type Random } from "../base";
import { zeros, type Matrix } from "../tensor";
import type { Setting, SharedParams, Some } from "./network";
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
}

/** What every key of a {@link RandomSpec} may be. */
export const specFields = () =>
  ({
    units: { is: "whole number", least: 1, needed: true },
    inputs: { is: "whole number", least: 0, needed: true },
    outputs: { is: "whole number", least: 1 },
    gain: { is: "number", fallback: 1 },
    ...settingFields,
  }) as const satisfies FieldsOf<RandomSpec>;

export const sizeField = { is: "whole number", least: 1, most: 134_217_728, needed: true } as const;

/** The parts of a model, drawn: `draw` makes what belongs to the kind, beside the shared parameters and the setting. */
export function drawModel<S extends RandomSpec, P>(
  where: string,
  spec: S,
  fields: FieldsOf<S>,
  seed: number,
  draw: (spec: S & { readonly gain: number }) => P,
): readonly [params: P & SharedParams, setting: Setting] {
  const read = readOptions<S, FieldsOf<S>>(where, spec, fields, "spec") as unknown as S & Setting & { gain: number };
  checkSeed(where, seed);
  const params = failingAs(where, () => ({ ...draw(read), ...drawShared(seed, read) }));
  return [params, { tau: read.tau, phi: read.phi, reads: read.reads }];
}

/** Entries of one parameter that `random` draws: a gigabyte, beyond which a mistyped size is likelier than a network. */
const mostEntries = 134_217_728;

/** A matrix of independent normal entries. */
export function normalMatrix(stream: Random, rows: number, columns: number, std: number): Matrix {
  if (rows * columns > mostEntries)
    fail("random", {
      expected: `at most ${mostEntries} entries in a parameter`,
      got: `${rows} × ${columns}`,
      fix: "Lower units, inputs, outputs or rank; larger networks are built from their params.",
    });
  const out = zeros([rows, columns]);
  for (let i = 0; i < out.data.length; i++) out.data[i] = std * stream.normal();
  return out;
}

/**
 * Input weights of unit variance per input, a bias and an initial state of zeros, and a readout of variance 1 /
 * units².
 */
function drawShared(seed: number, { units, inputs, outputs }: RandomSpec): SharedParams {
  const wIn = normalMatrix(random(seed, "wIn"), units, inputs, 1 / Math.sqrt(Math.max(1, inputs)));
  const shared = { wIn, x0: zeros([1, units]), bias: zeros([units]) };
  if (outputs === undefined) return shared;
  const readout = normalMatrix(random(seed, "readout"), outputs, units, 1 / units);
  return { ...shared, readout, readoutBias: zeros([outputs]) };
}
