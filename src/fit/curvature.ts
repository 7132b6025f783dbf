import { random } from "../base";
import { isCustom, meanSquaredError } from "../losses";
import { simulate } from "../run";
import { mapParams, type Params, type Tensor3 } from "../tensor";
import { compose } from "./compose";
import { observedOf } from "./observed-of";
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
  const { model, inputs } = compose(problem, params),
    { dt, precision, initialStates, train } = problem,
    { outputs } = simulate(model, inputs, { dt, precision, conditions: initialStates.rows, ...observedOf(problem) }),
    observed = observedCount(train),
    information = (isCustom(problem.loss) ? undefined : problem.loss.information) ?? (() => 1),
    sizes = outputs.data.map((y) => Math.sqrt(information(y))),
    signs = random(seed, "fit curvature");
  const sums = mapParams(params, (data) => new Float64Array(data.length));
  for (let probe = 0; probe < probes; probe++) {
    const activity: Tensor3 = {
      shape: outputs.shape,
      data: outputs.data.map((y, i) => (signs.uniform() < 0.5 ? y - sizes[i] : y + sizes[i])),
    };
    const evaluate = gradientsOf({
        ...problem,
        loss: isCustom(problem.loss) ? problem.loss : meanSquaredError,
        activity,
        validation: undefined,
        priorWeight: 0,
        penaltyWeight: 0,
        draws: undefined,
      }),
      { gradients } = await evaluate(params, 0);
    for (const [name, sum] of Object.entries(sums)) {
      const g = gradients[name];
      if (!g || !sum) continue;
      for (let i = 0; i < sum.data.length; i++) sum.data[i] += (g.data[i] * g.data[i] * observed) / probes;
    }
  }
  return sums;
}
