import { fail, isRecord, LtrnnError, provenance, readOptions, show, type FieldsOf, type Provenance } from "../base";
import { describeLoss, isCustom, readLoss, type EntryLoss, type Loss, type LossDescription } from "../losses";
import { FullRankRNN } from "../models";
import type { Evaluation } from "../optim";
import { noiseFields, type Batch, type ProcessNoise } from "../run";
import type { Params, Tensor3 } from "../tensor";
import { describeNetwork, isSteady, markDivergence, gradientCallOf, type Batches, type Objective } from "../train";
import { checkSpread } from "../theory";
import type { LearningRule } from "./learning-rule";
import { ruleRun } from "./rule-run";

/** How a network runs that learns by a rule: by Euler steps, without a plant. */
export interface RuleOptions {
  /** step, in the unit of tau, at most tau; default tau / 10 */
  readonly dt?: number | undefined;
  /** drawn anew at every update, unless one draw is named; default none */
  readonly noise?: ProcessNoise | undefined;
  /** a loss of entries, or the description of one; default half the mean squared error */
  readonly loss?: Loss | LossDescription | undefined;
}

const table = () =>
  ({
    dt: { is: "number", above: 0 },
    noise: { is: "record", of: noiseFields },
    loss: { is: "checked", check: readLoss },
  }) as const satisfies FieldsOf<RuleOptions>;

/** What a rule gives at some parameters, with the run behind it. */
export interface RuleEvaluation extends Evaluation {
  readonly validationLoss?: number;
  /** (trials × time × outputs) */
  readonly outputs: Tensor3;
  /** x_0 .. x_T, and phi of them (trials × (time + 1) × units) */
  readonly states: Tensor3;
  readonly rates: Tensor3;
  /** what the rule has in place of dL/dx_0 .. dL/dx_T, where it has: what certificates read */
  readonly adjoints?: Tensor3;
  /** dt / tau */
  readonly alpha: number;
  readonly provenance: Provenance;
}

/**
 * The loss of a network on a task, with the result of a learning rule instead of its gradient: `train` uses it like a
 * gradient, with any optimizer. The parameters passed to `train` are trained; the others stay as in `model`.
 *
 * @param rule - {@link rflo}, {@link eProp}, {@link truncatedBptt}, {@link feedbackAlignment},
 * {@link nodePerturbation}, {@link rewardHebb}, or a custom one
 * @throws {@link LtrnnError} for a network that is not of full rank, batches and options that do not fit it, and
 * parameters that the rule does not train
 * @remarks Memory O(trials · time · units), and O(trials · time · units²) operations: the rules of errors cost one and
 * a half times the gradient.
 * @see docs/train.md, Learning rules
 * @example (await last(train(ruleObjective(FullRankRNN.random({ units: 5, inputs: 1, outputs: 1 }, 1),
 * { inputs: zeros([2, 9, 1]), targets: zeros([2, 9, 1]) }, rflo()), { w: zeros([5, 5]) }, { steps: 3 }))).step // 0
 */
export function ruleObjective(
  model: FullRankRNN,
  batch: Batches,
  rule: LearningRule,
  options: RuleOptions | ((step: number) => RuleOptions) = {},
): Objective<Params, RuleEvaluation> {
  const where = "ruleObjective";
  readOptions<LearningRule, typeof ruleFields>(where, rule ?? (null as never), ruleFields, "rule");
  checkModel(where, model);
  if (typeof options !== "function") readRuleOptions(where, options);
  const callAt = gradientCallOf(where, model, batch, options);
  const objective = (params: Params, step: number, memory?: unknown): RuleEvaluation => {
    checkTrained(where, rule, params);
    const call = callAt(params, step),
      { dt, noise, loss } = readRuleOptions(where, call.options as RuleOptions),
      run = runOrDivergence(() =>
        ruleRun(where, call.now as FullRankRNN, unfiltered(where, call.batch), { dt, noise }, loss),
      );
    if (run instanceof LtrnnError) return nothing(run);
    const estimate = runOrDivergence(() => rule.estimate({ ...run, step, memory }));
    if (estimate instanceof LtrnnError) return nothing(estimate);
    const { gradients, ...rest } = checkEstimate(where, rule, estimate);
    return markDivergence({
      loss: run.loss,
      ...(run.validationLoss === undefined ? {} : { validationLoss: run.validationLoss }),
      gradients: Object.fromEntries(Object.keys(params).map((name) => [name, gradients[name]])),
      ...rest,
      outputs: run.outputs,
      states: run.states,
      rates: run.rates,
      alpha: run.alpha,
      provenance: provenance(where, null, { rule: rule.description, dt, noise, loss: describeLoss(loss) }, { step }),
    });
  };
  const describe = () => ({ ...describeNetwork(model, batch, options), kind: "rule", rule: rule.description });
  const steady = isSteady(batch, options) && rule.description.kind !== "custom" && "errors" in rule.spread;
  return Object.defineProperty(Object.assign(objective, { steady }), "description", { get: describe });
}

