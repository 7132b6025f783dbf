import { expect, test } from "vitest";
import { advice, last } from "../../src/base";
import { toJson } from "../../src/data";
import { adam, chain, clipByNorm, momentum, sgd } from "../../src/optim";
import { FullRankRNN } from "../../src/models";
import { tensor, zeros, type Params } from "../../src/tensor";
import { rflo, ruleObjective } from "../../src/rules";
import { networkObjective, recordWeights, train, type Snapshot } from "../../src/train";

const inputs = zeros([4, 30, 1]),
  targets = zeros([4, 30, 1]);
inputs.data.fill(1);
targets.data.fill(5);
const batch = { inputs, targets };
const x = (...entries: number[]) => ({ x: tensor([entries.length], entries) });

const cases = (["identity", "relu", "tanh", "softplus"] as const).flatMap((phi) =>
  [sgd(1e3), momentum(100)].map((optimizer) => [phi, optimizer] as const),
);

test.each(cases)(
  "a rate that is too high ends a run as diverged, and its record is kept: %s, $name",
  async (phi, optimizer) => {
    const model = FullRankRNN.random({ units: 20, inputs: 1, outputs: 1, gain: 0.8, phi }, 1),
      objective = networkObjective(model, batch),
      seen: Snapshot[] = [];
    const watched = async function* () {
      for await (const now of train(objective, { ...model.params } as Params, { optimizer, steps: 200, every: 1 })) {
        seen.push(now);
        yield now;
      }
    };
    const { weights, steps, losses, last: end } = await recordWeights(watched(), model);
    expect(steps).toEqual(steps.map((_, step) => step));
    expect([weights.shape[2], losses.length]).toEqual([steps.length, steps.length]);
    for (const { params, loss } of seen) {
      expect(Number.isFinite(loss)).toBe(true);
      for (const p of Object.values(params)) expect(p?.data.every(Number.isFinite)).toBe(true);
    }
    expect(end.status).toBe("diverged");
    const before = seen.at(-2)!;
    expect([end.step, end.loss, end.params, end.memory]).toEqual([
      before.step,
      before.loss,
      before.params,
      before.memory,
    ]);
    expect(end.divergence!.step).toBe(end.step + 1);
    expect(end.divergence!.reason).toMatch(/became (-?Infinity|NaN)/);
    expect(advice(end)).toContain("the last finite parameters are kept");
  },
);

test("a run that diverged is resumed at a lower rate", async () => {
  const bowl = ({ x: p }: { x: { data: Float64Array } }) => ({
    loss: p.data[0] ** 2,
    gradients: x(2 * p.data[0]),
  });
  const run = (start: unknown, options: object): Promise<Snapshot> =>
    last(train(bowl as never, start as Params, options));
  const end = structuredClone(await run(x(1), { optimizer: sgd(1e100), steps: 50 }));
  expect(end.status).toBe("diverged");
  expect(end.loss).toBe(end.params.x!.data[0] ** 2);
  const again = await run(end, { optimizer: sgd(0.25), steps: 900 });
  expect(again.loss).toBeLessThan(1e-12);
});

test("what overflows is named: a loss, a gradient, a parameter, and what the objective says itself", async () => {
  const run = (objective: unknown, options: object = {}) =>
    last(train(objective as never, x(1, 1) as Params, { optimizer: sgd(1), ...options }));
  const later = (then: object) => (_: Params, step: number) => (step === 0 ? { loss: 1, gradients: x(1, 1) } : then);
  expect((await run(later({ loss: NaN, gradients: x(1, 1) }))).divergence).toEqual({
    step: 1,
    reason: "the loss became NaN",
  });
  expect((await run(later({ loss: 1, gradients: x(1, NaN) }))).divergence).toEqual({
    step: 1,
    reason: "the gradient in x became NaN at index [1]",
  });
  expect((await run(() => ({ loss: 1, gradients: x(1e300, 1) }), { optimizer: sgd(1e10) })).divergence).toEqual({
    step: 1,
    reason: "the parameter x became -Infinity at index [0]",
  });
  const said = { loss: NaN, gradients: {}, divergence: { trial: 3, step: 7, reason: "the hand left the room" } };
  expect((await run(later(said))).divergence).toEqual({ step: 1, trial: 3, time: 7, reason: "the hand left the room" });
  const first = await run(() => ({ loss: Infinity, gradients: x(1, 1) }));
  expect([first.status, first.step, first.loss, first.divergence]).toEqual([
    "diverged",
    0,
    Infinity,
    { step: 0, reason: "the loss became Infinity" },
  ]);
});

test("a run that overflows at its first evaluation has an infinite loss and gradient, and no NaN", async () => {
  const model = FullRankRNN.random({ units: 4, inputs: 1, outputs: 1, phi: "identity" }, 1),
    large = model.with({ params: { w: tensor([4, 4], new Array(16).fill(1e200)) } }),
    params = { w: large.params.w } as Params;
  for (const start of [networkObjective(large, batch), ruleObjective(large, batch, rflo())]) {
    const end = (await last(train(start as never, params, { steps: 3 }))) as Snapshot;
    expect([end.status, end.step, end.loss, end.gradientNorm]).toEqual(["diverged", 0, Infinity, Infinity]);
    expect([end.evaluation.loss, end.curve]).toEqual([Infinity, { steps: [0], losses: [Infinity] }]);
    expect(end.divergence).toMatchObject({ step: 0, trial: 0, reason: expect.stringMatching(/became -?Infinity/) });
    expect(toJson(end)).not.toContain("NaN");
  }
  const said = (evaluation: object) => last(train((() => evaluation) as never, x(1) as Params, {}));
  for (const [evaluation, loss] of [
    [{ loss: NaN, gradients: x(1) }, Infinity],
    [{ loss: -Infinity, gradients: x(1) }, -Infinity],
    [{ loss: 3, gradients: x(Infinity) }, 3],
    [{ loss: NaN, gradients: {}, divergence: { reason: "the hand left the room" } }, Infinity],
  ] as const) {
    const end = await said(evaluation);
    expect([end.status, end.loss, end.gradientNorm]).toEqual(["diverged", loss, Infinity]);
  }
});

test("huge finite gradients are no divergence", async () => {
  const objective = () => ({ loss: 1, gradients: x(3e160, 4e160) });
  const clipped = await last(train(objective, x(1, 1), { optimizer: chain(clipByNorm(1), sgd(0.1)), steps: 2 }));
  expect([clipped.status, clipped.loss, clipped.gradientNorm]).toEqual(["exhausted", 1, 5e160]);
  expect([...clipped.params.x.data]).toEqual([1 - 0.06 * 2, 1 - 0.08 * 2].map((value) => expect.closeTo(value, 14)));
  const byAdam = await last(train(objective, x(1, 1), { optimizer: adam(0.1), steps: 2 }));
  expect([...byAdam.params.x.data]).toEqual([0.8, 0.8].map((value) => expect.closeTo(value, 12)));
});
