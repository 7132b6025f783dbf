import { fail, isRecord, show, type FieldsOf } from "../base";
import { checkCpStart, type NamedStart } from "../decompose";
import type { Cp } from "../factored";
import { checkTensor, type Matrix, type Tensor } from "../tensor";
import type { GcpLoss, GcpLossDescription, GcpLossName } from "./gcp-loss";
import type { GcpResult } from "./gcp-result";
import { readGcpLoss } from "./loss-from";

export interface GcpOptions {
  /** by name, by description, or a custom `{ name, value, derivative }`; default "gaussian". See {@link gcpLoss} */
  readonly loss?: GcpLossName | GcpLossDescription | GcpLoss;
  /** of everything that is drawn; default 0 */
  readonly seed?: number;
  /**
   * factors to start from, or an earlier result, which is resumed; "random" ones of the size of x; "hosvd", singular
   * vectors of the data on the scale of the model; or "nndsvd", their non-negative parts. Default: "random", or the
   * best of `starts`
   */
  readonly start?: NamedStart | readonly Matrix[] | Cp | GcpResult;
  /**
   * number of starts that are compared by successive halving: random ones, the last from singular vectors. Default 1
   */
  readonly starts?: number;
  /** most steps: of L-BFGS-B, or epochs of sampled gradients; default 1000 */
  readonly steps?: number;
  /**
   * relative to how far the loss has fallen since the start. L-BFGS-B has converged when the largest gradient entry
   * times the largest entry of the factors is no more than this; "adam", when an epoch lowers the loss by no more.
   * Default 1e-6
   */
  readonly tolerance?: number;
  /** (as x) 1 observed, 0 missing, nothing else; missing entries are never read; default all observed */
  readonly mask?: Tensor;
  /**
   * by mode: bounds of the entries of its factor. A loss with m ≥ 0 keeps all entries at 0 or above. Default none but
   * that of the loss
   */
  readonly bounds?: readonly (GcpBounds | undefined)[];
  /** added to the sum of losses over the observed entries; default none */
  readonly penalties?: GcpPenalties;
  /** how it is minimized; default as {@link GcpMethod} says */
  readonly method?: GcpMethod;
}

/** Bounds of the entries of a factor. `{ least: 0 }` is non-negativity. */
export interface GcpBounds {
  readonly least?: number;
  readonly most?: number;
}

/** What is added to the sum of losses. */
export interface GcpPenalties {
  /** times the squares of all entries of factors; default 0 */
  readonly ridge?: number;
  /** by mode: times the squared differences between neighboring rows of its factor; default 0 */
  readonly smooth?: readonly (number | undefined)[];
}

/** How the loss is minimized. */
export interface GcpMethod {
  /** "lbfgsb" reads all entries at every step, "adam" a sample. Default "lbfgsb" up to 10^7 entries, "adam" beyond */
  readonly solver?: "lbfgsb" | "adam";
  /**
   * with "adam": "uniform" samples of all entries, or "stratified" ones, half of them zeros and half not. Default
   * "stratified" where fewer than a fifth of the observed entries differ from 0
   */
  readonly sampling?: "uniform" | "stratified";
  /** with "adam": entries drawn for a gradient; default 4 times the sum of sizes, at least 1000 */
  readonly samples?: number;
  /** with "adam": updates of an epoch; default 500 */
  readonly epoch?: number;
  /** with "adam": the first rate, in units of the size of entries at the start; default 0.02 */
  readonly rate?: number;
}

/** Every option of gcp: tables that refer to others are functions, so that a bundler can drop them. */
export const gcpTable = () =>
  ({
    loss: { is: "checked", check: readGcpLoss1, fallback: "gaussian" },
    seed: { is: "seed", fallback: 0 },
    start: { is: "checked", check: checkCpStart },
    starts: { is: "whole number", least: 1, most: 10_000, fallback: 1 },
    steps: { is: "whole number", least: 1, fallback: 1000 },
    tolerance: { is: "number", least: 0, fallback: 1e-6 },
    mask: { is: "checked", check: checkMaskTensor },
    bounds: { is: "list", of: { is: "checked", check: checkBounds }, fallback: [] },
    penalties: {
      is: "record",
      of: {
        ridge: { is: "number", least: 0, most: 1e100, fallback: 0 },
        smooth: { is: "list", of: { is: "checked", check: checkStrength }, fallback: [] },
      },
      fallback: {},
    },
    method: {
      is: "record",
      of: {
        solver: { is: "name", of: ["lbfgsb", "adam"] },
        sampling: { is: "name", of: ["uniform", "stratified"] },
        samples: { is: "whole number", least: 1, most: 100_000_000 },
        epoch: { is: "whole number", least: 1, most: 1_000_000, fallback: 500 },
        rate: { is: "number", above: 0, most: 10, fallback: 0.02 },
      },
      fallback: {},
    },
  }) as const satisfies FieldsOf<GcpOptions>;

const readGcpLoss1 = (where: string, _: string, value: unknown): void => void readGcpLoss(where, value);

function checkMaskTensor(where: string, name: string, value: unknown): void {
  checkTensor(where, name, value);
}

function checkBounds(where: string, name: string, value: unknown): void {
  if (value === undefined) return;
  const { least = -Infinity, most = Infinity, ...rest } = (isRecord(value) ? value : { bad: 1 }) as GcpBounds,
    numbers = [least, most].every((bound) => typeof bound === "number" && !Number.isNaN(bound));
  if (numbers && least <= most && least < Infinity && most > -Infinity && Object.keys(rest).length === 0) return;
  fail(where, {
    expected: `${name} to be undefined, or { least, most } with least at most most`,
    got: show(value),
    fix: "Pass such as { least: 0 }.",
  });
}

function checkStrength(where: string, name: string, value: unknown): void {
  if (value === undefined || (typeof value === "number" && value >= 0 && value <= 1e100)) return;
  fail(where, {
    expected: `${name} to be undefined, or a number from 0 to 1e100`,
    got: show(value),
    fix: "Pass the strength of the penalty on differences between neighboring rows of that mode.",
  });
}
