import type { LowTensorRankRNN } from "../models";
import type { ChangingInputs } from "../parts";
import type { Tensor, Tensor3 } from "../tensor";

/** A network, what drives it, and the factors of those inputs that change over trials. */
export interface DrivenNetwork {
  readonly model: LowTensorRankRNN;
  readonly inputs: Tensor3;
  readonly changing: ChangingInputs;
}

/**
 * The same network with the inputs that change in a canonical form: the largest entries of their weights and of v are
 * positive, and they are in descending order of the mean square of d, in the columns that they have among all inputs.
 */
export function inCanonicalInputs({ model, inputs, changing }: DrivenNetwork): DrivenNetwork {
  const { columns, d, v } = changing,
    own = columns.map((_, r) => r),
    ofWeights = columns.map((column) => largestSign(model.params.wIn, column)),
    ofCourses = own.map((r) => largestSign(v, r)),
    strength = own.map((r) => squares(d, r)),
    order = [...own].sort((r, s) => strength[s] - strength[r] || r - s);
  const among = <T extends Tensor>(x: T): T =>
    replaced(
      x,
      columns,
      order.map((r) => columns[r]),
      order.map((r) => ofWeights[r]),
    );
  const apart = <T extends Tensor>(x: T, signs: readonly number[]): T =>
    replaced(
      x,
      own,
      order,
      order.map((r) => signs[r]),
    );
  return {
    model: model.with({ params: { wIn: among(model.params.wIn) } }),
    inputs: among(inputs),
    changing: {
      columns,
      d: apart(
        d,
        own.map((r) => ofWeights[r] * ofCourses[r]),
      ),
      v: apart(v, ofCourses),
    },
  };
}

/** The columns `to` are the columns `from`, times signs; columns are along the last mode. */
function replaced<T extends Tensor>(x: T, to: readonly number[], from: readonly number[], signs: readonly number[]): T {
  const count = x.shape[x.shape.length - 1],
    data = x.data.slice();
  for (let begin = 0; begin < data.length; begin += count)
    for (const [j, column] of to.entries()) {
      const value = x.data[begin + from[j]];
      data[begin + column] = signs[j] < 0 ? 0 - value : value; // no -0
    }
  return { ...x, data };
}

function squares({ shape, data }: Tensor, column: number): number {
  let sum = 0;
  for (let index = column; index < data.length; index += shape[shape.length - 1]) sum += data[index] * data[index];
  return sum;
}

/** Of the entry of largest size; 1 for a column of zeros. */
function largestSign({ shape, data }: Tensor, column: number): number {
  let largest = 0;
  for (let index = column; index < data.length; index += shape[shape.length - 1])
    if (Math.abs(data[index]) > Math.abs(largest)) largest = data[index];
  return largest < 0 ? -1 : 1;
}
