import { powerOfTwo, powerOfTwoBelow, random } from "../base";
import type { Ending } from "../optim";
import type { EpochMemory } from "./gcp-result";
import type { GcpProblem } from "./gcp-problem";
import { sampledGradient, type Sampling } from "./sampled-gradient";

/** A state between epochs of sampled gradients. */
export interface EpochState {
  readonly variables: Float64Array;
  /** the loss, penalties included, over all observed entries */
  readonly loss: number;
  readonly memory: EpochMemory;
  readonly ending?: Ending;
}

export interface EpochSettings extends Sampling {
  readonly seed: number;
  /** updates of an epoch */
  readonly epoch: number;
  /** the first rate, in units of the size of entries at the start */
  readonly rate: number;
  /** converged when an epoch lowers the loss by no more than this share of its fall since the start */
  readonly tolerance: number;
}

const betas = [0.9, 0.999],
  floor = 1e-8,
  /** when an epoch raised the loss, it is undone, and the rate divided by this */
  decay = 10,
  /** how many times the rate is lowered before the run ends */
  patience = 3;

/**
 * Adam on gradients of samples, with factors brought back to their bounds after every update. After each epoch the loss
 * is taken over all observed entries: where it rose, the epoch is undone and the rate lowered. It yields the start, and
 * then after every epoch.
 *
 * @see Kolda & Hong (2020), Stochastic gradients for large-scale tensor decomposition, SIAM J. Math. Data Sci. 2,
 * algorithm 4.1, with the loss of all entries in place of an estimate
 */
export function* sampledEpochs(
  problem: GcpProblem,
  start: { readonly variables: Float64Array; readonly memory?: EpochMemory },
  { seed, epoch, rate, tolerance, ...sampling }: EpochSettings,
): Generator<EpochState> {
  const gradientAt = sampledGradient(problem, sampling),
    { lower, upper } = problem.bounds,
    within = start.variables.map((value, i) => Math.min(upper[i], Math.max(lower[i], value))),
    count = within.length,
    size = Math.sqrt(within.reduce((sum, value) => sum + value * value, 0) / count) || 1;
  let state: EpochState = { variables: within, loss: problem.evaluate(within).loss, memory: freshMemory(count) };
  const first = start.memory?.first ?? state.loss;
  state = { ...state, memory: { ...(start.memory ?? { ...state.memory, rate: rate * size }), first } };
  if (!Number.isFinite(state.loss)) {
    yield { ...state, ending: { status: "diverged", reason: "the loss is not finite at the start" } };
    return;
  }
  yield state;
  for (;;) {
    const { memory } = state,
      tried = epochFrom(state, gradientAt, problem, random(seed, `gcp epoch ${memory.epochs}`), epoch),
      loss = tried.variables.every(Number.isFinite) ? problem.evaluate(tried.variables).loss : NaN,
      epochs = memory.epochs + 1;
    if (loss <= state.loss) {
      const drop = state.loss - loss;
      state = { variables: tried.variables, loss, memory: { ...tried.memory, epochs, undone: 0 } };
      if (drop > tolerance * Math.abs(first - loss)) yield state;
      else return yield { ...state, ending: { status: "converged", reason: "an epoch lowers the loss no further" } };
    } else {
      const undone = memory.undone + 1;
      state = { ...state, memory: { ...memory, epochs, undone, rate: memory.rate / decay } };
      if (undone < patience) yield state;
      else
        return yield {
          ...state,
          ending: { status: "converged", reason: `${undone} epochs in a row raised the loss, at ever lower rates` },
        };
    }
  }
}

const freshMemory = (count: number): EpochMemory => ({
  solver: "adam",
  first: 0,
  epochs: 0,
  undone: 0,
  rate: 1,
  updates: 0,
  means: new Float64Array(count),
  squares: new Float64Array(count),
});

function epochFrom(
  { variables, memory }: EpochState,
  gradientAt: ReturnType<typeof sampledGradient>,
  { bounds: { lower, upper } }: GcpProblem,
  stream: ReturnType<typeof random>,
  updates: number,
): Pick<EpochState, "variables" | "memory"> {
  const x = variables.slice(),
    means = memory.means.slice(),
    squares = memory.squares.slice();
  const scale = powerOfTwo(-powerOfTwoBelow(Math.abs(memory.first) || 1)); // keeps squares of gradients in range
  let decay1 = 1,
    decay2 = 1;
  for (let n = 0; n < memory.updates; n++) [decay1, decay2] = [decay1 * betas[0], decay2 * betas[1]];
  for (let n = 0; n < updates; n++) {
    const gradient = gradientAt(x, stream);
    decay1 *= betas[0];
    decay2 *= betas[1];
    let largest = 0;
    for (let i = 0; i < x.length; i++) {
      const slope = scale * gradient[i];
      means[i] = betas[0] * means[i] + (1 - betas[0]) * slope;
      squares[i] = betas[1] * squares[i] + (1 - betas[1]) * slope * slope;
      largest = Math.max(largest, squares[i]);
    }
    if (largest === 0) continue;
    const least = floor * Math.sqrt(largest / (1 - decay2)); // relative to the largest: it has the unit of gradients
    for (let i = 0; i < x.length; i++) {
      const step = means[i] / (1 - decay1) / (Math.sqrt(squares[i] / (1 - decay2)) + least);
      x[i] = Math.min(upper[i], Math.max(lower[i], x[i] - memory.rate * step));
    }
  }
  return { variables: x, memory: { ...memory, means, squares, updates: memory.updates + updates } };
}
