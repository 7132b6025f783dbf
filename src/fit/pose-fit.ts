import { checkWhole, fail } from "../base";
import { labelRows } from "../masks";
import { defaultSetting } from "../models";
import { checkCounts, isCustom } from "../losses";
import { decoderKind, penalizedTrialFactors } from "../parts";
import type { Tensor3 } from "../tensor";
import { describeProblem } from "./describe-problem";
import { drawsOf } from "./draws";
import type { GivenFit } from "./fit-options";
import type { FitProblem } from "./fit-problem";
import { choiceOf, headOf } from "./decoder-choice";
import { inputSizes } from "./input-sizes";
import { lossAfterPreparation, withPreparation } from "./preparation";
import { readDecoder } from "./read-decoder";
import { readFilter } from "./read-filter";
import { readFitLoss } from "./read-fit-loss";
import { inStandardUnit } from "./output-unit";
import { readInitialStates } from "./read-initial-states";
import { readInputs } from "./read-inputs";
import { noiseFor, noiseFrom, noiseOfBends, noiseVariance } from "./noise-variance";
import { observedCount, readMasks, unseenTrials } from "./read-masks";
import { readTrialFactors } from "./read-trial-factors";
import { startParams } from "./start-params";

/** The problem that activity and options pose: checked, labels into rows, and in standard units. */
export function poseFit(where: string, activity: Tensor3, rank: number, given: GivenFit): FitProblem {
  const [trials, time, neurons] = activity.shape,
    { tau, dt, phi, preparation, trialKernel } = given.network,
    { precision, penalties, draws } = given.training,
    units = unitsOf(where, given, neurons);
  checkWhole(where, "rank", rank, 1, units);
  checkSteps(where, tau, dt);
  checkActivity(where, activity);
  const condition = labelRows(where, "conditions", given.conditions, trials),
    epoch = labelRows(where, "epochs", given.epochs, trials),
    count = condition.labels.length;
  checkSize(where, activity, given, { rank, units, conditions: count });
  const { train, validation } = readMasks(where, activity, given),
    { loss, lossDescription, gain, standardized } = readFitLoss(where, given, neurons);
  if (!isCustom(loss) && loss.targets === "counts")
    for (const mask of validation ? [train, validation] : [train]) checkCounts(where, "activity", activity, mask);
  const { decoder, unit, variance, ...remarks } = readDecoder(where, activity, train, given, loss, units),
    conditions = { rows: condition.rows, count },
    setting = { conditions, time, preparation, epochs: given.epochs, trialKernel, dt },
    inputs = readInputs(where, given.inputs, setting),
    trialFactors = penalizedTrialFactors(
      readTrialFactors(where, "network.trialKernel", trialKernel, trials, given.epochs),
      penalties.trialFactors,
    );
  const initialStates = readInitialStates(given.network.initialStates, condition),
    activityOfLoss = standardized ? inStandardUnit(activity, unit) : activity,
    noise = noiseFor(loss, penalties.noiseShare, variance, () => {
      const ofNeighbors = noiseVariance(activityOfLoss, train, condition.rows);
      // trials that start by themselves differ by more than noise
      return given.network.initialStates === "condition" || given.network.initialStates === "shared"
        ? ofNeighbors
        : Math.min(ofNeighbors, noiseOfBends(activityOfLoss, train, condition.rows));
    });
  const padded = withPreparation(activityOfLoss, preparation);
  const problem = {
    rank,
    units,
    preparation,
    activity: padded,
    recorded: { activity, train, validation },
    observed: given.network.filter ? padded : undefined,
    innovation: readFilter(where, given.network.filter, loss, headOf(given.decoder)),
    train: withPreparation(train, preparation),
    validation: validation && withPreparation(validation, preparation),
    conditions: condition.rows,
    conditionLabels: condition.labels,
    inputs,
    trialFactors,
    initialStates,
    span: given.network.span,
    sizedInputs: inputs.model.sized,
    staticRank: given.network.staticRank,
    priorWeight: noise / observedCount(train),
    noiseFrom: noiseFrom(loss, penalties.noiseShare),
    priorMeans: {},
    penaltyWeight: 1,
    ratePenalty: penalties.rates,
    draws: drawsOf(given.seed, draws.trialShare, draws.noise),
    decoder,
    unit: { ...unit, scale: gain * unit.scale },
    standardized,
    head: headOf(given.decoder),
    loss: lossAfterPreparation(loss, preparation),
    lossDescription,
    setting: { ...defaultSetting, tau, phi },
    dt,
    precision,
    remarks: { ...remarks, unseenTrials: unseenTrials(train) },
  };
  return {
    ...problem,
    description: describeProblem(activity, { train, validation }, problem, given, epoch),
    start: startParams(where, problem),
  };
}

function unitsOf(where: string, { decoder, network: { units } }: GivenFit, neurons: number): number {
  const choice = choiceOf(decoder);
  if (!choice || decoderKind(choice.kind).matrix) return units ?? 64;
  if (units !== undefined && units !== neurons)
    fail(where, {
      expected: `${neurons} units, the neurons, with the ${choice.kind} decoder`,
      got: String(units),
      fix: "Leave units out, or take the linear decoder.",
    });
  return neurons;
}

function checkSteps(where: string, tau: number, dt: number): void {
  if (dt > tau || dt < 1e-6 * tau)
    fail(where, {
      expected: `network.dt from a millionth of network.tau = ${tau} to ${tau}`,
      got: String(dt),
      fix: "Pass tau and dt in bins of the activity: dt 1 is one Euler step per bin.",
    });
}

function checkActivity(where: string, { shape: [trials, time, neurons] }: Tensor3): void {
  checkWhole(where, "the number of trials", trials, 1, 16384);
  checkWhole(where, "the number of time bins", time, 1);
  checkWhole(where, "the number of neurons", neurons, 1);
}

/** More parameters than this would not fit into memory together with the optimizer's memory. */
const mostParameters = 134_217_728;

function checkSize(
  where: string,
  { shape: [trials, time, neurons] }: Tensor3,
  given: GivenFit,
  { rank, units, conditions }: Readonly<Record<"rank" | "units" | "conditions", number>>,
): void {
  const bins = given.network.preparation + time,
    { inputs, parameters: ofInputs } = inputSizes(where, given.inputs, { trials, bins, conditions }),
    parameters = rank * (2 * units + trials) + units * (inputs + conditions + neurons) + ofInputs;
  if (parameters > mostParameters)
    fail(where, {
      expected: `at most ${mostParameters} parameters to fit`,
      got: `${parameters}, with rank ${rank}, ${units} units, ${inputs} inputs and ${conditions} conditions`,
      fix: "Lower the rank, the units or the inputs, or sort trials into fewer conditions.",
    });
}
