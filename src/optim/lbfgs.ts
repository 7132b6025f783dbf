import { fail, isCallable, isRecord, readOptions, show, type FieldsOf } from "../base";
import { paramsNorm, type Params } from "../tensor";
import { isPair, quasiNewton, scaleOf, withPair, type CurvaturePair } from "./curvature-pairs";
import { dot, flatten, minus, movedAlong, roundedSteps, unflatten } from "./flat";
import {
  checkGradients,
  nameOf,
  preserved,
  type DescribedSearch,
  type Ending,
  type TransformKind,
  type Update,
  type UpdateContext,
} from "./transform";
import { roundingOf, wolfeSearch, type NoPoint, type Point } from "./wolfe-search";

/** Options of {@link lbfgs}. */
export interface LbfgsOptions {
  /** pairs of steps and changes of the gradient that it remembers; default 10 */
  readonly memory?: number;
  /** Euclidean length of the step that is tried first, where no curvature is known; default 1 */
  readonly firstStep?: number;
  /** sufficient decrease: the share of the decrease predicted by the slope, below 1/2; default 1e-4 */
  readonly decrease?: number;
  /** curvature condition: the share of the slope that may remain, above `decrease` and below 1; default 0.9 */
  readonly curvature?: number;
  /** evaluations along one line, at most; default 20 */
  readonly evaluations?: number;
}

/** The memory of {@link lbfgs}: pairs over the parameters of these names, whose entries stand one after another. */
export interface LbfgsMemory {
  readonly names: readonly string[];
  /** oldest first */
  readonly pairs: readonly CurvaturePair[];
  /** steps in a row at which the loss was flat to rounding and the gradient grew no shorter than it had been */
  readonly idle: number;
  /** the shortest gradient since the loss was last not flat */
  readonly shortest: number;
}

const table = {
  memory: { is: "whole number", least: 1, most: 1000, fallback: 10 },
  firstStep: { is: "number", above: 0, fallback: 1 },
  decrease: { is: "number", above: 0, below: 0.5, fallback: 1e-4 },
  curvature: { is: "number", above: 0, below: 1, fallback: 0.9 },
  evaluations: { is: "whole number", least: 1, most: 1000, fallback: 20 },
} as const satisfies FieldsOf<LbfgsOptions>;

/**
 * Limited-memory BFGS with a line search, for losses that are one function at all steps.
 *
 * It evaluates the loss along lines, up to a point that meets the strong Wolfe conditions; where the objective is
 * `steady`, `train` reuses that evaluation: little more than one evaluation per step. The inverse Hessian starts as a
 * multiple of the identity over all arrays that train, so updates stay in the span of gradients. A run ends as
 * "converged" where the loss is flat to rounding, as "exhausted" where no line search lowers it although the gradient
 * is not zero, and as "diverged" where it is not finite anywhere along a line. Pairs over other parameters than those
 * that have gradients now are forgotten.
 *
 * @throws {@link LtrnnError} for numbers out of range, unknown names, in a chain with other parts, and at an update
 * without the loss and a way to evaluate it
 * @remarks O(memory · parameters) numbers and operations a step, beside the evaluations.
 * @see Liu & Nocedal (1989), On the limited memory BFGS method for large scale optimization, Mathematical Programming
 * 45; Nocedal & Wright (2006), Numerical Optimization, algorithms 7.4, 7.5, 3.5 and 3.6
 * @example lbfgs({ memory: 5 }).span.preserved // true
 */
export const lbfgs = (options?: LbfgsOptions): DescribedSearch<LbfgsMemory> => lbfgsOf("lbfgs", options);

function lbfgsOf(where: string, given: LbfgsOptions | undefined, called?: string): DescribedSearch<LbfgsMemory> {
  const options = readOptions<LbfgsOptions, typeof table>(where, given, table, called);
  if (options.curvature <= options.decrease)
    fail(where, {
      expected: `curvature above decrease, ${options.decrease}`,
      got: show(options.curvature),
      fix: "Only then is there a point on every line that meets both conditions.",
    });
  const description = { kind: "lbfgs", ...options };
  return {
    name: nameOf(description),
    description,
    span: preserved,
    searches: true,
    init: () => ({ names: [], pairs: [], idle: 0, shortest: 0 }),
    async update(gradients, memory, params, context) {
      checkGradients("lbfgs", gradients);
      checkContext(context);
      if (!isMemory(memory, params))
        fail("lbfgs", {
          expected: "memory { names, pairs, idle, shortest } over these parameters",
          got: show(memory),
          fix: "Pass the memory that init or the update before gave, for the same parameters.",
        });
      return stepOf(options, gradients, memory, params, context);
    },
  };
}

export const lbfgsKind: TransformKind = {
  kind: "lbfgs",
  make: (where, numbers: LbfgsOptions) => lbfgsOf(where, numbers, "description"),
  free: ["memory", "firstStep", "decrease", "curvature", "evaluations"],
  descends: true,
  fits: (memory, params) =>
    isMemory(memory, params) && memory.pairs.every(({ s, y }) => s.every(Number.isFinite) && y.every(Number.isFinite)),
};

