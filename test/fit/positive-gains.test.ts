import { expect, test } from "vitest";
import { random } from "../../src/base";
import { fitLowTensorRank } from "../../src/fit";
import { withPositiveGains } from "../../src/fit/positive-gains";
import { LowTensorRankRNN } from "../../src/models";
import { simulate } from "../../src/run";
import { tensor } from "../../src/tensor";
import { plantedActivity } from "../support/planted-fit";

const units = 5,
  trials = 4,
  { normal } = random(1, "network"),
  draw = (...shape: number[]) =>
    tensor(
      shape,
      Array.from({ length: shape.reduce((x, y) => x * y, 1) }, () => 0.5 * normal()),
    );

/** A network whose units 1 and 3, or whose neurons 1 and 3, have a negative gain. */
function network(withReadout: boolean) {
  const { params, setting } = LowTensorRankRNN.random({ units, inputs: 2, rank: 2, trials, tau: 2 }, 3);
  return new LowTensorRankRNN(
    {
      ...params,
      x0: draw(trials, units) as never,
      w0: draw(units, units) as never,
      bias: draw(units) as never,
      filterGain: draw(units, units) as never,
      readoutGain: tensor([units], [0.5, -1, 2, -3, 1]),
      ...(withReadout ? { readout: draw(units, units) as never } : {}),
    },
    setting,
  );
}

test.each([false, true])("gains turn positive, and a network gives the same outputs; with a readout: %s", (readout) => {
  const before = network(readout),
    after = withPositiveGains(before, "tanh"),
    inputs = tensor([trials, 6, 2], draw(trials, 6, 2).data),
    observed = tensor([trials, 6, units], draw(trials, 6, units).data);
  expect(Array.from(after.params.readoutGain?.data ?? [])).toEqual([0.5, 1, 2, 3, 1]);
  for (const options of [{}, { observed }]) {
    const [was, is] = [before, after].map((model) => simulate(model, inputs, options).outputs);
    expect(is).toEqual(was);
    expect(was.data.some((x) => Math.abs(x) > 0.1)).toBe(true);
  }
  expect(withPositiveGains(after, "tanh")).toBe(after);
});

test("where the activation is not odd, a unit cannot be turned around", () => {
  const model = network(false);
  expect(withPositiveGains(model, "relu")).toBe(model);
});

test("fits from different starts give the signs of the planted initial states", async () => {
  const { activity, conditions, inputs, trialKernel, model } = plantedActivity(1);
  for (const seed of [0, 1, 2, 3]) {
    const fit = await fitLowTensorRank(activity, 2, {
      conditions,
      inputs,
      decoder: { kind: "identity", gain: "learned" },
      network: { tau: 3, trialKernel },
      training: { starts: 1, steps: 150 },
      seed,
    });
    const { readoutGain, x0 } = fit.model.params;
    expect(Math.min(...(readoutGain?.data ?? [-1]))).toBeGreaterThan(0);
    const inner = x0.data.reduce((sum, x, i) => sum + x * model.params.x0.data[i], 0);
    expect(inner).toBeGreaterThan(0);
  }
});
