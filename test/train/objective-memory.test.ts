import { expect, test } from "vitest";
import { last } from "../../src/base";
import { fromJson, toJson } from "../../src/data";
import { lbfgs, sgd, type Evaluation } from "../../src/optim";
import { tensor, type Tensor } from "../../src/tensor";
import { train, type Snapshot } from "../../src/train";

type P = { readonly x: Tensor };
/** Its gradient is scaled by the mean of the losses before, which it remembers. */
const remembering = ({ x }: P, _step: number, memory: unknown): Evaluation => {
  const before = (memory as { losses: readonly number[] } | undefined)?.losses ?? [],
    loss = x.data[0] ** 2 / 2,
    mean = before.length === 0 ? 1 : before.reduce((sum, value) => sum + value, 0) / before.length;
  return { loss, gradients: { x: tensor([1], [mean * x.data[0]]) }, memory: { losses: [...before, loss] } };
};
const start = { x: tensor([1], [2]) };

test("an evaluation is given what the one before the last update left", async () => {
  const lengths: unknown[] = [];
  for await (const { remembered, evaluation } of train(remembering, start, { optimizer: sgd(0.1), steps: 3, every: 1 }))
    lengths.push([
      (remembered as { losses: number[] } | undefined)?.losses.length,
      (evaluation.memory as { losses: number[] }).losses.length,
    ]);
  expect(lengths).toEqual([
    [undefined, 1],
    [1, 2],
    [2, 3],
    [3, 4],
  ]);
});

test("a snapshot keeps it: a resumed run has the bits of one never stopped, also from text", async () => {
  const options = { optimizer: sgd(0.1), steps: 9 };
  const whole = await last(train(remembering, start, options)),
    half = fromJson(toJson(await last(train(remembering, start, { ...options, steps: 4 })))) as Snapshot<P>;
  const rest = await last(train(remembering, half, { steps: 5 }));
  expect([rest.params, rest.evaluation.memory]).toEqual([whole.params, whole.evaluation.memory]);
});

test("a line search sees one memory at all its points", async () => {
  const seen: number[] = [];
  const watched = (params: P, step: number, memory?: unknown) => {
    seen[step] = Math.max(seen[step] ?? 0, (memory as { losses: number[] } | undefined)?.losses.length ?? 0);
    return remembering(params, step, memory);
  };
  await last(train(watched, start, { optimizer: lbfgs(), steps: 3 }));
  expect(seen.slice(0, 3)).toEqual([0, 1, 2]);
});

test("at tolerance 0 an objective that changes at every step does not converge on one gradient of zero", async () => {
  const sometimes = ({ x }: P, step: number) => ({
    loss: x.data[0] ** 2,
    gradients: { x: tensor([1], [step % 2 === 0 ? 0 : 2 * x.data[0]]) },
  });
  const end = (steady: boolean | undefined, tolerance = 0) =>
    last(train(Object.assign(sometimes, { steady }) as never, start, { optimizer: sgd(0.1), steps: 6, tolerance }));
  expect(await end(false)).toMatchObject({ status: "exhausted", step: 6 });
  expect(await end(undefined)).toMatchObject({ status: "converged", step: 0 });
  expect(await end(false, 1e-9)).toMatchObject({ status: "converged", step: 0 });
});
