import { fail, readOptions, show, type FieldsOf } from "../base";
import { checkTensor, type Params } from "../tensor";
import type { SharedParams } from "./network";

const checkMatrix = (where: string, name: string, value: unknown) => checkTensor(where, name, value, 2);
const checkVector = (where: string, name: string, value: unknown) => checkTensor(where, name, value, 1);

/** A parameter that a model cannot do without. */
export const matrixField = { is: "checked", check: checkMatrix, needed: true } as const;

/** A parameter that may be absent. */
export const optionalMatrixField = { is: "checked", check: checkMatrix } as const;

/** The parameters that all models share. */
export const sharedFields = {
  wIn: matrixField,
  x0: matrixField,
  bias: { is: "checked", check: checkVector },
  readout: { is: "checked", check: checkMatrix },
  readoutGain: { is: "checked", check: checkVector },
  readoutBias: { is: "checked", check: checkVector },
  filterGain: { is: "checked", check: checkMatrix },
} as const satisfies FieldsOf<SharedParams>;

/** Parameters by known names, each a tensor with as many modes as it should have; absent ones are left out. */
export function readParams<P extends Params>(where: string, given: P, fields: FieldsOf<P>): P {
  const read = readOptions<P, FieldsOf<P>>(where, given, fields, "params") as Params;
  const names = Object.keys(given).filter((name) => read[name] !== undefined); // in the order given
  return Object.fromEntries(names.map((name) => [name, read[name]])) as unknown as P;
}

/** Refuse shared parameters whose sizes disagree with the number of units, or with each other. */
export function checkSharedSizes(where: string, units: number, params: SharedParams): void {
  const { wIn, x0, bias, readout, readoutGain, readoutBias, filterGain } = params;
  const expectSize = (what: string, size: number, expected: number) => {
    if (size === expected) return;
    fail(where, {
      expected: `${what} to be ${expected}`,
      got: show(size),
      fix: `Give every parameter the same number of units, ${units}.`,
    });
  };
  if (units < 1) fail(where, { expected: "at least one unit", got: "none", fix: "Pass weights with rows." });
  expectSize("the rows of wIn", wIn.shape[0], units);
  expectSize("the columns of x0", x0.shape[1], units);
  if (x0.shape[0] < 1)
    fail(where, { expected: "at least one row in x0", got: "none", fix: "Use zeros([1, units]) for a start at rest." });
  if (bias) expectSize("the length of bias", bias.shape[0], units);
  if (readout) expectSize("the columns of readout", readout.shape[1], units);
  const outputs = readout ? readout.shape[0] : units;
  if (outputs < 1) fail(where, { expected: "at least one output", got: "none", fix: "Leave the readout out." });
  if (readoutGain) expectSize("the length of readoutGain", readoutGain.shape[0], outputs);
  if (readoutBias) expectSize("the length of readoutBias", readoutBias.shape[0], outputs);
  if (filterGain) {
    expectSize("the rows of filterGain", filterGain.shape[0], units);
    expectSize("the columns of filterGain", filterGain.shape[1], outputs);
  }
}

/** Refuse shared parameters that are no tensors of their modes, or whose sizes disagree. */
export function checkShared(where: string, units: number, params: SharedParams): void {
  checkMatrix(where, "wIn", params.wIn);
  checkMatrix(where, "x0", params.x0);
  if (params.bias !== undefined) checkVector(where, "bias", params.bias);
  if (params.readout !== undefined) checkMatrix(where, "readout", params.readout);
  if (params.readoutGain !== undefined) checkVector(where, "readoutGain", params.readoutGain);
  if (params.readoutBias !== undefined) checkVector(where, "readoutBias", params.readoutBias);
  if (params.filterGain !== undefined) checkMatrix(where, "filterGain", params.filterGain);
  checkSharedSizes(where, units, params);
}
