import { readOptions, type FieldsOf } from "../base";
import { canonicalForm, inUnit, type Cp } from "../factored";
import { checkTensor, type Tensor } from "../tensor";
import { checkProblem } from "./check-call";
import { scaledStart, type NamedStart } from "./scaled-start";

export interface StartCpOptions {
  /**
   * "hosvd" (default): leading singular vectors of every mode; "nndsvd": their non-negative parts; "random": normal
   * factors. Columns past a mode's rank are random
   */
  readonly kind?: NamedStart;
  /** of what is drawn; default 0 */
  readonly seed?: number;
  /** (as x) 1 observed, 0 missing, nothing else; missing entries are filled in and never read; default all observed */
  readonly mask?: Tensor;
}

const table = {
  kind: { is: "name", of: ["random", "hosvd", "nndsvd"], fallback: "hosvd" },
  seed: { is: "seed", fallback: 0 },
  mask: { is: "checked", check: (where: string, name: string, value: unknown) => checkTensor(where, name, value) },
} as const satisfies FieldsOf<StartCpOptions>;

/**
 * A CP model to start from, without sweeps: factors by singular vectors, by their non-negative parts, or at random,
 * with the weights that are least squares for them (of at least 0 where factors are). In canonical form. Pass it as
 * `start` to `cpAls`, `gcp` and others, or compare it with their results.
 *
 * Where entries are missing, they are filled in by the means of their slices, and then ten times by the projection on
 * the leading singular vectors of every mode.
 *
 * @param x - two modes or more, finite where observed
 * @param rank - number of components
 * @throws {@link LtrnnError} when x is not finite, or the mask hides a whole slice
 * @remarks O(modes · entries · rank), with a mask ten times that. Singular vectors come from sketches where a mode is
 * larger than rank + 10, and are exact otherwise.
 * @see Boutsidis & Gallopoulos (2008), SVD based initialization: a head start for nonnegative matrix factorization,
 * Pattern Recognit. 41; Kiers (1997), Weighted least squares fitting using ordinary least squares algorithms,
 * Psychometrika 62
 * @example startCp(tensor([2, 2], [1, 2, 2, 4]), 1, { kind: "nndsvd" }).weights.data // Float64Array [5], up to
 * rounding
 */
export function startCp(x: Tensor, rank: number, options: StartCpOptions = {}): Cp {
  const { kind, seed, mask } = readOptions<StartCpOptions, typeof table>("startCp", options, table);
  checkProblem("startCp", x, rank, mask);
  const { x: inside, unit, level } = inUnit("startCp", x, mask),
    start = scaledStart(kind, inside, rank, seed, { level, mask });
  return canonicalForm("startCp", start, [], new Array<number>(rank).fill(unit));
}
