import { fail, isCallable, isRecord, readOptions, show, type Fields, type FieldsOf } from "../base";
import type { GcpLoss, GcpLossDescription, GcpLossName } from "./gcp-loss";
import { formulas } from "./loss-kinds";

const numbersOf: { readonly [K in GcpLossDescription["kind"]]: Fields } = {
  gaussian: {},
  poisson: {},
  poissonLog: {},
  bernoulli: {},
  bernoulliLogit: {},
  negativeBinomial: { failures: { is: "number", above: 0, most: 1e10, needed: true } },
  gamma: {},
  rayleigh: {},
  zeroTruncatedPoisson: {},
  huber: { threshold: { is: "number", above: 0, most: 1e100, needed: true } },
  beta: { beta: { is: "number", least: -10, most: 10, needed: true } },
};

/**
 * A loss of the library for {@link gcp}: its value and its derivative in m, entry by entry, m the entry of the model.
 *
 * | kind | m | loss |
 * | --- | --- | --- |
 * | `gaussian` | the mean | (x - m)² |
 * | `poisson` | the mean, m ≥ 0 | m - x log m |
 * | `poissonLog` | its logarithm | e^m - x m |
 * | `bernoulli` | the odds of a 1, m ≥ 0 | log(1 + m) - x log m |
 * | `bernoulliLogit` | their logarithm | log(1 + e^m) - x m |
 * | `negativeBinomial`, `failures` r | mean / r, m ≥ 0 | (r + x) log(1 + m) - x log m |
 * | `gamma` | the mean, m ≥ 0 | x / m + log m |
 * | `rayleigh` | the mean, m ≥ 0 | 2 log m + (π / 4) (x / m)² |
 * | `zeroTruncatedPoisson` | the mean before counts of 0 are left out, m ≥ 0 | log(e^m - 1) - x log m |
 * | `huber`, `threshold` d | the mean | (x - m)² up to a distance of d, then 2 d abs(x - m) - d² |
 * | `beta`, `beta` b | the mean, m ≥ 0 | m^b / b - x m^(b - 1) / (b - 1); b = 1 as `poisson`, b = 0 as `gamma` |
 *
 * In losses with m ≥ 0, 1e-10 is added to m in logarithms and denominators.
 *
 * @throws {@link LtrnnError} for a kind that the library does not have, or numbers out of range
 * @see Hong, Kolda & Duersch (2020), Generalized canonical polyadic tensor decomposition, SIAM Review 62, table 1.1
 * @example gcpLoss("gaussian").value(3, 1) // 4
 */
export function gcpLoss(loss: GcpLossName | GcpLossDescription): GcpLoss {
  return lossOf("gcpLoss", "loss", loss);
}

function lossOf(where: string, name: string, given: unknown): GcpLoss {
  const { kind, ...facts } = isRecord(given) ? given : { kind: given };
  if (typeof kind !== "string" || !Object.hasOwn(formulas, kind))
    fail(where, {
      expected: `${name} to be one of ${Object.keys(formulas).join(", ")}, or a record of such a kind`,
      got: isRecord(given) ? `kind ${show(kind)}` : show(given),
      fix: "Name one of these, or write a custom loss { name, value, derivative } for gcp.",
    });
  const known = kind as GcpLossDescription["kind"],
    numbers = readOptions<object, FieldsOf<object>>(where, facts, numbersOf[known] as FieldsOf<object>, name),
    make = formulas[known] as (numbers: object) => ReturnType<(typeof formulas)["gaussian"]>;
  return { name: known, description: { kind: known, ...numbers } as GcpLossDescription, ...make(numbers) };
}

/** The loss of an option: the name or description of one of the library's, or a custom one. */
export function readGcpLoss(where: string, given: unknown): GcpLoss {
  if (
    !isRecord(given) ||
    (given.value === undefined && given.derivative === undefined && given.description === undefined)
  )
    return lossOf(where, "loss", given);
  if (given.description !== undefined) return lossOf(where, "loss.description", given.description);
  const { name, data, nonNegative, value, derivative, mean } = given;
  const usable =
    typeof name === "string" &&
    isCallable(value) &&
    isCallable(derivative) &&
    (mean === undefined || isCallable(mean)) &&
    (nonNegative === undefined || typeof nonNegative === "boolean") &&
    (data === undefined || ["real", "non-negative", "counts", "positive counts", "binary"].includes(data as string));
  if (!usable)
    fail(where, {
      expected: "loss to be a custom loss { name, value, derivative }, with data, nonNegative and mean where wanted",
      got: show(given),
      fix: "Give value and derivative as functions of x and m, and data as such as counts.",
    });
  return given as unknown as GcpLoss;
}
