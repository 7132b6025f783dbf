import { fail, isRecord } from "../base";
import { isCustom } from "../losses";
import {
  adam,
  chain,
  clipByNorm,
  cosineDecay,
  describeOptimizer,
  followedBy,
  lbfgs,
  scaleByCurvature,
  type GradientTransform,
} from "../optim";
import type { Params } from "../tensor";
import type { GivenFit } from "./fit-options";
import type { FitProblem } from "./fit-problem";
import type { FitCheckpoint, FitRun } from "./fit-result";
import { resumedStarts, type Starts } from "./resumed-starts";

/** Where a fit begins, and what makes its updates. */
export interface FitBegin {
  readonly checkpoint: FitCheckpoint;
  readonly optimizer: GradientTransform;
  readonly tolerance: number;
}

/** Where a start begins, and the seconds that it took to find. */
export interface StartPoint {
  readonly params: Params;
  readonly seconds: number;
}

/** New starts, from random or given parameters, or those of an earlier fit in their current state. */
export function beginFit(
  where: string,
  problem: FitProblem,
  given: GivenFit,
  startAt?: (seed: number) => StartPoint,
): FitBegin {
  const {
    seed,
    start,
    training: { steps, starts, optimizer: named },
  } = given;
  if (start) return begun(where, problem, given, resumedStarts(where, problem, start.checkpoint, given));
  const optimizer = named ?? usualOptimizer(problem, steps, startAt === undefined);
  const runs = Array.from(
    { length: starts },
    (_, i): FitRun => ({
      seed: seed + i,
      step: 0,
      params: problem.start(seed + i),
      memory: undefined,
      status: "running",
      dropped: false,
      seconds: 0,
      trace: { losses: [], validationLosses: [] },
      ...startAt?.(seed + i),
    }),
  );
  return begun(where, problem, given, { optimizer, runs });
}

function begun(where: string, problem: FitProblem, given: GivenFit, { optimizer, runs }: Starts): FitBegin {
  checkSearch(where, problem, optimizer);
  const { steps } = given.training,
    checkpoint = { problem: problem.description, optimizer: describeOptimizer(optimizer), steps, runs };
  return { checkpoint, optimizer, tolerance: toleranceOf(given, optimizer) };
}

/** Refuse a line search where every evaluation would draw another loss. */
function checkSearch(where: string, { draws }: FitProblem, { searches, name }: GradientTransform): void {
  if (!draws || !searches) return;
  fail(where, {
    expected: "an optimizer that takes gradients as they come, where updates draw trials or noise",
    got: `${name}, which compares losses along a line: each would be of another draw`,
    fix: "Leave optimizer out or take adam; or leave training.draws out.",
  });
}

/** Without a line search the loss may rise at times, so its decrease does not measure convergence. */
const toleranceOf = ({ training: { tolerance } }: GivenFit, { searches }: GradientTransform): number =>
  tolerance ?? (searches ? 2e-6 : 0);

/**
 * L-BFGS on scaled parameters; Adam with cosine decay and clipped gradients, where line search or scaling is
 * impossible. New starts of models for which L-BFGS alone is slow begin with Adam, and continue with L-BFGS.
 */
function usualOptimizer(problem: FitProblem, steps: number, fresh: boolean): GradientTransform {
  if (!canSearch(problem)) return usualAdam(steps);
  const search = scaleByCurvature(lbfgs({ memory: 20 })),
    after = Math.min(200, Math.ceil(steps / 2));
  return fresh && isFarFromQuadratic(problem) ? followedBy(usualAdam(after), search, { after }) : search;
}

/** Whether updates are of one function, whose curvature is known. */
export const canSearch = ({ draws, loss }: FitProblem): boolean =>
  !draws && !isCustom(loss) && loss.information !== undefined;

/** L-BFGS alone is slow with orthogonal decoders, which rotate, and with controllers, which are recurrent. */
const isFarFromQuadratic = ({ decoder, inputs }: FitProblem): boolean =>
  decoder.description.kind === "orthogonal" ||
  [inputs.option].flat().some((option) => isRecord(option) && option.controller !== undefined);

const usualAdam = (steps: number): GradientTransform =>
  chain(clipByNorm(1), adam(cosineDecay(0.06, { steps, warmup: Math.min(10, steps - 1), floor: 0.02 })));
