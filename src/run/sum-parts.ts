import { mapParams, zerosFor, type Params, type Tensor3 } from "../tensor";
import type { GradientPart } from "./gradient-part";
import type { Run } from "./run-panels";

/** The sums over all parts, in the order of their trials, in the arrays of the first. */
export function sumParts(where: string, parts: readonly GradientPart[], shape: Tensor3["shape"]): GradientPart {
  const [first, ...rest] = parts,
    inputGradients = zerosFor(where, shape);
  let offset = 0;
  for (const { inputGradients: part } of parts) {
    inputGradients.data.set(part.data, offset);
    offset += part.data.length;
  }
  const sums = arraysOf(first.run);
  for (const { run } of rest)
    arraysOf(run).forEach((array, a) => {
      for (let i = 0; i < array.length; i++) sums[a][i] += array[i];
    });
  const sumOf = (of: (part: GradientPart) => number) => parts.reduce((sum, part) => sum + of(part), 0);
  const values = {
    loss: sumOf((part) => part.values.loss),
    ...(first.values.validationLoss === undefined
      ? {}
      : { validationLoss: sumOf((part) => part.values.validationLoss as number) }),
    ...(first.values.penalty === undefined ? {} : { penalty: sumOf((part) => part.values.penalty as number) }),
    ...(first.values.customGradients === undefined ? {} : { customGradients: sumOfLoss(parts) }),
  };
  return { ...first, values, inputGradients };
}

/** Every array of a run, always in one order. */
export const arraysOf = ({ shared, perTrial, x0 }: Run): Float64Array[] => [
  shared.left,
  shared.right,
  shared.static,
  shared.filterGain,
  shared.wIn,
  shared.bias,
  shared.readout,
  shared.readoutGain,
  shared.readoutBias,
  perTrial,
  x0,
];

/** The gradients in what the loss itself learns. */
const sumOfLoss = (parts: readonly GradientPart[]): Params =>
  parts
    .map(({ values }) => values.customGradients as Params)
    .reduce((sum, part) => mapParams(sum, (data, name) => data.map((x, i) => x + (part[name]?.data[i] ?? 0))));
