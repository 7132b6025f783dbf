import { fail, isRecord, show } from "../base";
import { checkCp } from "../factored";
import { checkFinite, checkTensor, gram, matmul, transpose, type Matrix } from "../tensor";
import type { Parafac2 } from "./parafac2-result";
import type { Parafac2Counts } from "./poisson-result";

/** Refuse what is not a PARAFAC2 model. */
function checkParafac2(where: string, model: Parafac2): void {
  if (!isRecord(model) || !Array.isArray(model.bases))
    fail(where, {
      expected: "model to be a record { weights, factors, bases }",
      got: show(model),
      fix: "Pass what parafac2 gave.",
    });
  checkCp(where, model, "model");
  const { factors, bases, weights } = model,
    rank = weights.shape[0];
  if (factors.length !== 3 || factors[1].shape[0] !== rank || factors[0].shape[0] !== bases.length)
    fail(where, {
      expected: `factors (${bases.length} × ${rank}), (${rank} × ${rank}) and (any × ${rank}), as many trials as bases`,
      got: factors.map(({ shape }) => shape.join(" × ")).join(", "),
      fix: "Pass what parafac2 gave.",
    });
  Array.from(bases).forEach((basis, k) => {
    checkTensor(where, `model.bases[${k}]`, basis, 2);
    if (basis.shape[1] !== rank)
      fail(where, {
        expected: `${rank} columns in every basis`,
        got: `${basis.shape[1]} in model.bases[${k}]`,
        fix: "Pass what parafac2 gave.",
      });
    checkFinite(where, `model.bases[${k}]`, basis);
    const isOrthonormal = gram(basis).data.every((g, i) => Math.abs(g - Number(i % (rank + 1) === 0)) < 1e-6);
    if (!isOrthonormal)
      fail(where, {
        expected: "orthonormal columns in every basis",
        got: `others in model.bases[${k}]`,
        fix: "Pass what parafac2 gave.",
      });
  });
}

/** Refuse what is not a PARAFAC2 model of counts. */
export function checkOffsets(where: string, model: Parafac2Counts): void {
  checkParafac2(where, model);
  checkTensor(where, "model.offsets", model.offsets, 1);
  const { offsets, factors } = model;
  if (offsets.shape[0] !== factors[2].shape[0])
    fail(where, {
      expected: `${factors[2].shape[0]} offsets, one per unit`,
      got: String(offsets.shape[0]),
      fix: "Pass what parafac2Poisson gave.",
    });
  checkFinite(where, "model.offsets", offsets);
}

/**
 * The time courses of the components in every trial, `P_k B`: their inner products `B'B` are the same in all trials.
 *
 * @returns (time × rank) for each trial
 * @throws {@link LtrnnError} when it is not a PARAFAC2 model
 * @remarks O(bins · rank²).
 * @example evolvingFactors(parafac2([tensor([2, 1], [3, 4])], 1))[0].data // Float64Array [0.6, 0.8], up to rounding
 */
export function evolvingFactors(model: Parafac2): Matrix[] {
  checkParafac2("evolvingFactors", model);
  return model.bases.map((basis) => matmul(basis, model.factors[1]));
}

/**
 * The trials of a PARAFAC2 model, `P_k B diag(weights * c_k) A'`.
 *
 * @returns (time × units) for each trial
 * @throws {@link LtrnnError} when it is not a PARAFAC2 model
 * @remarks O(entries · rank).
 * @example parafac2ToTrials(parafac2([tensor([2, 1], [3, 4])], 1))[0].data // Float64Array [3, 4], up to rounding
 */
export function parafac2ToTrials(model: Parafac2): Matrix[] {
  checkParafac2("parafac2ToTrials", model);
  const { weights, factors, bases } = model,
    rank = weights.shape[0],
    unitsT = transpose(factors[2]);
  return bases.map((basis, k) => {
    const { shape, data } = matmul(basis, factors[1]);
    const scaled = data.map((value, i) => value * weights.data[i % rank] * factors[0].data[k * rank + (i % rank)]);
    return matmul({ shape, data: scaled }, unitsT);
  });
}
