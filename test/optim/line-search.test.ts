import { expect, test } from "vitest";
import {
  applyUpdates,
  chain,
  clipByNorm,
  last,
  momentum,
  scaleByRate,
  sgd,
  tensor,
  train,
  type Evaluation,
  type GradientTransform,
  type Params,
  type Snapshot,
  type Tensor,
  type UpdateContext,
} from "../../src";

// Optimizers that evaluate the objective elsewhere, written against the public contract as a user would.

const entries = (p: Params): [string, Tensor][] => Object.entries(p).flatMap(([name, x]) => (x ? [[name, x]] : []));
const combine = (p: Params, f: (entry: number, name: string, i: number) => number): Params =>
  Object.fromEntries(
    entries(p).map(([name, x]) => [
      name,
      tensor(
        x.shape,
        x.data.map((value, i) => f(value, name, i)),
      ),
    ]),
  );
const dot = (p: Params, q: Params): number =>
  entries(p).reduce((sum, [name, x]) => x.data.reduce((all, value, i) => all + value * q[name]!.data[i], sum), 0);

/**
 * A step along the direction: halved until the loss falls by a fraction of what its slope promises (Armijo 1966), or
 * doubled while it falls further.
 */
async function searched(
  direction: Params,
  slope: number,
  params: Params,
  { loss: here, evaluate }: UpdateContext,
): Promise<Params> {
  const along = (rate: number) => combine(direction, (d) => rate * d),
    lossAt = async (rate: number) => (await evaluate(applyUpdates(params, along(rate)))).loss;
  let rate = 1,
    loss = await lossAt(rate);
  const falls = () => loss <= here + 1e-4 * rate * slope; // false for NaN: a run that overflowed is no descent
  while (!falls() && rate > 1e-12) {
    rate /= 2;
    loss = await lossAt(rate);
  }
  if (!falls()) return along(0);
  for (let further = await lossAt(2 * rate); further < loss; further = await lossAt(2 * rate))
    [rate, loss] = [2 * rate, further];
  return along(rate);
}

interface Pairs {
  readonly before: { readonly params: Params; readonly gradients: Params } | null;
  /** steps s and changes of the gradient y, newest first */
  readonly pairs: readonly { readonly s: Params; readonly y: Params }[];
}

/** Limited-memory BFGS (Nocedal 1980): the two-loop recursion over the last pairs. */
const lbfgs = (most = 5): GradientTransform<Pairs> => ({
  name: `lbfgs(${most})`,
  span: { preserved: false, because: "each entry is scaled by curvature seen before" },
  init: () => ({ before: null, pairs: [] }),
  async update(gradients, { before, pairs: old }, params, context) {
    if (!context) throw new Error("lbfgs needs the loss and a way to evaluate it");
    const difference = (p: Params, q: Params) => combine(p, (x, name, i) => x - q[name]!.data[i]);
    const news = before
      ? [{ s: difference(params, before.params), y: difference(gradients, before.gradients) }].filter(
          (pair) => dot(pair.s, pair.y) > 0,
        )
      : [];
    const pairs = [...news, ...old].slice(0, most);
    let q = combine(gradients, (g) => -g);
    const weights = pairs.map(({ s, y }) => {
      const a = dot(s, q) / dot(s, y);
      q = combine(q, (x, name, i) => x - a * y[name]!.data[i]);
      return a;
    });
    const scale = pairs.length > 0 ? dot(pairs[0].s, pairs[0].y) / dot(pairs[0].y, pairs[0].y) : 1;
    let direction = combine(q, (x) => scale * x);
    for (let k = pairs.length - 1; k >= 0; k--) {
      const { s, y } = pairs[k],
        b = dot(y, direction) / dot(s, y);
      direction = combine(direction, (x, name, i) => x + (weights[k] - b) * s[name]!.data[i]);
    }
    const step = await searched(direction, dot(direction, gradients), params, context);
    return [step, { before: { params, gradients }, pairs }];
  },
});

