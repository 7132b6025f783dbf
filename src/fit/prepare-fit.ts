import { checkWhole, fail } from "../base";
import { defaultSetting, meanSquaredError } from "../rnn";
import { checkFinite, checkSameShape, checkTensor, zeros, type Tensor3 } from "../tensor";
import { kernelMean } from "./condition-mean";
import type { FitProblem } from "./fit-objective";
import type { FitOptions } from "./fit-options";
import { labelRows } from "./labels";
import { fitLoss, withOwn } from "./own-loss";
import { standardize, type Standard } from "./standardize";
import { drawFree } from "./start";
import { startFromMeans } from "./start-from-means";
import { trialCovariance } from "./trial-covariance";
import { gaussianTrialFactors } from "./trial-factors";

export type PreparedFit = ReturnType<typeof prepareFit>;

/** Checks, labels into rows, and the problem in standard units. */
export function prepareFit(
  activity: Tensor3,
  rank: number,
  {
    mask,
    validation,
    conditions,
    epochs,
    inputs = 4,
    decoder = "linear",
    loss,
    network: { units, tau = 2, dt = 1, phi = "tanh" } = {},
    trialKernel,
    precision = "float64",
  }: FitOptions,
) {
  const where = "fitLowTensorRank";
  checkTensor(where, "activity", activity, 3);
  checkWhole(where, "rank", rank, 1);
  const [trials, steps, neurons] = activity.shape;
  const head = typeof decoder === "object" && decoder?.kind === "head" ? decoder : undefined;
  if (!head && decoder !== "linear" && decoder !== "identity")
    fail(where, {
      expected: 'decoder to be "linear", "identity" or a head',
      got: String(decoder),
      fix: "Name one of the two, or make a head with tfjsHead.",
    });
  if (loss && loss.kind !== "own")
    fail(where, {
      expected: "a loss of one's own",
      got: String((loss as { kind?: unknown }).kind),
      fix: "Make one with tfjsLoss, or leave it out for half the mean squared error.",
    });
  if (decoder === "identity" && units !== undefined && units !== neurons)
    fail(where, {
      expected: `${neurons} units, the neurons, with the identity decoder`,
      got: String(units),
      fix: "Leave units out, or take the linear decoder.",
    });
  const size = units ?? (decoder === "identity" ? neurons : 64);
  checkWhole(where, "network.units", size, 1);
  const trainMask = mask ?? { shape: activity.shape, data: new Float64Array(activity.data.length).fill(1) };
  checkSameShape(where, "mask", trainMask, activity.shape);
  checkFinite(where, "activity", activity, trainMask);
  if (validation) {
    checkSameShape(where, "validation", validation, activity.shape);
    checkFinite(where, "activity", activity, validation);
    if (validation.data.some((v, at) => v !== 0 && trainMask.data[at] !== 0))
      fail(where, {
        expected: "a validation mask disjoint from the training mask",
        got: "entries in both",
        fix: "Build both with holdOut, or pass the training mask as mask.",
      });
  }
  const condition = labelRows(where, "conditions", conditions, trials),
    epoch = labelRows(where, "epochs", epochs, trials);
  const known = typeof inputs === "number" ? undefined : inputs;
  if (known) {
    checkTensor(where, "inputs", known, 3);
    if (known.shape[0] !== trials || known.shape[1] !== steps)
      fail(where, {
        expected: `inputs (${trials} × ${steps} × inputs)`,
        got: `(${known.shape.join(" × ")})`,
        fix: "Give each trial its inputs, or a number of inputs to learn.",
      });
    checkFinite(where, "inputs", known);
  } else checkWhole(where, "inputs", inputs as number, 0);
  const kernel = { length: Math.max(1, trials / 5), ...trialKernel };
  const standard: Standard = standardize(where, activity, trainMask, decoder === "linear");
  const own = fitLoss(head, loss, standard);
  const inputCount = known ? known.shape[2] : (inputs as number);
  const trialFactors = gaussianTrialFactors(
    trialCovariance(
      Array.from({ length: trials }, (_, k) => k),
      kernel,
      epoch.rows,
    ),
  );
  const problem: FitProblem = {
    activity: own ? activity : standard.activity,
    train: trainMask,
    validation,
    conditions: condition.rows,
    inputs: known,
    trialFactors,
    setting: { ...defaultSetting, tau, phi },
    dt,
    precision,
    head,
    loss: own,
  };
  const drawn = (seed: number) =>
    drawFree(
      {
        trials,
        steps,
        units: size,
        rank,
        inputs: inputCount,
        conditions: condition.labels.length,
        neurons: decoder === "linear" ? neurons : undefined,
        learnsInputs: !known,
      },
      seed,
    );
  const means =
    decoder === "identity" && !known
      ? startFromMeans(
          rowsOf(kernelMean(where, activity, trainMask, conditions, Infinity), condition.rows, condition.labels.length),
          inputCount,
          dt / tau,
          phi,
        )
      : undefined;
  const draw = (seed: number) =>
    withOwn(means ? { ...drawn(seed), ...means, m: zeros([rank]) } : drawn(seed), own?.params);
  const settings = {
    rank,
    decoder: head ? { kind: "head", name: head.name } : decoder,
    loss: loss ? { kind: "own", name: loss.name } : meanSquaredError,
    inputs: known ? "known" : inputs,
    conditions: condition.labels.length,
    epochs: epoch.labels.length,
    network: { units: size, tau, dt, phi },
    trialKernel: kernel,
    precision,
    masked: mask !== undefined,
    validated: validation !== undefined,
  };
  return { problem, draw, standard, labels: condition.labels, settings };
}

/** One row per condition: that of its first trial, since all its trials have one prediction. */
function rowsOf(means: Tensor3, rows: readonly number[], count: number): Tensor3 {
  const [, steps, units] = means.shape,
    out = zeros([count, steps, units]),
    size = steps * units;
  for (let row = 0; row < count; row++)
    out.data.set(means.data.subarray(rows.indexOf(row) * size, (rows.indexOf(row) + 1) * size), row * size);
  return out;
}