/** A point on a line. */
interface Visited extends Point {
  readonly gradientNorm: number;
  readonly direction: Float64Array;
  readonly gradient: Float64Array;
}

async function stepOf(
  options: Required<LbfgsOptions>,
  gradients: Params,
  memory: LbfgsMemory,
  params: Params,
  { loss, evaluate }: UpdateContext,
): Promise<Update<LbfgsMemory>> {
  const names = Object.keys(params).filter((name) => params[name] && gradients[name]),
    gradient = flatten(gradients, names),
    gradientNorm = paramsNorm(gradients);
  if (gradientNorm === 0) return [{}, memory, { status: "converged", reason: "the gradient is 0" }];
  const search = (direction: Float64Array): Promise<Visited | NoPoint> => {
    const at = async (step: number): Promise<Visited | undefined> => {
      const there = await evaluate(movedAlong(params, direction, step, names));
      const gradient = flatten(there.gradients, names),
        slope = gradient.length === direction.length ? dot(direction, gradient) : NaN;
      if (there.divergence || !Number.isFinite(there.loss) || !Number.isFinite(slope)) return undefined;
      return { step, loss: there.loss, slope, gradientNorm: paramsNorm(there.gradients), direction, gradient };
    };
    return wolfeSearch(at, { step: 0, loss, slope: dot(direction, gradient) }, options);
  };
  if (memory.idle >= options.memory) return [{}, memory, endingOf("flat", options.evaluations)];
  let pairs = memory.names.join() === names.join() ? memory.pairs : [],
    found: Visited | NoPoint = "not found";
  if (pairs.length > 0) {
    const scale = scaleOf(pairs[pairs.length - 1]),
      direction = quasiNewton(pairs, scale, gradient);
    if (dot(direction, gradient) < 0) found = await search(direction);
    if (typeof found === "string") {
      // curvature that leads nowhere is forgotten, but for its scale
      pairs = [];
      found = await search(quasiNewton([], scale, gradient));
    }
  } else found = await search(quasiNewton([], options.firstStep / gradientNorm, gradient));
  if (typeof found === "string") return [{}, memory, endingOf(found, options.evaluations)];
  const updates = unflatten(found.direction, found.step, params, names),
    s = roundedSteps(params, updates, names);
  const next = withPair(pairs, options.memory, s, minus(found.gradient, gradient));
  return [updates, { names, pairs: next, ...idleness(memory, found, gradientNorm, loss) }];
}

/** Steps over a flat loss are good for a shorter gradient; where it is rounding too, they lead nowhere. */
function idleness(
  { idle, shortest }: LbfgsMemory,
  found: Visited,
  gradientNorm: number,
  loss: number,
): Pick<LbfgsMemory, "idle" | "shortest"> {
  if (Math.abs(found.loss - loss) > roundingOf(loss)) return { idle: 0, shortest: found.gradientNorm };
  const before = shortest === 0 ? gradientNorm : shortest;
  return found.gradientNorm < before ? { idle: 0, shortest: found.gradientNorm } : { idle: idle + 1, shortest: before };
}

function endingOf(found: NoPoint, evaluations: number): Ending {
  const line = "along the gradient";
  if (found === "flat") return { status: "converged", reason: `the loss is flat to rounding ${line}` };
  if (found === "not finite") return { status: "diverged", reason: `the loss is nowhere finite ${line}` };
  const reason =
    found === "rising"
      ? "the loss rises where its gradient says that it falls: check the gradient"
      : `no lower loss was found ${line} in ${evaluations} evaluations: it may be flat at its precision`;
  return { status: "exhausted", reason };
}

function checkContext(context: UpdateContext | undefined): asserts context is UpdateContext {
  if (!isRecord(context) || typeof context.loss !== "number" || !isCallable(context.evaluate))
    fail("lbfgs", {
      expected: "the loss and a way to evaluate it elsewhere, { loss, evaluate }, at every update",
      got: show(context),
      fix: "Pass lbfgs to train, or hand over both after the parameters.",
    });
}

/** Whether memory has pairs over some of these parameters, by name. */
function isMemory(memory: unknown, params: Params): memory is LbfgsMemory {
  if (!isRecord(memory) || !Array.isArray(memory.names) || !Array.isArray(memory.pairs)) return false;
  const { names, idle, shortest } = memory as { names: unknown[]; idle?: unknown; shortest?: unknown };
  if (!Number.isInteger(idle) || (idle as number) < 0 || !Number.isFinite(shortest)) return false;
  const length = names.reduce<number>(
    (sum, name) =>
      sum + (typeof name === "string" && Object.hasOwn(params, name) ? (params[name]?.data.length ?? NaN) : NaN),
    0,
  );
  return Number.isFinite(length) && memory.pairs.every((pair) => isPair(pair, length));
}
