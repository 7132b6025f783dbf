import { fail, type Divergence, type Status } from "../base";
import { updated, type Ending, type Evaluation, type Update } from "../optim";
import { paramsNorm, type Params } from "../tensor";
import { better, impatience, type Looking } from "./best";
import { checkEvaluation, nonFiniteIn } from "./check-evaluation";
import type { AsyncObjective, Objective } from "./objective";
import type { Snapshot, TrainingDivergence } from "./snapshot";
import type { Start } from "./start";
import { contextOf, updateOf } from "./update-of";
import { visitsOf } from "./visits";

type State<P extends Params, E extends Evaluation> = Pick<
  Snapshot<P, E>,
  "step" | "loss" | "gradientNorm" | "params" | "memory" | "remembered" | "evaluation" | "best"
>;

/** A state that is reported: every `every` updates, and at the end. */
interface Shown<P extends Params, E extends Evaluation> {
  readonly state: State<P, E>;
  readonly status: Status;
  readonly reason?: string;
  readonly divergence?: TrainingDivergence;
}

/** How long a run lasts, and which of its states are reported. */
export interface Limits {
  readonly steps: number;
  readonly every: number;
  readonly tolerance: number;
  readonly signal: AbortSignal | undefined;
  readonly best: Looking | undefined;
  /**
   * whether the objective is the same function at every step, so that evaluations can be reused; undefined where it
   * does not say
   */
  readonly steady: boolean | undefined;
}

/** The loop of gradient descent: evaluate, report, update. */
export async function* descend<P extends Params, E extends Evaluation>(
  objective: Objective<P, E> | AsyncObjective<P, E>,
  { optimizer, step: first, ...begin }: Start<P>,
  { steps, every, tolerance, signal, best: looking, steady }: Limits,
): AsyncGenerator<Shown<P, E>> {
  const breathe = breather();
  let { params, memory, remembered } = begin,
    best = looking && begin.best,
    before: State<P, E> | undefined,
    known: E | undefined; // the evaluation at params, if a line search has already made it
  for (let step = first; ; step++) {
    const given = remembered,
      evaluate = (p: P, at: number) => objective(p, at, given);
    let evaluation: Awaited<ReturnType<typeof evaluated<P, E>>>;
    try {
      evaluation = await evaluated(known ? () => known as E : evaluate, params, memory, step, before);
    } catch (error) {
      // a worker stopped by the signal: the state before it is the last one
      if (!before || !signal?.aborted) throw error;
      yield { state: before, status: "aborted" };
      return;
    }
    const { divergence } = evaluation,
      asked = given === undefined ? evaluation.state : { ...evaluation.state, remembered: given };
    if (divergence) {
      yield { state: evaluation.state, status: "diverged", divergence: labeled(divergence, step) };
      return;
    }
    if (looking) best = await better(looking, best, evaluation.state);
    const state = best ? { ...asked, best } : asked,
      limit = statusOf(state, step - first, { steps, tolerance, signal, steady }),
      reason = limit === "running" ? looking && impatience(looking, best, step) : undefined,
      status = reason ? "converged" : limit;
    if (status !== "running" || (step - first) % every === 0) yield { state, status, ...(reason ? { reason } : {}) };
    if (status !== "running") return;
    const visits = visitsOf(evaluate, step);
    let update: Update<unknown>;
    try {
      update = await updateOf(optimizer, state, contextOf(objective, state.loss, visits.evaluate, step));
    } catch (error) {
      if (!signal?.aborted) throw error;
      yield { state, status: "aborted" };
      return;
    }
    const [updates, next, ending] = update;
    if (ending) {
      yield { state, ...endOf(ending, step) };
      return;
    }
    params = updated("train", params, updates);
    known = steady ? visits.at(params) : undefined;
    memory = next;
    remembered = state.evaluation.memory;
    before = state;
    await breathe();
  }
}

/** How a run ends when its optimizer stops. */
const endOf = ({ status, reason }: Ending, step: number) =>
  status === "diverged" ? { status, reason, divergence: labeled({ reason }, step + 1) } : { status, reason };

/**
 * The state at these parameters; where numbers are not finite, the reason, and the last finite state if there is one.
 */
async function evaluated<P extends Params, E extends Evaluation>(
  evaluate: (params: P, step: number) => E | Promise<E>,
  params: P,
  memory: unknown,
  step: number,
  before: State<P, E> | undefined,
): Promise<{ readonly state: State<P, E>; readonly divergence?: Divergence }> {
  const overflow = before && nonFiniteIn(params, (name) => `the parameter ${name}`);
  if (overflow) return { state: before, divergence: { reason: overflow } };
  const evaluation = await evaluate(params, step);
  checkEvaluation(evaluation, params);
  const { loss, gradients } = evaluation,
    divergence = divergenceOf(evaluation, before === undefined);
  if (divergence && before) return { state: before, divergence };
  // at the first evaluation: there is no finite state before it
  const numbers = divergence
    ? { loss: Number.isNaN(loss) ? Infinity : loss, gradientNorm: Infinity }
    : { loss, gradientNorm: paramsNorm(gradients) };
  const state = { step, ...numbers, params, memory, evaluation };
  return { state, ...(divergence ? { divergence } : {}) };
}

/** Why an evaluation cannot be used; undefined where all is finite. NaN before any update is an error of the caller. */
function divergenceOf({ loss, gradients, divergence }: Evaluation, first: boolean): Divergence | undefined {
  if (divergence) return divergence;
  if (!Number.isFinite(loss)) return { reason: `the loss became ${loss}` };
  const reason = nonFiniteIn(gradients, (name) => `the gradient in ${name}`);
  if (!reason) return undefined;
  if (first && reason.includes("NaN"))
    fail("train", {
      expected: `gradients without NaN where the loss is finite (${loss})`,
      got: reason.replace("became", "is"),
      fix: "Fix the objective: a root, a logarithm or a quotient at 0 has no finite derivative.",
    });
  return { reason };
}

const labeled = ({ trial, step: time, reason }: Divergence, step: number): TrainingDivergence => ({
  step,
  ...(trial === undefined ? {} : { trial }),
  ...(time === undefined ? {} : { time }),
  reason,
});

function statusOf(
  { gradientNorm }: { readonly gradientNorm: number },
  updates: number,
  { steps, tolerance, signal, steady }: Pick<Limits, "steps" | "tolerance" | "signal" | "steady">,
): Status {
  // where steps have different objectives, a zero gradient at one of them does not end the run
  if (gradientNorm <= tolerance && (tolerance > 0 || steady !== false)) return "converged";
  if (updates >= steps) return "exhausted";
  return signal?.aborted ? "aborted" : "running";
}

/** After every 50 ms of computing, let timers, the page and the signal run. */
function breather(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last <= 50) return;
    await new Promise((resolve) => setTimeout(resolve));
    last = performance.now();
  };
}
