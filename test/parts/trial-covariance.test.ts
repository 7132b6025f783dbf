import { expect, test } from "vitest";
import { gaussianTrialFactors, smoothModel, trialCovariance } from "../../src/parts";
import { tensor, zeros } from "../../src/tensor";

test("the rational quadratic is that of its formula, also at a large exponent", () => {
  // Python's decimal with 50 digits: (1 + d²/(2 a l²))^-a
  for (const [d, length, alpha, want] of [
    [1, 3, 1e9, 0.9459594689082252],
    [7, 3, 1e9, 0.06572852886007091],
    [2, 1, 0.5, 0.4472135954999579],
    [3, 2, 2.5, 0.39498444639115327],
  ]) {
    const got = trialCovariance([0, d], { length, alpha }).data[1];
    expect(Math.abs(got / want - 1)).toBeLessThan(1e-14);
  }
});

test("extreme numbers give finite covariances", () => {
  expect([...trialCovariance([0, 1e150], { length: 1e-300, alpha: 1e-300 }).data]).toEqual([1, 1, 1, 1]);
  expect(trialCovariance([0, 1e100], { length: 1, alpha: 2 }).data[1]).toBe(0);
  expect(trialCovariance([0, 1], { length: 1, sigma: 1e150 }).data.every(Number.isFinite)).toBe(true);
});

test("epochs are labels of any kind", () => {
  const want = trialCovariance([0, 1, 2], { length: 2 }, [0, 0, 1]);
  expect(want.data[2]).toBe(0);
  for (const epochs of [["a", "a", "b"], [false, false, true], BigInt64Array.of(3n, 3n, 4n)])
    expect(trialCovariance([0, 1, 2], { length: 2 }, epochs)).toEqual(want);
});

test("wrong shapes and kernels are refused by name", () => {
  const message = (call: () => unknown) => {
    try {
      call();
    } catch (error) {
      return (error as Error).message;
    }
    return "accepted";
  };
  expect(message(() => trialCovariance([0, 1], { length: 1, alfa: 2 } as never))).toContain("Did you mean alpha?");
  expect(message(() => trialCovariance([0, 1], {} as never))).toContain("expected kernel.length to be given");
  expect(message(() => trialCovariance([0, Number.NaN], { length: 1 }))).toContain("got NaN at position 1");
  expect(message(() => trialCovariance("ab" as never, { length: 1 }))).toContain('got "ab"');
  expect(message(() => trialCovariance(new Array(200_000).fill(1), { length: 1 }))).toContain("1 to 16384 trials");
  expect(message(() => trialCovariance([0, 1], { length: 1 }, [1]))).toContain("expected 2 epochs, one per trial");
  expect(message(() => gaussianTrialFactors(zeros([2, 3])))).toContain("expected covariance (trials × trials)");
  expect(message(() => gaussianTrialFactors(tensor([2, 2], [1, 0.5, 0, 1])))).toContain("a symmetric covariance");
  expect(message(() => gaussianTrialFactors(tensor([2, 2], [1, 2, 2, 1])))).toContain("a positive definite covariance");
  expect(message(() => gaussianTrialFactors(tensor([1, 1], [1]), 0.1 as never))).toContain(
    "a record { jitter, epochs, constants, basis }",
  );
  const factors = gaussianTrialFactors(trialCovariance([0, 1, 2], { length: 2 }));
  expect(message(() => factors({ z: zeros([2, 1]), m: zeros([1]) }))).toContain("expected z (3 trials × rank)");
  expect(message(() => factors({ z: zeros([3, 2]), m: zeros([1]) }))).toContain("expected m of shape (2)");
  expect(message(() => factors({ z: zeros([3, 2]), m: zeros([2]) })[1](zeros([4, 2])))).toContain(
    "expected dc of shape (3 × 2)",
  );
  const free = {
    a: zeros([4, 2]),
    b: zeros([4, 2]),
    z: zeros([3, 2]),
    m: zeros([2]),
    wIn: zeros([4, 1]),
    x0: zeros([1, 4]),
  };
  expect(smoothModel(free, factors, { tau: 2 })[0].trials).toBe(3);
  expect(message(() => smoothModel({ ...free, z: zeros([2, 2]) }, factors, {}))).toContain(
    "expected z of shape (3 × 2)",
  );
  expect(message(() => smoothModel({ ...free, z: zeros([3, 1]) }, factors, {}))).toContain(
    "expected z of shape (3 × 2)",
  );
  expect(message(() => smoothModel({ ...free, m: zeros([3]) }, factors, {}))).toContain("expected m of shape (2)");
  expect(message(() => smoothModel({ ...free, b: zeros([4, 1]) }, factors, {}))).toContain(
    "expected b of shape (4 × 2)",
  );
  expect(message(() => smoothModel(null as never, factors, {}))).toContain("got null");
});
