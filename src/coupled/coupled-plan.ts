import { checkWhole, checksum, fail, provenance, readOptions, show } from "../base";
import {
  checkObserved,
  checkPenalties,
  describeConstraint,
  filled,
  updateFactor,
  type CpConstraint,
} from "../decompose";
import { checkCp, inUnit, rescaled, timesPowerOfTwo, weightsInLast } from "../factored";
import { maximalRankAtMost } from "../linalg";
import { checkFinite, checkMask, checkTensor, permute, type Matrix, type Tensor } from "../tensor";
import { coupledTable, type CoupledOptions } from "./coupled-options";
import { coupledSweeps, type CoupledData, type CoupledModel } from "./coupled-problem";

/** A coupled decomposition before its first sweep, every option decided. */
export type CoupledPlan = ReturnType<typeof coupledPlan>;

/** Check the call of a coupled decomposition, and bring the shared mode of every tensor to its end. */
export function coupledPlan(
  where: string,
  tensors: readonly Tensor[],
  shared: readonly number[],
  rank: number,
  options: CoupledOptions,
) {
  const read = readOptions<CoupledOptions, typeof coupledTable>(where, options, coupledTable),
    { seed, start, sweeps, tolerance, masks = [], constraints } = read;
  if (!Array.isArray(tensors) || tensors.length === 0)
    fail(where, {
      expected: "tensors to be an array of one or more",
      got: show(tensors),
      fix: "Pass one tensor a session or area.",
    });
  if (!Array.isArray(shared) || shared.length !== tensors.length)
    fail(where, {
      expected: `${tensors.length} shared modes, one a tensor`,
      got: show(shared),
      fix: "Give the mode of each tensor that all of them share.",
    });
  for (const [name, given] of Object.entries({ masks: read.masks, weights: read.weights }))
    if (given && given.length !== tensors.length)
      fail(where, {
        expected: `${tensors.length} ${name}, one a tensor`,
        got: String(given.length),
        fix: "Give one for each.",
      });
  const total = read.weights?.reduce((sum, weight) => sum + weight, 0) ?? tensors.length;
  const inside = Array.from(tensors, (x, i) => {
    checkTensor(where, `tensors[${i}]`, x);
    if (x.shape.length < 2 || x.data.length === 0)
      fail(where, {
        expected: "tensors of two modes or more, none of them empty",
        got: `tensors[${i}] of shape (${x.shape.join(" × ")})`,
        fix: "Leave it out.",
      });
    checkWhole(where, `shared[${i}]`, shared[i], 0, x.shape.length - 1);
    if (x.shape[shared[i]] !== tensors[0].shape[shared[0]])
      fail(where, {
        expected: `${tensors[0].shape[shared[0]]} indices in every shared mode, as in the first`,
        got: `${x.shape[shared[i]]} in tensors[${i}]`,
        fix: "Cut the tensors to what they share.",
      });
    const mask = masks[i];
    if (mask !== undefined) {
      checkTensor(where, `masks[${i}]`, mask);
      checkMask(where, `masks[${i}]`, mask, x.shape, `tensors[${i}]`);
      checkObserved(where, mask);
      checkFinite(where, `tensors[${i}]`, x, mask);
    }
    const own = inUnit(where, x, mask),
      holed = mask ? filled(own.x, mask, NaN) : own.x,
      order = [...x.shape.keys()].filter((mode) => mode !== shared[i]);
    checkPenalties(where, own.unit, { ridge: 0, constraints: [constraints.shared, constraints.own] });
    return {
      x: permute(holed, [...order, shared[i]]),
      unit: own.unit,
      norm: own.level.size,
      imputes: mask !== undefined,
    };
  });
  checkWhole(where, "rank", rank, 1, Math.max(...inside.map(({ x }) => maximalRankAtMost(x.shape))));
  checkConstraints(where, rank, inside, constraints);
  if (start && (read.starts ?? 1) > 1)
    fail(where, {
      expected: "one start where it is given",
      got: `${read.starts} starts`,
      fix: "Leave start or starts out.",
    });
  const data = inside.map(
      ({ x, norm, imputes }, i): CoupledData => ({ x, norm, imputes, weight: (read.weights?.[i] ?? 1) / total }),
    ),
    update = (mode: CpConstraint | undefined, modes: number) =>
      updateFactor({ where, ridge: 0, fixed: [], constraints: new Array<typeof mode>(modes).fill(mode) }),
    starts = read.starts ?? (start ? 1 : 4);
  return {
    where,
    data,
    shared: [...shared],
    rank,
    size: tensors[0].shape[shared[0]],
    seed,
    starts,
    sweeps,
    tolerance,
    constraints,
    units: inside.map(({ unit }) => unit),
    norms: inside.map(({ norm, unit }) => timesPowerOfTwo(norm, unit)),
    monotone: !constraints.shared && !constraints.own,
    given: start ? givenModel(where, start.models, inside, shared, rank) : undefined,
    sweep: coupledSweeps(data, rank, {
      own: (i) => update(constraints.own, data[i].x.shape.length),
      common: update(constraints.shared, 1),
    }),
    provenance: provenance(
      "coupledCp",
      seed,
      {
        starts,
        sweeps,
        tolerance,
        weights: data.map(({ weight }) => weight),
        constraints: {
          shared: constraints.shared ? describeConstraint(constraints.shared) : null,
          own: constraints.own ? describeConstraint(constraints.own) : null,
        },
      },
      {
        rank,
        shared: [...shared],
        start: start ? start.models.map(({ factors }) => factors.map((f) => checksum(f.data))) : null,
        masks: tensors.map((_, i) => (masks[i] ? checksum((masks[i] as Tensor).data) : null)),
      },
    ),
  };
}

