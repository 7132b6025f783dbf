import { afterEach, expect, test, vi } from "vitest";
import { simdKernels } from "../../src/kernels/simd";
import { FullRankRNN } from "../../src/models";
import { lossAndGradient, simulate } from "../../src/run";
import { zeros } from "../../src/tensor";

afterEach(() => {
  vi.restoreAllMocks();
  vi.resetModules();
});

test("an engine without SIMD runs the plain twins, to the same bits, and the result says so", async () => {
  const model = FullRankRNN.random({ units: 9, inputs: 1, outputs: 2 }, 1),
    inputs = zeros([3, 20, 1]),
    targets = zeros([3, 20, 2]);
  inputs.data.fill(0.3);
  const fast = lossAndGradient(model, { inputs, targets });
  expect(fast.provenance.facts.kernels).toBe("WebAssembly SIMD");
  vi.spyOn(WebAssembly, "validate").mockReturnValue(false);
  vi.resetModules();
  const without = await import("../../src/run");
  const slow = without.lossAndGradient(model, { inputs, targets });
  expect(slow.provenance.facts.kernels).toBe("TypeScript");
  expect(without.simulate(model, inputs).provenance.facts.kernels).toBe("TypeScript");
  expect(slow.gradients).toEqual(fast.gradients);
  expect(slow.loss).toBe(fast.loss);
});

test("the workspace does not grow with the number of runs, and nested runs do not share memory", () => {
  const model = FullRankRNN.random({ units: 9, inputs: 1, outputs: 1 }, 1),
    inputs = zeros([3, 20, 1]),
    targets = zeros([3, 20, 1]);
  const plain = lossAndGradient(model, { inputs, targets: { ...targets, data: targets.data.map(() => 0.2) } });
  const bytes = () => simdKernels("float64")!.workspace.bytes.length,
    before = bytes();
  for (let run = 0; run < 10_000; run++) simulate(model, inputs);
  expect(bytes()).toBe(before);
  // a plant that runs a network itself, large enough to make the memory grow during the outer run
  const big = zeros([64, 400, 1]);
  const plant = {
    states: 1,
    controls: 1,
    feedback: 0,
    init: (s: Float64Array) => void s.fill(0),
    step: (next: Float64Array, _: Float64Array, y: Float64Array) => {
      simulate(model, big);
      next[0] = y[0];
    },
    stepAdjoint: (_: Float64Array, dControl: Float64Array, dNext: Float64Array) => {
      dControl[0] += dNext[0];
    },
  };
  const nested = lossAndGradient(
    model,
    { inputs, targets: { ...targets, data: targets.data.map(() => 0.2) } },
    { plant },
  );
  expect(nested.loss).toBe(plain.loss);
  expect(nested.gradients).toEqual(plain.gradients);
});
