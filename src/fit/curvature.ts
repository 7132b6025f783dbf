import { random } from "../base";
import { isCustom, lossAt, lossParamsOf, meanSquaredError, type LearnedLoss } from "../losses";
import { simulate } from "../run";
import { mapParams, type Params, type Tensor3 } from "../tensor";
import { compose } from "./compose";
import { innovationIn, observedOf } from "./observed-of";
import type { FitProblem } from "./fit-problem";
import { observedCount } from "./read-masks";

interface Gradients {
  readonly gradients: Params;
}

/** Random directions that the diagonal is averaged over. */
const probes = 10;

/**
 * The diagonal of the Gauss-Newton matrix `J' D J / observed` of the loss at some parameters, J the derivative of all
 * observed outputs and D the Fisher information of each, 1 for the mean squared error: the mean of `(J' D^1/2 s)²` over
 * random signs s. `J' e` is the gradient of half the squared error to targets that are off by e, so each direction
 * costs an evaluation.
 *
 * @see Bekas, Kokiopoulou & Saad (2007), An estimator for the diagonal of a matrix, Applied Numerical Mathematics 57
 */
export async function curvatureOf(
  problem: FitProblem,
  gradientsOf: (problem: FitProblem) => (params: Params, step: number) => Gradients | Promise<Gradients>,
  params: Params,
  seed: number,
): Promise<Params> {
  const loss = lossAt(problem.loss, params),
    { model, inputs } = compose(problem, params),
    { dt, precision, initialStates, train } = problem,
    { outputs } = simulate(model, inputs, {
      dt,
      precision,
      conditions: initialStates.rows,
      ...observedOf(problem),
      ...innovationIn(problem),
    }),
    observed = observedCount(train),
    { information = () => 1, learned = undefined } = isCustom(loss) ? {} : loss,
    neurons = outputs.shape[2],
    sizes = outputs.data.map((y, i) => Math.sqrt(information(y, i % neurons))),
    signs = random(seed, "fit curvature"),
    own = isCustom(loss) ? [] : Object.keys(lossParamsOf(loss)),
    ofNetwork = Object.fromEntries(Object.entries(params).filter(([name]) => !own.includes(name)));
  const sums = mapParams(params, (data) => new Float64Array(data.length));
  for (let probe = 0; probe < probes; probe++) {
    const activity: Tensor3 = {
      shape: outputs.shape,
      data: outputs.data.map((y, i) => (signs.uniform() < 0.5 ? y - sizes[i] : y + sizes[i])),
    };
    const evaluate = gradientsOf({
        ...problem,
        loss: isCustom(loss) ? problem.loss : meanSquaredError,
        activity,
        validation: undefined,
        priorWeight: 0,
        penaltyWeight: 0,
        draws: undefined,
      }),
      { gradients } = await evaluate(ofNetwork, 0);
    for (const [name, sum] of Object.entries(sums)) {
      const g = gradients[name];
      if (!g || !sum) continue;
      for (let i = 0; i < sum.data.length; i++) sum.data[i] += (g.data[i] * g.data[i] * observed) / probes;
    }
  }
  return { ...sums, ...(learned ? ofLoss(learned, outputs, train) : {}) };
}

/** The same of what the loss itself learns, by the information of its entries. */
function ofLoss(learned: LearnedLoss, outputs: Tensor3, train: Tensor3): Params {
  const slopes = new Float64Array(outputs.shape[2]),
    observed = observedCount(train);
  outputs.data.forEach((y, i) => {
    const output = i % slopes.length;
    if (train.data[i] !== 0) slopes[output] += learned.information(y, output) / observed;
  });
  return learned.curvature(slopes);
}