/** An evaluation that says where the run overflowed, of infinite loss. */
const nothing = ({ divergence }: LtrnnError) =>
  ({ loss: Number.POSITIVE_INFINITY, gradients: {}, divergence }) as Evaluation as RuleEvaluation;

/** A run that overflowed as a value; other errors are the caller's. */
function runOrDivergence<T>(run: () => T): T | LtrnnError {
  try {
    return run();
  } catch (error) {
    if (error instanceof LtrnnError && error.divergence) return error;
    throw error;
  }
}

function readRuleOptions(where: string, given: RuleOptions): RuleOptions & { readonly loss: EntryLoss } {
  const { dt, noise, loss: named } = readOptions<RuleOptions, ReturnType<typeof table>>(where, given, table()),
    loss = readLoss(where, "loss", named);
  if (isCustom(loss) || (loss.gain ?? 1) !== 1)
    fail(where, {
      expected: "a loss of entries without a gain, such as meanSquaredError or poissonLoss()",
      got: isCustom(loss) ? `the custom loss ${loss.name}` : `a gain of ${loss.gain}`,
      fix: "Rules need the error of every output.",
    });
  return { dt, noise, loss };
}

const ruleFields = {
  name: { is: "text", needed: true },
  description: { is: "checked", check: checkDescription, needed: true },
  trains: { is: "list", of: { is: "text" }, needed: true },
  spread: { is: "checked", check: checkSpread, needed: true },
  estimate: { is: "function", needed: true },
} as const satisfies FieldsOf<LearningRule>;

function checkDescription(where: string, name: string, value: unknown): void {
  if (!isRecord(value) || typeof value.kind !== "string")
    fail(where, {
      expected: `${name} to be a record { kind, … }`,
      got: show(value),
      fix: 'Say what the rule is as plain data, such as { kind: "custom", name: "mine" }.',
    });
}

function checkModel(where: string, model: unknown): asserts model is FullRankRNN {
  const trouble = !(model instanceof FullRankRNN)
    ? show(model)
    : (["readoutGain", "filterGain"] as const).find((name) => model.params[name] !== undefined);
  if (trouble !== undefined)
    fail(where, {
      expected: "model to be a FullRankRNN without readoutGain and filterGain",
      got: trouble,
      fix: "Rules are for networks all of whose weights train, one synapse at a time.",
    });
}

function checkTrained(where: string, { name, trains }: LearningRule, params: Params): void {
  const other = Object.keys(params).find((key) => params[key] !== undefined && !trains.includes(key));
  if (other !== undefined)
    fail(where, {
      expected: `parameters that ${name} trains: ${trains.join(", ")}`,
      got: other,
      fix: "Start training from those alone; the others stay as they are in the model.",
    });
}

function unfiltered(where: string, batch: Batch): Batch {
  if (batch.observed !== undefined || batch.observedMask !== undefined)
    fail(where, {
      expected: "a batch without observed",
      got: "one with it",
      fix: "Rules are for runs without a filter.",
    });
  return batch;
}

function checkEstimate(
  where: string,
  { name, trains }: LearningRule,
  estimate: unknown,
): ReturnType<LearningRule["estimate"]> {
  const { gradients } = (isRecord(estimate) ? estimate : {}) as { gradients?: unknown };
  if (!isRecord(gradients))
    fail(where, {
      expected: `an estimate { gradients } of ${name}`,
      got: show(estimate),
      fix: `Return a record with gradients in ${trains.join(", ")}.`,
    });
  return estimate as ReturnType<LearningRule["estimate"]>;
}
