import { fail, isRecord, readOptions, show } from "../base";
import { labelRows, type Label } from "../masks";
import { checkFinite, checkMask, checkTensor, type Tensor3 } from "../tensor";
import type { FitOptions } from "./fit-options";
import { forecastLearningFields, type ForecastLearningOptions } from "./forecast-learning-options";
import { between, knownTrials, trialsAfter } from "./learning-baselines";

/** A forecast of learning before its fit: what is known, and what is to come. */
export interface ForecastProblem {
  readonly known: number;
  /** trials that are scored together */
  readonly block: number | undefined;
  readonly widths: readonly number[];
  /** observed entries of the known trials, and of those to come (as activity) */
  readonly train: Tensor3;
  readonly future: Tensor3;
  /** of every trial */
  readonly labels: readonly Label[];
  /** of the known trials */
  readonly fit: FitOptions;
  /** of those to come: their epochs and inputs, where the fit has such */
  readonly toCome: { readonly epochs?: readonly Label[]; readonly inputs?: Tensor3 };
}

/** Check the call of a forecast, and divide what it was given into the known trials and those to come. */
export function poseForecast(where: string, activity: Tensor3, options: ForecastLearningOptions): ForecastProblem {
  checkTensor(where, "activity", activity, 3);
  const { known, mask, conditions, widths, block, fit } = readOptions<
      ForecastLearningOptions,
      typeof forecastLearningFields
    >(where, options ?? (null as never), forecastLearningFields),
    trials = activity.shape[0],
    observed = mask ?? allOnes(activity);
  checkMask(where, "mask", observed, activity.shape, "activity");
  checkFinite(where, "activity", activity, observed);
  if (known >= trials || widths.length === 0)
    fail(where, {
      expected: `known below ${trials}, the number of trials, and a width`,
      got: `${known} and ${widths.length} widths`,
      fix: "Leave trials to forecast.",
    });
  const { rows, labels } = labelRows(where, "conditions", conditions, trials),
    strange = rows.findIndex((row, trial) => trial >= known && !rows.slice(0, known).includes(row));
  if (strange >= 0)
    fail(where, {
      expected: "a known trial of every condition to come",
      got: `none of condition ${show(labels[rows[strange]])}, of trial ${strange}`,
      fix: "Know more trials, or leave that condition out.",
    });
  const { epochs: givenEpochs, inputs, ...rest } = fit as FitOptions,
    drive = isRecord(inputs) && "shape" in inputs ? (inputs as unknown as Tensor3) : undefined,
    epochs = givenEpochs && Array.from(givenEpochs as ArrayLike<Label>);
  if (epochs && epochs.length !== trials)
    fail(where, { expected: `${trials} epochs, one per trial`, got: String(epochs.length), fix: "Label all trials." });
  if (drive && drive.shape[0] !== trials)
    fail(where, {
      expected: `inputs of ${trials} trials`,
      got: String(drive.shape[0]),
      fix: "Pass those of all trials.",
    });
  const ofTrials = rows.map((row) => labels[row]);
  return {
    known,
    block,
    widths,
    train: between(observed, 0, known),
    future: between(observed, known, trials),
    labels: ofTrials,
    fit: {
      ...rest,
      ...(inputs === undefined ? {} : { inputs: drive ? knownTrials(drive, known) : inputs }),
      ...(epochs ? { epochs: epochs.slice(0, known) } : {}),
      mask: knownTrials(observed, known),
      conditions: ofTrials.slice(0, known),
    },
    toCome: {
      ...(epochs ? { epochs: epochs.slice(known) } : {}),
      ...(drive ? { inputs: trialsAfter(drive, known) } : {}),
    },
  };
}

const allOnes = ({ shape, data }: Tensor3): Tensor3 => ({ shape, data: new Float64Array(data.length).fill(1) });
