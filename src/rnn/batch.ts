import { checkAbove, checkWhole, fail } from "../base";
import { checkPlant, integrators, type Integrator, type Plant, type Precision } from "../kernels";
import { checkSameShape, checkTensor, type Tensor3 } from "../tensor";
import type { Network } from "./network";

/** Additive noise on the states: `sigma sqrt(2 dt / tau) xi`, so that a unit without recurrence has a standing deviation of about sigma. */
export interface ProcessNoise {
  readonly sigma: number;
  readonly seed: number;
}

/** How to run a network. */
export interface RunOptions {
  /** step, in the unit of tau; default tau / 10 */
  readonly dt?: number;
  /** default "euler"; "heun" is of second order, at twice the cost. Inputs are held over a step */
  readonly integrator?: Integrator;
  /** what the states are computed in; default "float64". Sums, parameters and gradients are float64 always */
  readonly precision?: Precision;
  readonly noise?: ProcessNoise;
  /** a body that the outputs move; see {@link Plant} */
  readonly plant?: Plant;
  /** which trial of the model each trial of the inputs is: rows of the trial factor; default 0, 1, 2, ... */
  readonly trials?: readonly number[];
  /** which row of x0 each trial starts from; default the only row, or 0, 1, 2, ... */
  readonly conditions?: readonly number[];
}

/** Trials to learn from. */
export interface Batch {
  /** (trials × time × inputs) */
  readonly inputs: Tensor3;
  /** (trials × time × outputs), at the T steps after x_0; with a plant (trials × time × its states). A loss of one's own may want none, or others: see {@link OwnLoss} */
  readonly targets?: Tensor3;
  /** 1 observed, 0 missing; targets under 0 are never read */
  readonly mask?: Tensor3;
  /** 1 where targets are held out: the loss over them is reported as `heldOutLoss`, and moves nothing */
  readonly heldOut?: Tensor3;
  readonly trials?: readonly number[];
  readonly conditions?: readonly number[];
}

/** Everything a run needs, checked: sizes, alpha, and which row of x0 and of the trial factor each trial takes. */
export interface Plan {
  readonly trials: number;
  readonly steps: number;
  readonly outputs: number;
  readonly alpha: number;
  readonly dt: number;
  readonly integrator: Integrator;
  readonly precision: Precision;
  /** what the readout's weights are multiplied by */
  readonly gain: number;
  readonly trialOf: readonly number[];
  readonly startOf: readonly number[];
  readonly plant?: Plant;
  readonly noise?: ProcessNoise;
}

export function planRun(
  where: string,
  model: Network,
  inputs: Tensor3,
  {
    dt = model.setting.tau / 10,
    integrator = "euler",
    precision = "float64",
    noise,
    plant,
    trials,
    conditions,
  }: RunOptions,
  gain = 1,
): Plan {
  const { params, units, setting } = model;
  checkTensor(where, "inputs", inputs, 3);
  if (plant !== undefined) checkPlant(where, "plant", plant);
  checkAbove(where, "dt", dt, 0);
  if (dt > setting.tau)
    fail(where, {
      expected: `dt at most tau = ${setting.tau}`,
      got: String(dt),
      fix: "Take smaller steps: an explicit step beyond tau overshoots.",
    });
  if (!integrators.includes(integrator))
    fail(where, {
      expected: `integrator to be one of ${integrators.join(", ")}`,
      got: String(integrator),
      fix: "Name one of these.",
    });
  if (precision !== "float64" && precision !== "float32")
    fail(where, {
      expected: 'precision to be "float64" or "float32"',
      got: String(precision),
      fix: "Name one of the two.",
    });
  const [count, steps, external] = inputs.shape;
  if (count === 0 || steps === 0)
    fail(where, {
      expected: "at least one trial and one time step",
      got: `inputs of shape (${inputs.shape.join(" × ")})`,
      fix: "Pass inputs of (trials × time × inputs), with zero inputs if there are none.",
    });
  const wanted = params.wIn.shape[1] - (plant?.feedback ?? 0);
  if (external !== wanted)
    fail(where, {
      expected: `${wanted} inputs, the columns of wIn${plant?.feedback ? " less the plant's feedback" : ""}`,
      got: `inputs of shape (${inputs.shape.join(" × ")})`,
      fix: "Order inputs as (trials × time × inputs).",
    });
  const outputs = params.readout ? params.readout.shape[0] : units;
  if (plant && plant.controls !== outputs)
    fail(where, {
      expected: `${plant.controls} outputs, the plant's controls`,
      got: String(outputs),
      fix: "Give the model a readout of that size.",
    });
  if (noise) {
    checkAbove(where, "noise.sigma", noise.sigma, 0, true);
    if (!Number.isFinite(noise.seed))
      fail(where, { expected: "noise.seed to be a number", got: String(noise.seed), fix: "Seed the noise." });
  }
  const rows = (name: string, given: readonly number[] | undefined, size: number, what: string, all: boolean) => {
    if (given && given.length !== count)
      fail(where, {
        expected: `${name} of length ${count}, one per trial`,
        got: String(given.length),
        fix: `Name ${what} for each trial.`,
      });
    given?.forEach((row) => checkWhole(where, `each entry of ${name}`, row, 0, size - 1));
    if (!given && !all && size !== count)
      fail(where, {
        expected: `${size} trials, one per ${what}`,
        got: String(count),
        fix: `Say which trial takes which with the option ${name}.`,
      });
    return given ?? Array.from({ length: count }, (_, k) => (all ? 0 : k));
  };
  return {
    trials: count,
    steps,
    outputs,
    dt,
    alpha: dt / setting.tau,
    integrator,
    precision,
    gain,
    trialOf: rows("trials", trials, model.trials ?? count, "row of the trial factor", model.trials === undefined),
    startOf: rows("conditions", conditions, params.x0.shape[0], "row of x0", params.x0.shape[0] === 1),
    plant,
    noise,
  };
}

/** The shape of what a loss sees: outputs, or the states of the plant that they move. */
export const seenShape = ({ trials, steps, outputs, plant }: Plan): Tensor3["shape"] => [
  trials,
  steps,
  plant ? plant.states : outputs,
];

/** Refuse targets or masks that do not fit the run. */
export function checkBatch(where: string, { targets, mask, heldOut }: Batch, plan: Plan): Tensor3 {
  if (!targets)
    fail(where, {
      expected: "targets in the batch",
      got: "none",
      fix: "Give targets, or a loss of one's own, which may do without.",
    });
  checkSameShape(where, "targets", targets, seenShape(plan));
  if (mask) checkSameShape(where, "mask", mask, targets.shape);
  if (heldOut) checkSameShape(where, "heldOut", heldOut, targets.shape);
  return targets;
}
