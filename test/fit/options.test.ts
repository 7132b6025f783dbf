import { expect, test } from "vitest";
import { fitLowTensorRank, type FitOptions } from "../../src/fit";
import { zeros, type Tensor3 } from "../../src/tensor";
import { draw } from "../support/sweep";

const x = draw(1).normal([6, 5, 3], 0.3);
const message = async (options: unknown, activity: Tensor3 = x, rank = 1): Promise<string> => {
  try {
    await fitLowTensorRank(activity, rank, options as FitOptions);
  } catch (error) {
    return (error as Error).message;
  }
  return "accepted";
};

test.each([
  [{ steps: 5 }, "got the unknown name steps. Did you mean training.steps?"],
  [{ phi: "relu" }, "Did you mean network.phi?"],
  [
    { training: { step: 5 } },
    "fitLowTensorRank: expected training by known names, got the unknown name step. Did you mean steps?",
  ],
  [5, "expected options to be a record"],
  [null, "got null"],
  [
    { training: { signal: new AbortController() } },
    "expected training.signal to be an AbortSignal, such as controller.signal, got a AbortController",
  ],
  [{ seed: "run-7" }, "expected seed to be a finite number to seed with"],
  [{ training: { starts: 0 } }, "expected training.starts to be a whole number of at least 1"],
  [{ decoder: "identiy" }, 'expected decoder to be "linear", "orthogonal", "identity", or a head'],
  [{ inputs: 1.5 }, "expected inputs to be a tensor (trials × time × inputs), or a whole number of inputs to learn"],
  [{ mask: null }, "expected mask to be a tensor"],
  [{ network: { dt: 3 } }, "expected network.dt from a millionth of network.tau = 2 to 2, got 3"],
  [{ network: { units: 2 ** 40 } }, "expected at most 134217728 parameters to fit"],
  [{ conditions: [1, Number.NaN, 1, 1, 1, 1] }, "got NaN for trial 1"],
  [{ conditions: new Array(6) }, "got undefined for trial 0"],
  [{ epochs: { shape: [6], data: new Float64Array(6) } }, "Pass the entries of the tensor, its data, as epochs."],
  [{ network: { trialKernel: { length: -1 } } }, "expected network.trialKernel.length to be a finite number above 0"],
])("%o is refused", async (options, words) => {
  expect(await message(options)).toContain(words);
});

test("masks hold 0 and 1 only, and may not overlap", async () => {
  const mask = zeros(x.shape);
  mask.data.fill(1);
  mask.data[7] = Number.NaN;
  expect(await message({ mask })).toContain("expected mask to hold 0 and 1 only, got NaN at index [0, 2, 1]");
  mask.data[7] = 255;
  expect(await message({ mask })).toContain("got 255 at index [0, 2, 1]");
  mask.data[7] = 1;
  expect(await message({ mask, validation: mask })).toContain(
    "expected a validation mask disjoint from the training mask, got 1 in both at index [0, 0, 0]",
  );
});

test("labels keep their type in the result, and make the fit that numbers make", async () => {
  const options = { network: { units: 4 }, training: { steps: 3, starts: 1 } };
  const numbers = await fitLowTensorRank(x, 1, { ...options, conditions: [0, 1, 0, 1, 0, 1] });
  expect(numbers.conditionLabels).toEqual([0, 1]);
  const texts = await fitLowTensorRank(x, 1, {
    ...options,
    conditions: ["left", "right", "left", "right", "left", "right"],
    epochs: ["base", "base", "base", "base", "base", "base"],
  });
  expect(texts.conditionLabels).toEqual(["left", "right"]);
  expect(texts.prediction).toEqual(numbers.prediction);
  const typed = await fitLowTensorRank(x, 1, { ...options, conditions: BigInt64Array.of(0n, 1n, 0n, 1n, 0n, 1n) });
  expect(typed.conditionLabels).toEqual([0n, 1n]);
  expect(typed.prediction).toEqual(numbers.prediction);
});

test("a start that diverges is listed with the reason, and the others go on", async () => {
  const { chain, scaleByRate } = await import("../../src/optim");
  const fit = await fitLowTensorRank(x, 1, {
    network: { units: 4, phi: "relu" },
    training: { steps: 30, starts: 1, optimizer: chain(scaleByRate(1e80)) },
  });
  expect(fit.status).toBe("diverged");
  expect(fit.starts[0].divergence?.reason).toMatch(/became|trial/);
  expect(fit.prediction.data.every(Number.isFinite)).toBe(true);
});
