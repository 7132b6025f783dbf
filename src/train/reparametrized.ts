import { fail, isRecord, isCallable, show } from "../base";
import type { Evaluation } from "../optim";
import { checkPart, prefixNames, withoutPrefix, type Part } from "../parts";
import { zeros, type Params, type Tensor } from "../tensor";
import type { Pool } from "../threads";
import type { AsyncObjective, Objective, ObjectiveDescription } from "./objective";
import { checkTrainable, type Trainable } from "./trainable";

/** A part that makes a parameter of a network from free ones, and finds the free ones of a given parameter. */
export type ParameterPart = Part<Params, Tensor> & {
  /** the free parameters that make this value */
  start(value: Tensor): Params;
};

/** An objective in free parameters. */
export interface Reparametrized<E extends Evaluation = Evaluation> extends Objective<Params, E> {
  /** where training starts: free parameters in place of those that parts make, and all others unchanged */
  start(params: Params): Params;
  /** the parameters of the network that belong to free ones */
  paramsOf(free: Params): Params;
  /** the model to pass to `recordWeights`: its `with({ params })` takes free parameters */
  network(model: Trainable): Trainable;
}

/**
 * An objective whose parameters are made of free ones by parts, with the exact gradient in the free ones: constraints
 * such as {@link daleWeights} hold at every step of any optimizer. A parameter `w` with a part trains as `w.free`, or
 * with another suffix, as the part names its free parameters.
 *
 * @param objective - such as {@link networkObjective} makes
 * @param parts - by the names of the parameters that they make
 * @throws {@link LtrnnError} when a part is not valid, and in evaluations when free parameters of a part are missing
 * @remarks The bounds of linear learning do not hold for weights that are constrained: tell `learningSetupOf` with
 * `constrained: true`. The `curvature` of the objective is not passed on.
 * @example Object.keys(reparametrized(networkObjective(FullRankRNN.random({ units: 2, inputs: 1, outputs: 1 }, 1),
 * { inputs: zeros([2, 9, 1]), targets: zeros([2, 9, 1]) }), { w: daleWeights({ signs: [1,
 * -1] }) }).start({ w: tensor([2, 2], [1, -1, 0, -2]) })) // ["w.free"]
 */
export function reparametrized<E extends Evaluation>(
  objective: Objective<Params, E>,
  parts: Readonly<Record<string, ParameterPart>>,
): Reparametrized<E> {
  const where = "reparametrized";
  checkCall(where, objective, parts);
  const names = Object.keys(parts);
  /** Values of the parts, and their adjoints. */
  const split = (free: Params) => {
    const evaluated = names.map((name) => {
      if (free[name])
        fail(where, {
          expected: `free parameters of ${name}, which a part makes`,
          got: `${name} itself`,
          fix: "Start from objective.start(params).",
        });
      const own = withoutPrefix(free, `${name}.`);
      if (Object.keys(own).length === 0)
        fail(where, {
          expected: `free parameters of ${name}, such as ${name}.free`,
          got: Object.keys(free).join(", "),
          fix: "Start from objective.start(params), with the parameter among them.",
        });
      return [name, ...parts[name](own)] as const;
    });
    const others = Object.entries(free).filter(([key]) => !names.some((name) => key.startsWith(`${name}.`))),
      params: Params = Object.fromEntries([...others, ...evaluated.map(([name, value]) => [name, value] as const)]);
    const answer = (evaluation: E): E => {
      if (evaluation.divergence) return evaluation;
      const gradients = evaluation.gradients,
        ofOthers = others.map(([name]) => [name, gradients[name]] as const);
      const ofParts = evaluated.map(([name, value, adjoint]) =>
        prefixNames(adjoint(gradients[name] ?? zeros(value.shape)), `${name}.`),
      );
      return { ...evaluation, gradients: Object.assign(Object.fromEntries(ofOthers), ...ofParts) };
    };
    return { params, answer };
  };
  const evaluate = (free: Params, step: number, memory?: unknown): E => {
    const { params, answer } = split(free);
    return answer(objective(params, step, memory));
  };
  const { onThreads, steady } = objective;
  const threaded =
    onThreads &&
    ((pool: Pool): AsyncObjective<Params, E> => {
      const inner = onThreads(pool);
      return async (free, step, memory) => {
        const { params, answer } = split(free);
        return answer(await inner(params, step, memory));
      };
    });
  const start = (params: Params): Params =>
    Object.assign(
      {},
      ...Object.entries(params).map(([name, x]) =>
        x && Object.hasOwn(parts, name) ? prefixNames(parts[name].start(x), `${name}.`) : { [name]: x },
      ),
    );
  const paramsOf = (free: Params): Params => split(free).params;
  const network = (model: Trainable): Trainable => {
    checkTrainable(where, model);
    const { params, setting, units, connectivity, trials } = model;
    const withFree: Trainable["with"] = (change) =>
      model.with(change.params ? { ...change, params: paramsOf(change.params) } : change);
    return { params, setting, units, connectivity, trials, weights: (trial) => model.weights(trial), with: withFree };
  };
  const whole = Object.assign(evaluate, {
    start,
    paramsOf,
    network,
    ...(steady === undefined ? {} : { steady }),
    ...(threaded ? { onThreads: threaded } : {}),
  });
  const describe = () => objective.description && descriptionOf(objective.description, parts);
  return Object.defineProperty(whole, "description", { get: describe });
}

/** The parameters that the objective holds, without those that parts make. */
function descriptionOf(
  { params = {}, ...of }: ObjectiveDescription,
  parts: Readonly<Record<string, ParameterPart>>,
): ObjectiveDescription {
  const held = Object.entries(params).filter(([name]) => !Object.hasOwn(parts, name)),
    descriptions = Object.entries(parts).map(([name, { description }]) => [name, description]);
  return {
    kind: "reparametrized",
    params: Object.fromEntries(held),
    of,
    parts: Object.fromEntries(descriptions),
  };
}

function checkCall(where: string, objective: unknown, parts: unknown): void {
  if (!isCallable(objective))
    fail(where, {
      expected: "objective to be a function (params, step) => { loss, gradients }",
      got: show(objective),
      fix: "Pass what networkObjective gives, or a custom function.",
    });
  if (!isRecord(parts) || Object.keys(parts).length === 0)
    fail(where, {
      expected: "parts to be a record of at least one part, by the names of parameters",
      got: show(parts),
      fix: "Pass such as { w: daleWeights({ signs }) }.",
    });
  for (const [name, part] of Object.entries(parts)) {
    checkPart(where, `parts.${name}`, part, "daleWeights or maskedWeights");
    const { start, prior, penalty } = part as ParameterPart;
    if (!isCallable(start) || prior || penalty)
      fail(where, {
        expected: `parts.${name} to be a part with start, and without a prior or a penalty`,
        got: !isCallable(start) ? "one without start" : prior ? "one with a prior" : "one with a penalty",
        fix: "Make it with daleWeights or maskedWeights, and add penalties to the objective.",
      });
  }
}
