import { checksum } from "../base";
import type { LowTensorRankRNN } from "../models";
import type { LowTensorRankFit } from "../fit";
import type { NetworkSpan } from "./network-span";
import {
  biasChanges,
  columnChanges,
  inputChanges,
  inputWeightChanges,
  rowChanges,
  startChanges,
  unitColumnsOf,
} from "./network-tangents";
import type { Tangent } from "./tangent";

/** What trials share and a fit estimates beside trial factors, as tangents. */
export interface SharedTangents {
  /** those that move a trial, the same in each */
  readonly tangents: readonly Tangent[];
  /** how many numbers they stand for, since each initial state and each course of inputs has its own */
  readonly count: number;
  /** which of these numbers each tangent of a trial is */
  indices(trial: number): readonly number[];
  /** whether inputs are among them */
  readonly inputs: boolean;
}

/**
 * Everything that trials share, within the span of the network as the fit has it: column factors, input weights, bias
 * and initial states along all columns of the span; row factors along the principal directions of the rates; and inputs
 * that were learned, in every bin of every condition.
 */
export function sharedTangents(model: LowTensorRankRNN, span: NetworkSpan, fit: LowTensorRankFit): SharedTangents {
  const columns = unitColumnsOf(span),
    size = stateSize(fit, model),
    everywhere = [
      ...columnChanges(model, span, columns),
      ...rowChanges(model, span),
      ...inputWeightChanges(span, columns),
      ...(model.params.bias ? biasChanges(columns, size) : []),
    ],
    starts = startChanges(columns, size),
    startsBegin = everywhere.length,
    courses = inputCourses(fit),
    inputs = courses ? inputChanges(span, fit.inputs) : [],
    inputsBegin = startsBegin + (Math.max(...fit.conditions) + 1) * starts.length,
    counted = (length: number, from: number) => Array.from({ length }, (_, i) => from + i);
  return {
    tangents: [...everywhere, ...starts, ...inputs],
    count: inputsBegin + (courses ? (Math.max(...courses) + 1) * inputs.length : 0),
    indices: (trial) => [
      ...everywhere.keys(),
      ...counted(starts.length, startsBegin + fit.conditions[trial] * starts.length),
      ...counted(inputs.length, inputsBegin + (courses?.[trial] ?? 0) * inputs.length),
    ],
    inputs: courses !== undefined,
  };
}

/**
 * Which course of learned inputs each trial has; undefined where inputs are known, or where there are more courses than
 * conditions, as where inputs change over trials.
 */
function inputCourses({ inputs, conditionLabels, provenance }: LowTensorRankFit): readonly number[] | undefined {
  const [trials, time, count] = inputs.shape,
    size = time * count,
    { inputs: made } = provenance.facts as { readonly inputs?: { readonly kind?: unknown } },
    seen = new Map<string, number>();
  if (made?.kind === "knownInputs" || count === 0) return undefined;
  const courses = Array.from({ length: trials }, (_, k) => {
    const key = checksum(inputs.data.subarray(k * size, (k + 1) * size));
    if (!seen.has(key)) seen.set(key, seen.size);
    return seen.get(key) as number;
  });
  return seen.size <= conditionLabels.length ? courses : undefined;
}

/** The root mean square length of what drives states: inputs, and initial states. */
function stateSize({ inputs }: LowTensorRankFit, { units, params: { wIn, x0 } }: LowTensorRankRNN): number {
  const [trials, time, count] = inputs.shape;
  let squares = x0.data.reduce((sum, x) => sum + x * x, 0) / x0.shape[0];
  for (let m = 0; m < count; m++) {
    let ofInput = 0,
      ofWeights = 0;
    for (let index = m; index < inputs.data.length; index += count) ofInput += inputs.data[index] * inputs.data[index];
    for (let i = 0; i < units; i++) ofWeights += wIn.data[i * count + m] * wIn.data[i * count + m];
    squares += (ofInput / trials / time) * ofWeights;
  }
  return Math.sqrt(squares) || 1;
}
