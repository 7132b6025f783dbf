import type { FieldsOf } from "../base";
import { checkPlantParts, integrators, type Integrator, type Plant, type Precision } from "../kernels";
import { innovationFields, type CountInnovation } from "../losses";
import type { Tensor3 } from "../tensor";

/**
 * Additive noise on the states: `sigma sqrt(2 dt / tau) xi`, so that a unit without recurrence has a
 * stationary standard deviation of about sigma.
 */
export interface ProcessNoise {
  readonly sigma: number;
  readonly seed: number;
  /**
   * which of the seed's independent draws. Default 0; in training, the number of updates so far, so that every update
   * has other noise: give a number to train with a single draw
   */
  readonly draw?: number | undefined;
}

/** Observations, which correct the states of a network that has a filter gain. */
export interface Observed {
  /**
   * (trials × time × outputs), at y_1 .. y_T: `x_t <- x_t + G (observed_t - y_t)`, or of counts by what the option
   * `innovation` says. Absent: states are not corrected
   */
  readonly observed?: Tensor3 | undefined;
  /** 1 where something was observed; entries where it is 0 are never read, and correct nothing. Absent: everywhere */
  readonly observedMask?: Tensor3 | undefined;
}

/** How to run a network. */
export interface RunOptions extends Observed {
  /** step, in the unit of tau, at most the smallest tau; default a tenth of that */
  readonly dt?: number | undefined;
  /** default "euler"; "heun" is of second order, at twice the cost. Inputs are held over a step */
  readonly integrator?: Integrator | undefined;
  /** the precision of the states; default "float64". Sums, parameters and gradients are always float64 */
  readonly precision?: Precision | undefined;
  /** noise on the states; default none */
  readonly noise?: ProcessNoise | undefined;
  /** a body that the outputs move; see {@link Plant}; default none */
  readonly plant?: Plant | undefined;
  /**
   * how observed counts correct the states, where outputs give expected counts; absent: observations are compared with
   * the outputs themselves
   */
  readonly innovation?: CountInnovation | undefined;
  /** which trial of the model each trial of the inputs is: rows of the trial factor; default 0, 1, 2, ... */
  readonly trials?: readonly number[] | undefined;
  /** which row of x0 each trial starts from; default the only row, or 0, 1, 2, ... */
  readonly conditions?: readonly number[] | undefined;
}

const rows = { is: "list", of: { is: "whole number", least: 0 } } as const;

/** Which rows the trials of a batch are. */
export const rowFields = { trials: rows, conditions: rows } as const;

/** What process noise is made of. */
export const noiseFields = {
  sigma: { is: "number", least: 0, needed: true },
  seed: { is: "seed", needed: true },
  draw: { is: "whole number", least: 0 },
} as const satisfies FieldsOf<ProcessNoise>;

/** What every way to run a network has in common. */
export const dynamicsFields = {
  dt: { is: "number", above: 0 },
  integrator: { is: "name", of: integrators, fallback: "euler" },
  precision: { is: "name", of: ["float64", "float32"], fallback: "float64" },
  noise: { is: "record", of: noiseFields },
  plant: { is: "checked", check: checkPlantParts },
  innovation: { is: "record", of: innovationFields },
} as const;

const checkedLater = { is: "checked", check: () => {} } as const;

/** Tensors are checked where the sizes that they must have are known. */
export const observedFields = { observed: checkedLater, observedMask: checkedLater } as const;

export const runFields = () =>
  ({ ...dynamicsFields, ...rowFields, ...observedFields }) as const satisfies FieldsOf<RunOptions>;
