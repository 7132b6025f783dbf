import { expect, test } from "vitest";
import { FullRankRNN, LowRankRNN, LowTensorRankRNN, modelFromJson } from "../../src/models";
import { simulate } from "../../src/run";
import { tensor, zeros } from "../../src/tensor";

const model = FullRankRNN.random({ units: 3, inputs: 2, outputs: 1 }, 1);

test("NaN, infinities and -0 survive JSON, and a model of any kind reads its own", () => {
  const odd = model.with({ params: { bias: tensor([3], [NaN, -Infinity, -0]) } }),
    text = JSON.stringify(odd);
  for (const back of [modelFromJson(JSON.parse(text)), FullRankRNN.fromJSON(JSON.parse(text))]) {
    expect(back).toEqual(odd);
    expect(Object.is(back.params.bias?.data[2], -0)).toBe(true);
  }
  expect(() => LowRankRNN.fromJSON(model.toJSON())).toThrow('LowRankRNN.fromJSON: expected json of kind "LowRankRNN"');
});

test("damaged JSON of a model is refused", () => {
  const damaged = (change: object) => () => modelFromJson({ ...model.toJSON(), ...change } as never);
  const bias = (data: unknown) => ({ params: { ...model.toJSON().params, bias: { shape: [3], data } } });
  for (const data of [[1, null, 2], "127", true, [[], 1, 2], [1, 2]])
    expect(damaged(bias(data))).toThrow(/^modelFromJson: expected/);
  for (const kind of ["constructor", "toString", "__proto__", 3])
    expect(damaged({ kind })).toThrow("modelFromJson: expected a record whose kind is");
  expect(damaged({ version: 3 })).toThrow("json.version");
  expect(damaged({ setting: { tau: -1 } })).toThrow("setting.tau");
  expect(damaged({ more: 1 })).toThrow("the unknown name more");
  expect(() => modelFromJson(null as never)).toThrow("got null");
});

test("seeds, sizes and names that are none are refused in the name of the function that was called", () => {
  const spec = { units: 3, inputs: 2 };
  for (const seed of [undefined, "run-7", { seed: 3 }, NaN, null])
    expect(() => FullRankRNN.random(spec, seed as never)).toThrow(
      "FullRankRNN.random: expected seed to be a finite number",
    );
  expect(() => LowRankRNN.random({ ...spec, rnak: 2 } as never, 1)).toThrow("Did you mean rank?");
  expect(() => LowTensorRankRNN.random({ ...spec, rank: 2, trials: 0 }, 1)).toThrow("spec.trials");
  expect(() => FullRankRNN.random({ ...spec, units: 2 ** 40 }, 1)).toThrow(/^FullRankRNN.random: expected/);
  expect(() => model.with({ dt: 3 } as never)).toThrow("FullRankRNN.with: expected change by known names");
  expect(() => model.with({ params: { readOut: zeros([1, 3]) } as never })).toThrow("Did you mean readout?");
  expect(() => simulate(model, zeros([1, 2, 2]), 0.05 as never)).toThrow("simulate: expected options to be a record");
});

test("a parameter that is not finite is refused by name before a run", () => {
  const odd = model.with({ params: { readout: tensor([1, 3], [1, NaN, 2]) } });
  expect(() => simulate(odd, zeros([1, 2, 2]))).toThrow("expected finite entries in readout, got NaN at index [0, 1]");
});
