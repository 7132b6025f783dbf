import { add, customGrad, matMul, reshape, sum, transpose, type Tensor, type Tensor2D } from "@tensorflow/tfjs-core";
import { fail } from "../base";
import { checkBackend } from "./convert";

/**
 * `x w + b` over the last mode of x, with gradients in all three that multiply matrices only after transposing them: tfjs's own gradient of
 * matMul multiplies transposed operands in place, which its wasm backend does many times slower. The numbers are the same.
 *
 * @param x - (… × n), up to six modes
 * @param w - (n × m)
 * @param b - (m), or none
 * @returns (… × m)
 * @throws LtrnnError when shapes disagree, or no backend is ready
 * @remarks O(rows · n · m), three times that with the gradient; the gradient has no gradient of its own.
 * @example linear(toTfjs(tensor([1, 1, 2], [1, 2])), toTfjs(tensor([2, 1], [3, 4])), toTfjs(tensor([1], [5]))).dataSync() // Float32Array [16]
 */
export function linear<T extends Tensor>(x: T, w: Tensor, b?: Tensor): T {
  checkBackend("linear");
  const n = x.shape[x.shape.length - 1];
  if (x.shape.length < 1 || w.shape.length !== 2 || w.shape[0] !== n)
    fail("linear", {
      expected: "x (… × n) and w (n × m)",
      got: `(${x.shape.join(" × ")}) and (${w.shape.join(" × ")})`,
      fix: "The last mode of x and the first of w are summed over.",
    });
  const m = w.shape[1];
  if (b && (b.shape.length !== 1 || b.shape[0] !== m))
    fail("linear", {
      expected: `b of shape (${m})`,
      got: `(${b.shape.join(" × ")})`,
      fix: "One entry per column of w.",
    });
  const op = customGrad((...all) => {
    const [x0, w0, b0, save] = (b ? all : [all[0], all[1], undefined, all[2]]) as unknown as [
      Tensor,
      Tensor2D,
      Tensor | undefined,
      (saved: Tensor[]) => void,
    ];
    const rows = reshape(x0, [-1, n]) as Tensor2D,
      product = matMul(rows, w0);
    save([rows, w0]);
    return {
      value: reshape(b0 ? add(product, b0) : product, [...x.shape.slice(0, -1), m]),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [h, weights] = saved as [Tensor2D, Tensor2D],
          d = reshape(dy, [-1, m]) as Tensor2D;
        return [reshape(matMul(d, transpose(weights)), x.shape), matMul(transpose(h), d), ...(b ? [sum(d, 0)] : [])];
      },
    };
  });
  return op(...[x, w, ...(b ? [b] : [])]) as T;
}