function checkConstraints(
  where: string,
  rank: number,
  data: readonly { readonly x: Tensor }[],
  { shared, own }: { readonly shared?: CpConstraint; readonly own?: CpConstraint },
): void {
  if (own?.unitColumns)
    fail(where, {
      expected: "a constraint of own factors that leaves them their lengths",
      got: own.name,
      fix: "Orthogonal columns are for the shared factor: the own ones carry the scale.",
    });
  const size = data[0].x.shape[data[0].x.shape.length - 1];
  if (shared?.narrow && rank > size)
    fail(where, {
      expected: `a rank of at most ${size} with ${shared.name} columns`,
      got: String(rank),
      fix: "Lower the rank, or leave the shared factor free.",
    });
}

/** The factors of an earlier result, the shared one last and the weights in an own one. */
function givenModel(
  where: string,
  models: readonly unknown[],
  data: readonly { readonly x: Tensor; readonly unit: number }[],
  shared: readonly number[],
  rank: number,
): CoupledModel {
  if (models.length !== data.length)
    fail(where, {
      expected: `${data.length} models in start`,
      got: String(models.length),
      fix: "Start from a result of these tensors.",
    });
  let common: Matrix | undefined;
  const factors = data.map(({ x, unit }, i) => {
    const model = models[i] as Parameters<typeof checkCp>[1];
    checkCp(where, model, `start.models[${i}]`);
    const list = model.factors,
      own = list.filter((_, mode) => mode !== shared[i]),
      want = x.shape.map((size) => `${size} × ${rank}`).join(", "),
      got = [...own, list[shared[i]] ?? { shape: ["none"] }].map(({ shape }) => shape.join(" × ")).join(", ");
    if (got !== want)
      fail(where, {
        expected: `factors ${want} in start, the shared one last`,
        got,
        fix: "Start from a result of these tensors.",
      });
    common ??= list[shared[i]];
    const scaled = weightsInLast(where, { weights: model.weights, factors: own });
    return [...scaled.slice(0, -1), rescaled(scaled[scaled.length - 1], -unit) as Matrix, common];
  });
  return { factors };
}
