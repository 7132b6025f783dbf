import { isRecord, last } from "../base";
import { adam, chain, clipByNorm, cosineDecay } from "../optim";
import { pick } from "../parts";
import { sizeOf, type Params, type Tensor3 } from "../tensor";
import { train, type Objective } from "../train";
import { canSearch } from "./begin-fit";
import { compose } from "./compose";
import type { GivenFit } from "./fit-options";
import type { FitProblem } from "./fit-problem";
import type { LearnedInputs } from "./inputs-option";

/** Updates of the fit with free inputs, and of controllers that are trained to produce these. */
const [freeUpdates, followingUpdates] = [150, 150];

/** Parameters of a fit at its best step, and their problem. */
export interface FreeFit {
  readonly problem: FitProblem;
  readonly params: Params;
}

/** The options of a fit with free inputs, from those of one with controllers. */
export type FreeInputs = Pick<GivenFit, "inputs" | "training">;

/** Undefined without controllers, with fewer updates than this takes, or where L-BFGS cannot be used. */
export function withFreeInputs(problem: FitProblem, { inputs, training, start }: GivenFit): FreeInputs | undefined {
  if (start || !hasController(inputs) || training.steps < freeUpdates || !canSearch(problem)) return undefined;
  const { controller: _, ...free } = inputs,
    { optimizer: __, ...rest } = training;
  return { inputs: free, training: { ...rest, steps: freeUpdates, starts: 1 } };
}

const hasController = (inputs: GivenFit["inputs"]): inputs is LearnedInputs =>
  isRecord(inputs) && "controller" in inputs && inputs.controller !== undefined;

/**
 * The start of a fit with controllers: all other parts from the fit with free inputs, and controllers that nearly
 * produce its inputs. Controllers have many parameters but produce few courses; these courses are found first, while
 * random controllers would have to find them together with all other parts.
 */
export async function followFreeInputs(
  problem: FitProblem,
  fresh: Params,
  free: FreeFit,
  signal: AbortSignal | undefined,
): Promise<Params> {
  const shared = Object.fromEntries(Object.entries(fresh).map(([name, x]) => [name, free.params[name] ?? x])),
    wanted = inputsIn(problem, shared, free),
    own = problem.inputs.names.filter((name) => !free.params[name]),
    gained = withGains(shared, wanted);
  const objective: Objective<Params> = Object.assign(
    (params: Params) => {
      const [inputs, adjoint] = problem.inputs.model({ ...pick(gained, problem.inputs.names), ...params }),
        { loss, slopes } = distance(inputs, wanted);
      return { loss, gradients: pick(adjoint(slopes), own) };
    },
    { steady: true },
  );
  const optimizer = chain(clipByNorm(1), adam(cosineDecay(0.02, { steps: followingUpdates, warmup: 10, floor: 0.02 })));
  const { params } = await last(
    train(objective, pick(gained, own), {
      optimizer,
      steps: followingUpdates,
      every: followingUpdates,
      ...(signal ? { signal } : {}),
    }),
  );
  return { ...gained, ...params };
}

/** Free inputs, with columns of W_in of the size that they have with controllers. */
function inputsIn(problem: FitProblem, shared: Params, free: FreeFit): Tensor3 {
  const { inputs, model } = compose(free.problem, free.params),
    there = columnSizes(model.params.wIn),
    here = columnSizes(compose(problem, shared).model.params.wIn);
  return {
    shape: inputs.shape,
    data: inputs.data.map((u, i) => (u * there[i % there.length]) / (here[i % here.length] || 1)),
  };
}

function columnSizes({
  shape: [, columns],
  data,
}: {
  readonly shape: readonly [number, number];
  readonly data: Float64Array;
}) {
  const squares = new Float64Array(columns);
  for (let i = 0; i < data.length; i++) squares[i % columns] += data[i] * data[i];
  return squares.map(Math.sqrt);
}

/** Gains of controllers, a little above the largest input that each has to produce. */
function withGains(params: Params, { shape: [, , inputs], data }: Tensor3): Params {
  const { gain } = params;
  if (!gain) return params;
  const largest = new Float64Array(inputs);
  for (let i = 0; i < data.length; i++) largest[i % inputs] = Math.max(largest[i % inputs], Math.abs(data[i]));
  return {
    ...params,
    gain: { shape: gain.shape, data: gain.data.map((g, j) => (largest[j] > 0 ? 1.2 * largest[j] : g)) },
  };
}

/** Half the mean squared difference, of every input in units of its own size, with its slopes. */
function distance({ shape, data }: Tensor3, wanted: Tensor3): { readonly loss: number; readonly slopes: Tensor3 } {
  const inputs = shape[2],
    count = sizeOf(shape) / inputs,
    squares = new Float64Array(inputs),
    slopes = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) squares[i % inputs] += (wanted.data[i] * wanted.data[i]) / count;
  let loss = 0;
  for (let i = 0; i < data.length; i++) {
    const off = data[i] - wanted.data[i],
      slope = off / (count * inputs * (squares[i % inputs] || 1));
    loss += (off * slope) / 2;
    slopes[i] = slope;
  }
  return { loss, slopes: { shape, data: slopes } };
}
