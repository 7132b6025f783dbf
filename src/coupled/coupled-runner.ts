import { random } from "../base";
import { satisfying, sizedStart, startsBelow, undoSweep, type Extrapolation } from "../decompose";
import type { Matrix } from "../tensor";
import { coupledAhead, firstMemory, kept } from "./coupled-extrapolation";
import type { CoupledPlan } from "./coupled-plan";
import type { CoupledModel } from "./coupled-problem";

/** One start, and the state of its run. */
export interface Runner {
  model: CoupledModel;
  memory: Extrapolation;
  /** of the tensors at the model */
  errors: readonly number[];
  /** whether normal equations of the last sweep were singular, even if that sweep was undone */
  singular: boolean;
  readonly trace: number[];
  steps: number;
  score: number;
  done: boolean;
}

/** A start before its first sweep, or an earlier run after its last one. */
export function firstRunner(plan: CoupledPlan, index: number): Runner {
  const { model, resumed } = plan.given ?? { model: drawn(plan, index) };
  return {
    model,
    memory: resumed?.memory ?? firstMemory(model),
    errors: resumed?.errors ?? [],
    singular: false,
    trace: [],
    steps: 0,
    score: resumed?.relativeError ?? Infinity,
    done: false,
  };
}

/** One sweep, extrapolated along the last change where sweeps are slow; one that raises the error is undone. */
export function sweepOnce(plan: CoupledPlan, runner: Runner): void {
  const { model, memory, score } = runner,
    ahead = plan.accelerate ? coupledAhead(model, memory) : undefined,
    swept = plan.sweep(ahead ?? model),
    drop = score - swept.relativeError;
  runner.steps++;
  runner.singular = swept.singular;
  if (ahead ? !(drop > 0) : plan.monotone && drop < 0) {
    if (ahead) runner.memory = undoSweep(memory);
    else runner.done = true; // rounding: the model before is kept
    runner.trace.push(score);
    return;
  }
  const below = startsBelow(plan.imputes);
  runner.memory = kept(memory, model, swept, { drop, isExtrapolated: ahead !== undefined, below });
  runner.model = swept;
  runner.errors = swept.errors;
  runner.score = swept.relativeError;
  runner.trace.push(swept.relativeError);
  runner.done = swept.relativeError === 0 || Math.abs(drop) <= plan.tolerance;
}

function drawn({ data, rank, seed, constraints, size }: CoupledPlan, index: number): CoupledModel {
  const draw = (rows: number, name: string): Matrix => ({
    shape: [rows, rank],
    data: Float64Array.from({ length: rows * rank }, random(seed + index, name).normal),
  });
  const [common] = satisfying([draw(size, "coupled start, shared")], [constraints.shared]);
  return {
    factors: data.map(({ x, norm }, i) =>
      sizedStart(
        [...x.shape.slice(0, -1).map((rows, mode) => draw(rows, `coupled start, tensor ${i}, mode ${mode}`)), common],
        x.shape.slice(0, -1).map(() => constraints.own),
        norm,
      ),
    ),
  };
}
