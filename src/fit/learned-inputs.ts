import { fail } from "../base";
import {
  changingInputs,
  conditionInputs,
  controllerInputs,
  inputsSideBySide,
  penalizedInputs,
  smoothCourses,
  type Courses,
  type DrivenBins,
  type InputModel,
} from "../parts";
import type { InputSetting } from "./input-setting";
import type { GivenInputs } from "./inputs-option";
import { readTrialFactors, trialKernelOption } from "./read-trial-factors";

/** A model of inputs to learn, and the option that makes it again. */
export interface MadeInputs {
  readonly model: InputModel;
  readonly option: Readonly<Record<string, unknown>>;
}

/** Inputs of conditions, then those that change over trials, and the penalty on both. */
export function learnedInputs(where: string, name: string, given: GivenInputs, setting: InputSetting): MadeInputs {
  const { count, changing, l1, l2, until } = given,
    bins = drivenBins(where, name, until, setting),
    smooth = coursesOf(where, given, bins),
    models: InputModel[] = [],
    option: Record<string, unknown> = { count, changing };
  if (until !== undefined) option.until = until;
  if (given.smoothness !== undefined) option.smoothness = given.smoothness;
  if (given.controller) {
    const controller = readController(where, name, given.controller, bins, setting);
    option.controller = controller;
    models.push(controllerInputs(bins, count, { ...controller, alpha: setting.dt / controller.tau }));
  } else if (count > 0 || changing === 0) models.push(conditionInputs(bins, count, smooth));
  if (changing > 0) {
    const { factors, kernel } = changeOf(where, name, given, setting);
    option.trialKernel = kernel;
    models.push(changingInputs(bins, changing, factors, smooth));
  }
  const model =
    models.length === 1
      ? models[0]
      : inputsSideBySide(
          models,
          models.map(() => ""),
        );
  return { model: penalizedInputs(model, { l1, l2 }, bins.driven), option: { ...option, l1, l2 } };
}

/** Bins with inputs: those of the preparation, and recorded ones up to `until`. */
function drivenBins(
  where: string,
  name: string,
  until: number | undefined,
  { conditions, time, preparation }: InputSetting,
): DrivenBins {
  if (until !== undefined && until > time)
    fail(where, {
      expected: `${name}.until of at most ${time}, the recorded bins`,
      got: String(until),
      fix: `Leave ${name}.until out where inputs never end.`,
    });
  const driven = preparation + (until ?? time);
  if (driven === 0)
    fail(where, {
      expected: `${name}.until of at least 1 without a preparatory period`,
      got: "0: no bin with inputs",
      fix: "Pass network.preparation, the bins before the first recorded one, or inputs: 0.",
    });
  return { conditions: conditions.rows, conditionCount: conditions.count, time: preparation + time, driven };
}

function coursesOf(where: string, { smoothness }: GivenInputs, { driven }: DrivenBins): Courses | undefined {
  if (smoothness === undefined) return undefined;
  return smoothCourses(where, driven, typeof smoothness === "number" ? { length: smoothness } : smoothness);
}

/** The prior of d: that of the weights unless told, and smooth where weights do not change. */
function changeOf(where: string, name: string, given: GivenInputs, setting: InputSetting) {
  const { trialKernel: ofWeights, conditions, epochs } = setting,
    fixed = typeof ofWeights === "function" && ofWeights.description.kind === "fixedTrialFactors",
    kernel = given.trialKernel ?? (fixed ? {} : ofWeights),
    factors = readTrialFactors(where, `${name}.trialKernel`, kernel, conditions.rows.length, epochs);
  return { factors, kernel: trialKernelOption(kernel, factors.description) };
}

/** A controller with its defaults, whose Euler steps do not overshoot. */
function readController(
  where: string,
  name: string,
  { units, layers, tau: given }: NonNullable<GivenInputs["controller"]>,
  { driven }: DrivenBins,
  { dt }: InputSetting,
) {
  const tau = given ?? Math.min(Math.max(driven, dt), 1e6 * dt);
  if (dt > tau || dt < 1e-6 * tau)
    fail(where, {
      expected: `${name}.controller.tau from network.dt = ${dt} to a million times as much`,
      got: String(tau),
      fix: "Pass the time constant of the controller in bins.",
    });
  return { units, layers: [...layers], tau };
}