/** Rosenbrock's valley, whose lowest point is (1, 1). */
const valley = ({ p }: { readonly p: Tensor }) => {
  const [x, y] = p.data,
    bend = y - x * x;
  return {
    loss: (1 - x) ** 2 + 100 * bend * bend,
    gradients: { p: tensor([2], [-2 * (1 - x) - 400 * x * bend, 200 * bend]) },
  };
};
const begin = { p: tensor([2], [-1.2, 1]) };
const later = async (params: typeof begin) => valley(params);

test("L-BFGS by a user finds the end of a valley that gradient descent does not", async () => {
  const end = await last(train(valley, begin, { optimizer: lbfgs(), steps: 100, tolerance: 1e-8 }));
  expect([end.status, end.step < 60]).toEqual(["converged", true]);
  expect([...end.params.p.data]).toEqual([1, 1].map((value) => expect.closeTo(value, 7)));
  const slow = await last(train(valley, begin, { optimizer: momentum(1e-4), steps: 100 }));
  expect(slow.loss).toBeGreaterThan(0.1);
});

test("an asynchronous objective gives a line search the same bits", async () => {
  const options = { optimizer: lbfgs(), steps: 20 };
  const end = await last(train(valley, begin, options));
  expect((await last(train(later, begin, options))).params).toEqual(end.params);
});

test("its memory is plain: a snapshot that was sent elsewhere goes on to the same bits", async () => {
  const whole = await last(train(valley, begin, { optimizer: lbfgs(), steps: 20 })),
    half: Snapshot<typeof begin> = structuredClone(await last(train(valley, begin, { optimizer: lbfgs(), steps: 9 })));
  expect(half.optimizer).toEqual({ kind: "custom", name: "lbfgs(5)" });
  const resumed = await last(train(valley, half, { optimizer: lbfgs(), steps: 11 }));
  expect([resumed.params, resumed.memory]).toEqual([whole.params, whole.memory]);
});

test("in a chain, every part sees the context, also behind one that takes its time", async () => {
  const seen: unknown[] = [];
  const watch: GradientTransform<null> = {
    name: "watch",
    span: { preserved: true },
    init: () => null,
    update(gradients, memory, params, context) {
      if (context) seen.push([context.loss, (context.evaluate(params) as Evaluation).loss]);
      return [gradients, memory];
    },
  };
  const slow: GradientTransform<null> = { ...watch, update: async (gradients, memory) => [gradients, memory] };
  const optimizer = chain(clipByNorm(1), slow, watch, scaleByRate(0.1)),
    end = await last(train(valley, begin, { optimizer, steps: 2 })),
    same = await last(train(valley, begin, { optimizer: chain(clipByNorm(1), sgd(0.1)), steps: 2 }));
  expect(end.params).toEqual(same.params);
  expect(seen.map((pair) => new Set(pair as number[]).size)).toEqual([1, 1]);
  expect(end.optimizer).toEqual({
    kind: "chain",
    of: [
      { kind: "clipByNorm", most: 1 },
      { kind: "custom", name: "watch" },
      { kind: "custom", name: "watch" },
      { kind: "scaleByRate", rate: 0.1 },
    ],
  });
});

test("an update that is no pair, or fits no parameter, is refused in the name of train", async () => {
  const broken = (update: unknown): GradientTransform => ({
    name: "broken",
    span: { preserved: true },
    init: () => null,
    update: () => update as never,
  });
  const run = (update: unknown) => last(train(valley, begin, { optimizer: broken(update) }));
  await expect(run(undefined)).rejects.toThrow(
    "train: expected the update of broken to be [updates, memory], got undefined",
  );
  await expect(run([{ q: tensor([1], [1]) }, null])).rejects.toThrow("train: expected updates of p, got q");
  await expect(run([{ p: tensor([1], [1]) }, null])).rejects.toThrow("train: expected updates.p of shape (2), got (1)");
});
