import { checkWhole, fail, show, type Filled } from "../base";
import { kernelMean } from "../baselines";
import { checkDisjoint, checkMask, labelRows } from "../masks";
import { defaultSetting, meanSquaredError } from "../rnn";
import { checkFinite, checkTensor, zeros, type Tensor3 } from "../tensor";
import { checkReach } from "./check-reach";
import type { FitProblem } from "./fit-objective";
import type { FitOptions, fitFields } from "./fit-options";
import { fitLoss, withOwn } from "./own-loss";
import { spreadOf, type Spread } from "./spread";
import { standardizeIdentity, standardizeLinear, unscaled, type Standard } from "./standardize";
import { standardizeInputs } from "./standardize-inputs";
import { drawFree } from "./start";
import { startFromMeans } from "./start-from-means";
import { trialCovariance } from "./trial-covariance";
import { gaussianTrialFactors } from "./trial-factors";

export type ReadFitOptions = Filled<FitOptions, typeof fitFields>;
export type PreparedFit = ReturnType<typeof prepareFit>;

/** Checks, labels into rows, and the problem in standard units. */
export function prepareFit(where: string, activity: Tensor3, rank: number, options: ReadFitOptions) {
  const { validation, conditions, epochs, inputs, decoder, loss, precision } = options,
    [trials, steps, neurons] = activity.shape,
    tau = options.network.tau as number,
    dt = options.network.dt as number,
    phi = options.network.phi as FitProblem["setting"]["phi"];
  const head = typeof decoder === "object" ? decoder : undefined,
    units = unitsOf(where, options, neurons),
    train = masksOf(where, activity, options);
  if (dt > tau || dt < 1e-6 * tau)
    fail(where, {
      expected: `network.dt from a millionth of network.tau = ${tau} to ${tau}`,
      got: String(dt),
      fix: "Pass tau and dt in bins of the activity: dt 1 is one Euler step per bin.",
    });
  const condition = labelRows(where, "conditions", conditions, trials),
    epoch = labelRows(where, "epochs", epochs, trials);
  const known = typeof inputs === "number" ? undefined : knownInputs(where, inputs as Tensor3, trials, steps),
    inputCount = known ? known.inputs.shape[2] : (inputs as number);
  checkSizes(where, { trials, steps, neurons, units, rank, inputs: inputCount, conditions: condition.labels.length });
  const spread = spreadOf(where, activity, train),
    outOfReach = decoder === "identity" ? checkReach(where, activity, train, phi, spread) : 0,
    standard = standardFor(activity, decoder as FitOptions["decoder"], phi, spread),
    custom = fitLoss(head, loss, standard);
  const kernel = { ...options.trialKernel, length: options.trialKernel.length ?? Math.max(1, trials / 5) };
  const trialIds = Array.from({ length: trials }, (_, k) => k);
  const problem: FitProblem = {
    activity: custom ? activity : standard.activity,
    train,
    validation,
    conditions: condition.rows,
    inputs: known?.inputs,
    trialFactors: gaussianTrialFactors(trialCovariance(trialIds, kernel, epoch.rows)),
    setting: { ...defaultSetting, tau, phi },
    dt,
    precision,
    head,
    loss: custom,
  };
  const sizes = {
    trials,
    steps,
    units,
    rank,
    inputs: inputCount,
    conditions: condition.labels.length,
    neurons: decoder === "linear" ? neurons : undefined,
    learnsInputs: !known,
  };
  const means =
    decoder === "identity" && !known ? meanStart(where, standard.activity, problem, sizes.inputs) : undefined;
  const draw = (seed: number) => {
    const drawn = drawFree(sizes, seed);
    return withOwn(means ? { ...drawn, ...means, m: zeros([rank]) } : drawn, custom?.params);
  };
  const settings = {
    rank,
    decoder: head ? { kind: "head", name: head.name } : { kind: decoder as string, scale: standard.scale },
    loss: loss ? { kind: "own", name: loss.name } : meanSquaredError,
    inputs: known ? "known" : inputs,
    conditions: condition.labels.length,
    epochs: epoch.labels.length,
    network: { units, tau, dt, phi },
    trialKernel: kernel,
    precision,
    masked: options.mask !== undefined,
    validated: validation !== undefined,
  };
  return {
    problem,
    draw,
    standard,
    givenInputs: typeof inputs === "number" ? undefined : (inputs as Tensor3),
    inputsInUnits: known?.modelInUnits,
    labels: condition.labels,
    constantNeurons: spread.constantNeurons,
    unseenTrials: unseenTrials(train),
    outOfReach,
    settings,
  };
}

