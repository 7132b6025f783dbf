import { expect, test } from "vitest";
import { FullRankRNN, LowRankRNN, LowTensorRankRNN, modelFromJson } from "../../src/models";
import { simulate } from "../../src/run";
import { zeros } from "../../src/tensor";

test.each([
  FullRankRNN.random({ units: 5, inputs: 2, outputs: 3, tau: 0.7, phi: "softplus" }, 1),
  LowRankRNN.random({ units: 5, inputs: 2, rank: 2, reads: "states" }, 2),
  LowTensorRankRNN.random({ units: 5, inputs: 2, rank: 2, trials: 4, outputs: 1 }, 3),
])("a model survives JSON bit for bit: $constructor.name", (model) => {
  const back = modelFromJson(JSON.parse(JSON.stringify(model)));
  expect(back).toEqual(model);
  expect(back.constructor).toBe(model.constructor);
  expect(simulate(back, zeros([4, 6, 2]))).toEqual(simulate(model, zeros([4, 6, 2])));
});

test("a model is drawn bit for bit again from its seed, and otherwise from another", () => {
  const draw = (seed: number) => LowTensorRankRNN.random({ units: 5, inputs: 2, rank: 2, trials: 4 }, seed);
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
});

test("text that is no model is refused", () => {
  expect(() => modelFromJson({ kind: "Transformer" } as never)).toThrow("modelFromJson");
});
