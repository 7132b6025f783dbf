import { fail, readOptions, show, type Filled } from "../base";
import type { Integrator, Plant, Precision } from "../kernels";
import { checkCounts, type CountInnovation } from "../losses";
import { checkNetwork, smallestTau, type Network } from "../models";
import { checkMask, checkSameShape, checkTensor, shapeText, type Tensor3 } from "../tensor";
import type { PlannedPenalty } from "./rate-penalty";
import { runFields, type Observed, type ProcessNoise, type RunOptions } from "./run-options";

/** Everything a run needs, checked: sizes, alpha, and which row of x0 and of the trial factor each trial takes. */
export interface Plan {
  readonly trials: number;
  readonly steps: number;
  readonly outputs: number;
  /** dt / tau, of all units or of each */
  readonly alpha: number | Float64Array;
  readonly dt: number;
  readonly integrator: Integrator;
  readonly precision: Precision;
  /** what the readout is multiplied by */
  readonly gain: number;
  readonly trialOf: readonly number[];
  readonly startOf: readonly number[];
  readonly plant?: Plant | undefined;
  readonly noise?: ProcessNoise | undefined;
  /** of a gradient: what is added to its loss */
  readonly ratePenalty?: PlannedPenalty | undefined;
  /** where a filter runs */
  readonly observed?: Tensor3 | undefined;
  readonly observedMask?: Tensor3 | undefined;
  readonly innovation?: CountInnovation | undefined;
}

/** A run of a network on inputs, checked; errors are those of `where`. */
export function planRun(
  where: string,
  model: Network,
  inputs: Tensor3,
  options: RunOptions | undefined,
  gain = 1,
): Plan {
  return planOf(
    where,
    model,
    inputs,
    readOptions<RunOptions, ReturnType<typeof runFields>>(where, options, runFields()),
    gain,
  );
}

/** {@link planRun} with options that were read. */
export function planOf(
  where: string,
  model: Network,
  inputs: Tensor3,
  {
    dt: given,
    integrator,
    precision,
    noise,
    plant,
    trials,
    conditions,
    observed,
    observedMask,
    innovation,
  }: Filled<RunOptions, ReturnType<typeof runFields>>,
  gain: number,
): Plan {
  checkNetwork(where, model);
  checkInputs(where, model, inputs, plant);
  const { params, units, setting } = model,
    [count, steps] = inputs.shape,
    outputs = params.readout ? params.readout.shape[0] : units,
    least = smallestTau(setting),
    dt = given ?? least / 10;
  if (dt > least)
    fail(where, {
      expected: typeof setting.tau === "number" ? `dt at most tau = ${least}` : `dt at most the smallest tau, ${least}`,
      got: String(dt),
      fix: "Take smaller steps: an explicit step beyond tau overshoots.",
    });
  if (plant && plant.controls !== outputs)
    fail(where, {
      expected: `${plant.controls} outputs, the plant's controls`,
      got: String(outputs),
      fix: "Give the model a readout of that size.",
    });
  checkObserved(where, model, { observed, observedMask, innovation }, [count, steps, outputs], plant);
  const own = { name: "trials", what: "row of the trial factor" },
    starts = { name: "conditions", what: "row of x0" };
  return {
    trials: count,
    steps,
    outputs,
    dt,
    alpha: typeof setting.tau === "number" ? dt / setting.tau : setting.tau.data.map((tau) => dt / tau),
    integrator,
    precision,
    gain,
    trialOf: rowsOf(where, own, trials, count, model.trials ?? Infinity, model.trials === undefined),
    startOf: rowsOf(where, starts, conditions, count, params.x0.shape[0], params.x0.shape[0] === 1),
    plant,
    noise,
    ...(observed ? { observed, observedMask, innovation } : {}),
  };
}

/** Refuse observations that do not fit the outputs, or that the network cannot make use of. */
function checkObserved(
  where: string,
  { params }: Network,
  { observed, observedMask, innovation }: Observed & Pick<RunOptions, "innovation">,
  shape: Tensor3["shape"],
  plant: Plant | undefined,
): void {
  if (observed === undefined && observedMask !== undefined)
    fail(where, {
      expected: "observed beside observedMask",
      got: "none",
      fix: "Give both: a mask has the shape of what was observed.",
    });
  if (observed === undefined && innovation !== undefined)
    fail(where, {
      expected: "observed beside innovation, which says what counts that are observed tell",
      got: "none",
      fix: "Give observed, or leave innovation out.",
    });
  if (observed === undefined) return;
  checkTensor(where, "observed", observed, 3);
  checkSameShape(where, "observed", observed, shape, "the outputs");
  if (observedMask !== undefined) checkMask(where, "observedMask", observedMask, shape, "observed");
  if (innovation) checkCounts(where, "observed", observed, observedMask);
  if (!params.filterGain || plant)
    fail(where, {
      expected: plant
        ? "no plant beside observed"
        : "a network with a filterGain, which observations correct states by",
      got: plant ? "a plant" : "none",
      fix: plant ? "Leave one of them out." : "Leave observed out, or give params.filterGain (units × outputs).",
    });
}

function checkInputs(where: string, { params }: Network, inputs: Tensor3, plant: Plant | undefined): void {
  checkTensor(where, "inputs", inputs, 3);
  const [trials, steps, external] = inputs.shape;
  if (trials === 0 || steps === 0)
    fail(where, {
      expected: "at least one trial and one time step",
      got: `inputs of shape ${shapeText(inputs.shape)}`,
      fix: "Pass inputs of (trials × time × inputs), with zero inputs if there are none.",
    });
  const wanted = params.wIn.shape[1] - (plant?.feedback ?? 0);
  if (external !== wanted)
    fail(where, {
      expected: `${wanted} inputs, the columns of wIn${plant?.feedback ? " less the plant's feedback" : ""}`,
      got: `inputs of shape ${shapeText(inputs.shape)}`,
      fix: "Order inputs as (trials × time × inputs).",
    });
}

/** The row that each trial takes: as given, or the only one, or one after the other. */
function rowsOf(
  where: string,
  { name, what }: { readonly name: string; readonly what: string },
  given: readonly number[] | undefined,
  trials: number,
  rows: number,
  shared: boolean,
): readonly number[] {
  if (!given && !shared && rows !== trials)
    fail(where, {
      expected: `${rows} trials, one per ${what}`,
      got: String(trials),
      fix: `Say which trial takes which with the option ${name}.`,
    });
  if (!given) return Array.from({ length: trials }, (_, trial) => (shared ? 0 : trial));
  if (given.length !== trials)
    fail(where, {
      expected: `${name} of length ${trials}, one per trial`,
      got: String(given.length),
      fix: `Name the ${what} of each trial.`,
    });
  const beyond = given.findIndex((row) => row >= rows);
  if (beyond >= 0)
    fail(where, {
      expected: `each entry of ${name} to be a whole number from 0 to ${rows - 1}`,
      got: show(given[beyond]),
      fix: `Name one of the ${rows} rows.`,
    });
  return given;
}

/** The shape of what a loss sees: outputs, or the states of the plant that they move. */
export const seenShape = ({ trials, steps, outputs, plant }: Plan): Tensor3["shape"] => [
  trials,
  steps,
  plant ? plant.states : outputs,
];
