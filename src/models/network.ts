import type { AnyActivation } from "../kernels";
import type { Matrix, Params, Vector } from "../tensor";

/** The parameters that every network has, whatever its recurrent weights are made of. */
export type SharedParams = {
  /** input weights (units × inputs) */
  readonly wIn: Matrix;
  /** initial states (1 × units) for all trials, or one row per trial, or one per condition */
  readonly x0: Matrix;
  /** input bias (units); absent: none */
  readonly bias?: Vector | undefined;
  /** C (outputs × units); absent: the outputs are the rates or states, unit by unit */
  readonly readout?: Matrix | undefined;
  /** g (outputs), a factor of each output: `y = g * C h + d`; absent: 1 */
  readonly readoutGain?: Vector | undefined;
  /** d (outputs); absent: none */
  readonly readoutBias?: Vector | undefined;
  /**
   * G (units × outputs): where a run is given observations, they correct the states by
   * `x_t <- x_t + G (observed_t - y_t)`; absent: no run of the network can be
   */
  readonly filterGain?: Matrix | undefined;
};

/** The settings of a network, which are not trained. */
export interface Setting {
  /** time constant of all units, or of each (units), in the unit of dt */
  readonly tau: number | Vector;
  /** by name, or custom functions */
  readonly phi: AnyActivation;
  /** what the readout is applied to, rates or states: `y = C phi(x) + d` or `y = C x + d` */
  readonly reads: "rates" | "states";
}

/** tau = 1, tanh, rates read out. */
export const defaultSetting: Setting = { tau: 1, phi: "tanh", reads: "rates" };

/** Some of the keys of a record; undefined counts as absent. */
export type Some<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** What `with` of a model changes. */
export interface Change<P> extends Some<Setting> {
  /** default as they are */
  readonly params?: Some<P> | undefined;
}

/**
 * Which parameters make the recurrent weights: W = left, or left right', or left diag(a row of perTrial) right' +
 * static.
 */
export interface Connectivity {
  /** (units × units) alone, (units × rank) with right */
  readonly left: string;
  /** (units × rank) */
  readonly right?: string;
  /** (trials × rank) */
  readonly perTrial?: string;
  /** (units × units), added to weights of low rank in every trial, where the parameter is there */
  readonly static?: string;
}

/** What the scan runs: shared parameters, a setting, and which parameters its recurrent weights are made of. */
export interface Network {
  readonly params: Params & SharedParams;
  readonly setting: Setting;
  readonly units: number;
  readonly connectivity: Connectivity;
  /** how many trials have weights of their own; undefined where all trials share theirs */
  readonly trials?: number;
  /** W^(k), (units × units), row = postsynaptic */
  weights(trial?: number): Matrix;
}

/** A network as plain data: what a run needs of it, and what is sent to another thread. */
export type NetworkRecord = Omit<Network, "weights">;
