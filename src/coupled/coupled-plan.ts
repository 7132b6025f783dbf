import { checkWhole, checksum, fail, provenance, readOptions } from "../base";
import { checkPenalties, describeConstraint, updateFactor, type CpConstraint } from "../decompose";
import { timesPowerOfTwo } from "../factored";
import { maximalRankAtMost } from "../linalg";
import type { Tensor } from "../tensor";
import { coupledTable, type CoupledOptions } from "./coupled-options";
import { coupledSweeps, type CoupledData } from "./coupled-problem";
import { givenState } from "./given-state";
import { checkLists, tensorsInside } from "./tensors-inside";

/** A coupled decomposition before its first sweep, with every option decided. */
export type CoupledPlan = ReturnType<typeof coupledPlan>;

/** Check the call of a coupled decomposition, and move the shared mode of every tensor to the end. */
export function coupledPlan(
  where: string,
  tensors: readonly Tensor[],
  shared: readonly number[],
  rank: number,
  options: CoupledOptions,
) {
  const read = readOptions<CoupledOptions, typeof coupledTable>(where, options, coupledTable),
    { seed, start, sweeps, tolerance, masks = [], constraints } = read;
  checkLists(where, tensors, shared, { masks: read.masks, weights: read.weights });
  const total = read.weights?.reduce((sum, weight) => sum + weight, 0) ?? tensors.length;
  const inside = tensorsInside(where, tensors, shared, masks);
  for (const { unit } of inside)
    checkPenalties(where, unit, { ridge: 0, constraints: [constraints.shared, constraints.own] });
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
    accelerate = read.accelerate ?? (!constraints.shared && !constraints.own),
    starts = read.starts ?? (start ? 1 : 4),
    norms = inside.map(({ norm, unit }) => timesPowerOfTwo(norm, unit));
  const settings = {
      weights: data.map(({ weight }) => weight),
      constraints: {
        shared: constraints.shared ? describeConstraint(constraints.shared) : null,
        own: constraints.own ? describeConstraint(constraints.own) : null,
      },
    },
    given = start ? givenState(where, start, { inside, shared, rank, norms, settings }) : undefined;
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
    norms,
    monotone: !constraints.shared && !constraints.own,
    accelerate,
    imputes: data.some((tensor) => tensor.imputes),
    given,
    sweep: coupledSweeps(data, rank, {
      own: (i) => update(constraints.own, data[i].x.shape.length),
      common: update(constraints.shared, 1),
    }),
    provenance: provenance(
      "coupledCp",
      seed,
      { starts, sweeps, tolerance, accelerate, ...settings },
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