function unitsOf(where: string, { decoder, network }: ReadFitOptions, neurons: number): number {
  const units = network.units as number | undefined;
  if (decoder === "identity" && units !== undefined && units !== neurons)
    fail(where, {
      expected: `${neurons} units, the neurons, with the identity decoder`,
      got: String(units),
      fix: "Leave units out, or take the linear decoder.",
    });
  return units ?? (decoder === "identity" ? neurons : 64);
}

/** The training mask, after both masks and what they let through were checked. */
function masksOf(where: string, activity: Tensor3, { mask, validation }: ReadFitOptions): Tensor3 {
  const train = mask ?? { shape: activity.shape, data: new Float64Array(activity.data.length).fill(1) };
  checkMask(where, "mask", train, activity.shape);
  checkFinite(where, "activity", activity, train);
  if (!train.data.includes(1))
    fail(where, {
      expected: "at least one entry to fit",
      got: "a mask of zeros",
      fix: "Set the mask to 1 where activity is to be fitted.",
    });
  if (!validation) return train;
  checkMask(where, "validation", validation, activity.shape);
  checkFinite(where, "activity", activity, validation);
  checkDisjoint(where, { training: train, validation });
  return train;
}

function knownInputs(where: string, inputs: Tensor3, trials: number, steps: number) {
  checkTensor(where, "inputs", inputs, 3);
  if (inputs.shape[0] !== trials || inputs.shape[1] !== steps)
    fail(where, {
      expected: `inputs (${trials} × ${steps} × inputs)`,
      got: `(${inputs.shape.join(" × ")})`,
      fix: "Give each trial its inputs, or a number of inputs to learn.",
    });
  checkFinite(where, "inputs", inputs);
  return standardizeInputs(where, inputs);
}

function standardFor(
  activity: Tensor3,
  decoder: FitOptions["decoder"],
  phi: FitProblem["setting"]["phi"],
  spread: Spread,
): Standard {
  if (decoder === "linear") return standardizeLinear(activity, spread);
  if (decoder !== "identity") return unscaled(activity);
  return standardizeIdentity(activity, phi, spread);
}

/** More numbers than this to move would not fit into memory beside the optimizer's. */
const mostParameters = 134217728;

function checkSizes(
  where: string,
  sizes: Readonly<Record<"trials" | "steps" | "neurons" | "units" | "rank" | "inputs" | "conditions", number>>,
): void {
  const { trials, steps, neurons, units, rank, inputs, conditions } = sizes;
  checkWhole(where, "trials of the activity", trials, 1, 16384);
  if (steps < 1 || neurons < 1)
    fail(where, {
      expected: "activity (trials × time × neurons) of at least one time bin and one neuron",
      got: `(${trials} × ${steps} × ${neurons})`,
      fix: "Pass activity with entries.",
    });
  const parameters =
    rank * (2 * units + trials) + units * (inputs + conditions + neurons) + conditions * steps * inputs;
  if (parameters > mostParameters)
    fail(where, {
      expected: `at most ${mostParameters} parameters to fit`,
      got: `${show(parameters)}, with rank ${rank}, ${units} units, ${inputs} inputs and ${conditions} conditions`,
      fix: "Lower the rank, the units or the inputs, or sort trials into fewer conditions.",
    });
}

/** Where neurons are the units: a start that makes the mean of every condition. */
function meanStart(where: string, activity: Tensor3, problem: FitProblem, inputs: number) {
  const { conditions, train, setting, dt } = problem,
    means = kernelMean(where, activity, train, conditions as number[], Number.POSITIVE_INFINITY);
  return startFromMeans(rowsOf(means, conditions), inputs, dt / setting.tau, setting.phi);
}

/** One row per condition: that of its first trial, since all its trials have one prediction. */
function rowsOf(means: Tensor3, rows: readonly number[]): Tensor3 {
  const [, steps, units] = means.shape,
    count = 1 + rows.reduce((most, row) => Math.max(most, row), 0),
    out = zeros([count, steps, units]),
    size = steps * units;
  for (let row = 0; row < count; row++) {
    const first = rows.indexOf(row);
    out.data.set(means.data.subarray(first * size, (first + 1) * size), row * size);
  }
  return out;
}

/** Trials without an entry to fit: their factors come from their neighbors, by the prior. */
function unseenTrials({ shape: [trials, time, neurons], data }: Tensor3): number[] {
  const size = time * neurons;
  return Array.from({ length: trials }, (_, k) => k).filter(
    (k) => !data.subarray(k * size, (k + 1) * size).includes(1),
  );
}
