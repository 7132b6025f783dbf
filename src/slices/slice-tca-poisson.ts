import { exp, fail, type Status } from "../base";
import { expectedCounts } from "../losses";
import { boundedDescent } from "../optim";
import { checkFinite, checkTensor, type Tensor } from "../tensor";
import type { FlatPart } from "./part";
import type { SliceRanks } from "./slice-model";
import { balanced } from "./fit-part";
import { tensorOf } from "./invariance";
import type { SliceTcaCounts, SliceTcaPoissonOptions, SliceTcaPoissonResult } from "./slice-poisson-options";
import { firstModel, slicePoissonPlan, type SlicePoissonPlan } from "./slice-poisson-plan";
import { modulationOf } from "./slice-poisson-problem";
import { uniqueComponents } from "./slice-tca";

interface State {
  readonly parts: readonly FlatPart[];
  readonly trace: readonly number[];
  readonly status: Status;
  readonly reason: string;
}

/**
 * sliceTCA of counts by their Poisson likelihood: the logarithm of every rate is an offset of its unit, in the last
 * mode, plus a sum of components as in {@link sliceTca}. All are fitted together by L-BFGS, which starts from sweeps of
 * sliceTca on logarithms of the counts; {@link sliceTcaRates} gives the rates.
 *
 * The components are made unique as those of sliceTca are. An offset can be traded for a component that is constant
 * within each unit: a `ridge` keeps such a component small.
 *
 * @param x - such as (trials × time × units), whole numbers of at least 0 where observed
 * @param ranks - number of components whose vector lies in mode 0, 1, 2 and so on
 * @throws {@link LtrnnError} when x has fewer than three modes, ranks do not fit, an observed entry is not a count, or
 * a unit has none
 * @remarks O(entries · components) a step. With few counts, slices fit noise and drive rates to 0: use a `ridge`.
 * @see Pellegrino, Stein & Cayco-Gajic (2024), Dimensionality reduction beyond neural subspaces with slice tensor
 * component analysis, Nature Neuroscience 27
 * @example sliceTcaPoisson(tensor([2, 2, 2], [1, 2, 3, 4, 2, 4, 6, 8]), [1, 0, 0]).relativeDeviance < 1e-3 // true
 */
export function sliceTcaPoisson(
  x: Tensor,
  ranks: SliceRanks,
  options: SliceTcaPoissonOptions = {},
): SliceTcaPoissonResult {
  const plan = slicePoissonPlan("sliceTcaPoisson", x, ranks, options);
  let best: State | undefined;
  const deviances: number[] = [],
    levelOf = ({ trace }: State) => trace[trace.length - 1];
  for (let start = 0; start < plan.starts; start++) {
    let end: State | undefined;
    for (const state of run(plan, start)) end = state;
    deviances.push(levelOf(end as State));
    if (best === undefined || levelOf(end as State) < levelOf(best)) best = end;
  }
  return resultOf(plan, best as State, plan.given ? [] : deviances);
}

/**
 * The stepwise form of {@link sliceTcaPoisson} from one start: it yields after every step. Wrong calls are refused at
 * once.
 *
 * @throws {@link LtrnnError} as sliceTcaPoisson, and for more than one start
 * @example [...sliceTcaPoissonSteps(tensor([2, 2, 2], [1, 2, 3, 4, 2, 4, 6, 9]), [1, 0, 0], { steps: 2, tolerance: 0
 * })].length // 2
 */
export function sliceTcaPoissonSteps(
  x: Tensor,
  ranks: SliceRanks,
  options: SliceTcaPoissonOptions = {},
): Generator<SliceTcaPoissonResult> {
  const plan = slicePoissonPlan("sliceTcaPoissonSteps", x, ranks, options);
  if (plan.starts > 1)
    fail("sliceTcaPoissonSteps", {
      expected: "one start",
      got: `${plan.starts} starts`,
      fix: "Run each seed, or let sliceTcaPoisson compare them.",
    });
  return (function* () {
    for (const state of run(plan, 0)) yield resultOf(plan, state, []);
  })();
}

/**
 * The counts that a sliceTCA model of counts expects in every entry.
 *
 * @throws {@link LtrnnError} when it is not such a model
 * @remarks O(entries · components).
 * @example sliceTcaRates(sliceTcaPoisson(tensor([1, 2, 1], [2, 2]), [1, 0, 0])).data // Float64Array [2, 2], up to
 * rounding
 */
export function sliceTcaRates(model: SliceTcaCounts): Tensor {
  const { shape, data } = tensorOf("sliceTcaRates", model),
    units = shape[shape.length - 1];
  checkTensor("sliceTcaRates", "model.offsets", model.offsets, 1);
  if (model.offsets.shape[0] !== units)
    fail("sliceTcaRates", {
      expected: `${units} offsets, one per unit`,
      got: String(model.offsets.shape[0]),
      fix: "Pass what sliceTcaPoisson gave.",
    });
  checkFinite("sliceTcaRates", "model.offsets", model.offsets);
  return { shape, data: data.map((value, i) => exp(model.offsets.data[i % units] + value)) };
}

function* run(plan: SlicePoissonPlan, start: number): Generator<State> {
  const { problem, steps, tolerance } = plan,
    first = plan.given ?? firstModel(plan, start),
    variables = new Float64Array(problem.variables),
    bounds = { lower: variables.map(() => -Infinity), upper: variables.map(() => Infinity) };
  problem.partsOf(variables).forEach(({ vectors, slices }, mode) => {
    const given = balanced(first.components[mode]);
    vectors.data.set(given.vectors.data);
    slices.data.set(given.slices.data);
  });
  for (const { x, trace, status, reason } of boundedDescent(problem.evaluate, { x: variables }, bounds, {
    steps,
    tolerance,
    span: (_, loss) => 1 - loss,
    because: "the gradient is within the tolerance",
  }))
    yield { parts: problem.partsOf(x.slice()), trace: [...trace], status, reason };
}

function resultOf(
  plan: SlicePoissonPlan,
  { parts, trace, status, reason }: State,
  starts: readonly number[],
): SliceTcaPoissonResult {
  const { x, counts, ranks, provenance } = plan,
    { offsets, excess } = expectedCounts(counts, modulationOf(parts, x.shape), 0);
  return {
    components: uniqueComponents(parts, ranks, x.shape),
    offsets: { shape: [offsets.length], data: offsets },
    loss: (excess - counts.saturated) / counts.observed,
    relativeDeviance: trace[trace.length - 1],
    trace: [...trace],
    steps: trace.length - 1,
    status,
    reason,
    starts,
    provenance,
  };
}
