import { expect, test } from "vitest";
import { coupledCp } from "../../src/coupled";
import {
  cpAls,
  hardSparsity,
  monotone,
  nonNegative,
  orthogonal,
  unimodal,
  type CpConstraint,
} from "../../src/decompose";
import { parafac2 } from "../../src/ragged";
import { cpAlsSparse, sparseOf } from "../../src/sparse";
import type { Matrix, Tensor } from "../../src/tensor";
import { sweep, type Draw } from "../support/sweep";

const times = <T extends Tensor>(x: T, exponent: number): T => ({
  ...x,
  data: x.data.map((value) => value * 2 ** exponent),
});
const drawn = (draw: Draw): CpConstraint | undefined =>
  [undefined, nonNegative(), monotone(), unimodal(), hardSparsity(2), orthogonal()][draw.int(0, 5)];

/** Errors in several units, which must be one; chaotic constraints pass rounding on. */
function sameInAnyUnit(errorOf: (exponent: number) => number): void {
  const error = errorOf(0);
  for (const exponent of [1, 20, -60]) expect(Math.abs(errorOf(exponent) - error), `2^${exponent}`).toBeLessThan(1e-9);
}

test("constrained runs do not depend on the unit of the data, however the first modes are constrained", () =>
  sweep((draw) => {
    const x = draw.normal([4, 5, 3]),
      constraints = [drawn(draw), drawn(draw), drawn(draw)],
      start = draw.int(0, 1) ? ("hosvd" as const) : ("random" as const);
    for (const options of [{ start }, { starts: 3 }])
      sameInAnyUnit((exponent) => {
        const { relativeError } = cpAls(times(x, exponent), 2, { ...options, constraints, sweeps: 4 });
        expect(relativeError).toBeLessThanOrEqual(1.5);
        return relativeError;
      });
  }, 8));

test("nor do constrained runs of sparse tensors, of coupled ones and of ragged trials", () =>
  sweep((draw) => {
    const x = draw.normal([4, 5, 3]),
      y = draw.normal([6, 5]),
      trials: Matrix[] = [draw.normal([4, 3]), draw.normal([5, 3]), draw.normal([3, 3])];
    const constraints = [nonNegative(), undefined, monotone()];
    sameInAnyUnit((e) => cpAlsSparse(sparseOf(times(x, e)), 2, { constraints, sweeps: 4 }).relativeError);
    const own = draw.int(0, 1) ? nonNegative() : monotone(),
      coupled = { constraints: { own, shared: nonNegative() }, sweeps: 4 };
    sameInAnyUnit((e) => coupledCp([times(x, e), times(y, -e)], [1, 1], 2, coupled).relativeError);
    const ragged = { constraints: { trials: nonNegative() }, sweeps: 4 };
    sameInAnyUnit(
      (e) =>
        parafac2(
          trials.map((t) => times(t, e)),
          2,
          ragged,
        ).relativeError,
    );
  }, 3));
