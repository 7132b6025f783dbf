import { fail } from "../base";
import { checkFinite, checkTensor, type Matrix } from "../tensor";

/** Refuse what is no covariance of trials: (trials × trials), finite, symmetric. */
export function checkCovariance(where: string, covariance: Matrix): void {
  checkTensor(where, "covariance", covariance, 2);
  const [n, columns] = covariance.shape;
  if (n !== columns || n < 1)
    fail(where, {
      expected: "covariance (trials × trials), of at least one trial",
      got: `(${covariance.shape.join(" × ")})`,
      fix: "Build it with trialCovariance.",
    });
  checkFinite(where, "covariance", covariance);
  checkSymmetric(where, covariance, largestVariance(covariance));
}

/** The largest entry on the diagonal. */
export function largestVariance({ shape: [n], data }: Matrix): number {
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, data[i * (n + 1)]);
  return largest;
}

function checkSymmetric(where: string, { shape: [n], data }: Matrix, largest: number): void {
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++)
      if (Math.abs(data[i * n + j] - data[j * n + i]) > 1e-10 * largest)
        fail(where, {
          expected: "a symmetric covariance",
          got: `${data[i * n + j]} at index [${i}, ${j}] and ${data[j * n + i]} at [${j}, ${i}]`,
          fix: "Build it with trialCovariance.",
        });
}
