import { add, customGrad, matMul, reshape, sum, transpose, type Tensor, type Tensor2D } from "@tensorflow/tfjs-core";
import { fail } from "../base";
import { checkBackend, checkTfjs } from "./transfer";

/**
 * `x w + b` over the last mode of x, with gradients in all three that multiply matrices only after transposing them:
 * tfjs's own gradient of matMul multiplies transposed operands in place, which its wasm backend does many times slower.
 * The numbers are the same.
 *
 * @param x - (… × n), up to six modes
 * @param w - (n × m)
 * @param b - (m), or none
 * @returns (… × m)
 * @throws LtrnnError when an argument is no tfjs tensor, shapes disagree, or no backend is ready
 * @remarks O(rows · n · m), three times that with the gradient; there is no second derivative.
 * @example linear(toTfjs(tensor([1, 1, 2], [1, 2])), toTfjs(tensor([2, 1], [3, 4])), toTfjs(tensor([1],
 * [5]))).dataSync() // Float32Array [16]
 */
export function linear<T extends Tensor>(x: T, w: Tensor, b?: Tensor): T {
  checkArguments(x, w, b);
  const [n, m] = w.shape,
    result = [...x.shape.slice(0, -1), m];
  const op = customGrad((...given) => {
    // tfjs passes the operands, and last a function that saves tensors for the gradient
    const save = given[given.length - 1] as unknown as (saved: Tensor[]) => void,
      [input, weights, bias] = given.slice(0, -1) as unknown as [Tensor, Tensor2D, Tensor | undefined];
    const rows = reshape(input, [-1, n]) as Tensor2D,
      product = matMul(rows, weights);
    save([rows, weights]);
    return {
      value: reshape(bias ? add(product, bias) : product, result),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [savedRows, savedWeights] = saved as [Tensor2D, Tensor2D],
          d = reshape(dy, [-1, m]) as Tensor2D;
        const dInput = reshape(matMul(d, transpose(savedWeights)), x.shape),
          dWeights = matMul(transpose(savedRows), d);
        return b ? [dInput, dWeights, sum(d, 0)] : [dInput, dWeights];
      },
    };
  });
  return op(...(b ? [x, w, b] : [x, w])) as T;
}

function checkArguments(x: unknown, w: unknown, b: unknown): void {
  checkBackend("linear");
  checkTfjs("linear", "x", x);
  checkTfjs("linear", "w", w);
  if (x.shape.length < 1 || x.shape.length > 6 || w.shape.length !== 2 || w.shape[0] !== x.shape[x.shape.length - 1])
    fail("linear", {
      expected: "x (… × n) of one to six modes, and w (n × m)",
      got: `(${x.shape.join(" × ")}) and (${w.shape.join(" × ")})`,
      fix: "The last mode of x and the first of w are summed over.",
    });
  if (b === undefined) return;
  checkTfjs("linear", "b", b);
  if (b.shape.length !== 1 || b.shape[0] !== w.shape[1])
    fail("linear", {
      expected: `b of shape (${w.shape[1]})`,
      got: `(${b.shape.join(" × ")})`,
      fix: "Pass one entry per column of w.",
    });
}
