import { fail, isRecord, show } from "../base";
import { checkFinite, checkTensor, largestOf, modeProduct, type Matrix, type Tensor } from "../tensor";
import { checkRange, rescaled, unitOf } from "./units";

/** A Tucker decomposition: `x ≈ core ×_0 U_0 ×_1 U_1 ...`. */
export interface Tucker {
  /** as large as the ranks */
  readonly core: Tensor;
  /** one per mode, (size × rank of the mode) */
  readonly factors: readonly Matrix[];
}

/** Refuse what is no Tucker decomposition: core and factors that are not finite, or do not fit each other. */
export function checkTucker(where: string, decomposition: Tucker): void {
  const record: unknown = decomposition;
  if (!isRecord(record) || !Array.isArray(record.factors))
    fail(where, {
      expected: "a Tucker decomposition { core, factors }",
      got: show(record),
      fix: "Pass what tucker gave.",
    });
  const { core, factors } = decomposition;
  checkTensor(where, "core", core);
  checkFinite(where, "core", core);
  factors.forEach((u, mode) => {
    checkTensor(where, `factor ${mode}`, u, 2);
    checkFinite(where, `factor ${mode}`, u);
  });
  const got = factors.map((u) => u.shape[1]).join(", "),
    want = core.shape.join(", ");
  if (got !== want)
    fail(where, {
      expected: `factors with ${want} columns, as the core has sizes`,
      got: got || "no factors",
      fix: "Pass core and factors of one decomposition.",
    });
}

/**
 * The tensor that a Tucker decomposition stands for.
 *
 * @throws {@link LtrnnError} when core and factors disagree, or an entry is not finite
 * @example tuckerToTensor(tucker(zeros([2, 3]), [1, 1])).shape // [2, 3]
 */
export function tuckerToTensor(decomposition: Tucker): Tensor {
  checkTucker("tuckerToTensor", decomposition);
  const { core, factors } = decomposition;
  const units = factors.map((u) => unitOf(largestOf(u.data))),
    unit = unitOf(largestOf(core.data));
  const product = expanded(
    rescaled(core, -unit),
    factors.map((u, mode) => rescaled(u, -units[mode])),
  );
  const out = rescaled(
    product,
    units.reduce((sum, exponent) => sum + exponent, unit),
  );
  checkRange("tuckerToTensor", "entries", out.data);
  return out;
}

/** The core multiplied by every factor. */
export const expanded = (core: Tensor, factors: readonly Matrix[]): Tensor =>
  factors.reduce((x, u, mode) => modeProduct(x, u, mode), core);
