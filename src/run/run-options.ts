import type { FieldsOf } from "../base";
import { checkPlant, integrators, type Integrator, type Plant, type Precision } from "../kernels";

/**
 * Additive noise on the states: `sigma sqrt(2 dt / tau) xi`, so that a unit without recurrence has a standing
 * deviation of about sigma.
 */
export interface ProcessNoise {
  readonly sigma: number;
  readonly seed: number;
}

/** How to run a network. */
export interface RunOptions {
  /** step, in the unit of tau, at most tau; default tau / 10 */
  readonly dt?: number | undefined;
  /** default "euler"; "heun" is of second order, at twice the cost. Inputs are held over a step */
  readonly integrator?: Integrator | undefined;
  /** what the states are computed in; default "float64". Sums, parameters and gradients are float64 always */
  readonly precision?: Precision | undefined;
  readonly noise?: ProcessNoise | undefined;
  /** a body that the outputs move; see {@link Plant} */
  readonly plant?: Plant | undefined;
  /** which trial of the model each trial of the inputs is: rows of the trial factor; default 0, 1, 2, ... */
  readonly trials?: readonly number[] | undefined;
  /** which row of x0 each trial starts from; default the only row, or 0, 1, 2, ... */
  readonly conditions?: readonly number[] | undefined;
}

const rows = { is: "list", of: { is: "whole number", least: 0 } } as const;

/** Which rows the trials of a batch are. */
export const rowFields = { trials: rows, conditions: rows } as const;

/** What every way to run a network has in common. */
export const dynamicsFields = {
  dt: { is: "number", above: 0 },
  integrator: { is: "name", of: integrators, fallback: "euler" },
  precision: { is: "name", of: ["float64", "float32"], fallback: "float64" },
  noise: {
    is: "record",
    of: { sigma: { is: "number", least: 0, needed: true }, seed: { is: "seed", needed: true } },
  },
  plant: { is: "checked", check: checkPlant },
} as const;

export const runFields = () => ({ ...dynamicsFields, ...rowFields }) as const satisfies FieldsOf<RunOptions>;
