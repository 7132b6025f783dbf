import { checkAbove, fail } from "../base";
import { activations, type Activation } from "../kernels";
import { checkTensor, type Matrix, type Params, type Vector } from "../tensor";

/** The parameters that every network has, whatever its recurrent weights are made of. */
export type SharedParams = {
  /** input weights (units × inputs) */
  readonly wIn: Matrix;
  /** initial states (1 × units) for all trials, or one row per trial, or one per condition */
  readonly x0: Matrix;
  /** input bias (units); absent: none */
  readonly bias?: Vector;
  /** C (outputs × units); absent: the outputs are what is read, unit by unit */
  readonly readout?: Matrix;
  /** d (outputs); absent: none */
  readonly readoutBias?: Vector;
};

/** What is set about a network, and does not learn. */
export interface Setting {
  /** time constant of every unit, in the unit of dt */
  readonly tau: number;
  readonly phi: Activation;
  /** what the readout sees: `y = C phi(x) + d` or `y = C x + d` */
  readonly reads: "rates" | "states";
}

/** tau = 1, tanh, rates read out. */
export const defaultSetting: Setting = { tau: 1, phi: "tanh", reads: "rates" };

/** Which parameters make the recurrent weights: W = left, or left right', or left diag(a row of perTrial) right'. */
export interface Connectivity {
  /** (units × units) alone, (units × rank) with right */
  readonly left: string;
  /** (units × rank) */
  readonly right?: string;
  /** (trials × rank) */
  readonly perTrial?: string;
}

/** Anything that the scan can run: shared parameters, a setting, and which parameters its recurrent weights are made of. */
export interface Network {
  readonly params: Params & SharedParams;
  readonly setting: Setting;
  readonly units: number;
  readonly connectivity: Connectivity;
  /** how many trials have weights of their own; undefined where all share theirs */
  readonly trials?: number;
  /** W^(k), (units × units), row = postsynaptic */
  weights(trial?: number): Matrix;
}

/** A network as plain data: what a run needs of it, and what goes to another thread. */
export type NetworkRecord = Omit<Network, "weights">;

export const networkRecord = ({ params, setting, units, connectivity, trials }: NetworkRecord): NetworkRecord => ({
  params,
  setting,
  units,
  connectivity,
  trials,
});

/** Refuse a setting that no scan can run. */
export const checkSetting = (where: string, { tau, phi, reads }: Setting): void => {
  checkAbove(where, "tau", tau, 0);
  if (!activations.includes(phi))
    fail(where, {
      expected: `phi to be one of ${activations.join(", ")}`,
      got: String(phi),
      fix: "Name one of these.",
    });
  if (reads !== "rates" && reads !== "states")
    fail(where, { expected: 'reads to be "rates" or "states"', got: String(reads), fix: "Name one of the two." });
};

/** Refuse parameters whose shapes do not agree with `units` and with each other. */
export function checkShared(where: string, units: number, params: SharedParams): void {
  const { wIn, x0, bias, readout, readoutBias } = params;
  const expectSize = (name: string, got: number, want: number, what: string) => {
    if (got !== want)
      fail(where, {
        expected: `${what} of ${name} to be ${want}`,
        got: String(got),
        fix: "Give every parameter the same number of units.",
      });
  };
  checkTensor(where, "wIn", wIn, 2);
  expectSize("wIn", wIn.shape[0], units, "the rows");
  checkTensor(where, "x0", x0, 2);
  expectSize("x0", x0.shape[1], units, "the columns");
  if (x0.shape[0] < 1)
    fail(where, { expected: "at least one row in x0", got: "none", fix: "Use zeros([1, units]) for a start at rest." });
  if (bias) {
    checkTensor(where, "bias", bias, 1);
    expectSize("bias", bias.shape[0], units, "the length");
  }
  if (readout) {
    checkTensor(where, "readout", readout, 2);
    expectSize("readout", readout.shape[1], units, "the columns");
  }
  if (readoutBias) {
    checkTensor(where, "readoutBias", readoutBias, 1);
    expectSize("readoutBias", readoutBias.shape[0], readout ? readout.shape[0] : units, "the length");
  }
}
