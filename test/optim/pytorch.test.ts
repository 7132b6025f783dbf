import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  adam,
  adamW,
  applyUpdates,
  chain,
  cosineDecay,
  decayWeights,
  momentum,
  rmsProp,
  sgd,
  type SyncTransform,
} from "../../src/optim";
import { tensor, type Params } from "../../src/tensor";
import { distance } from "../support/close";

interface Oracle {
  readonly start: { readonly w: number[][]; readonly b: number[] };
  /** w, then b, after each of 100 updates */
  readonly paths: Record<string, number[][]>;
}
const { start, paths } = JSON.parse(
  readFileSync(new URL("../oracles/optimizers.json", import.meta.url), "utf8"),
) as Oracle;

/** As in optimizers.py: of sum K (w - center)^4 / 4 + |w b - 1|² / 2 + sum b^4 / 4. */
function gradients({ w, b }: Params): Params {
  const strength = [0.5, 1.5, 0.25, 2],
    center = [1, -0.5, 2, 0.25];
  const error = [0, 1].map((i) => w!.data[2 * i] * b!.data[0] + w!.data[2 * i + 1] * b!.data[1] - 1);
  const dw = center.map((c, i) => strength[i] * (w!.data[i] - c) ** 3 + error[i >> 1] * b!.data[i % 2]);
  const db = [0, 1].map((j) => w!.data[j] * error[0] + w!.data[2 + j] * error[1] + b!.data[j] ** 3);
  return { w: tensor([2, 2], dw), b: tensor([2], db) };
}

const cosine = cosineDecay(0.1, { steps: 100, floor: 0.05 });
const table: [string, SyncTransform][] = [
  ["sgd", sgd(0.03)],
  ["heavy ball", momentum(0.02)],
  ["Nesterov", momentum(0.02, { beta: 0.8, nesterov: true })],
  ["sgd with decay", chain(decayWeights(0.1), momentum(0.02))],
  ["Adam", adam(0.05)],
  [
    "Adam with decay",
    chain(decayWeights(0.2, { only: ["w", "b"] }), adam(0.05, { beta1: 0.8, beta2: 0.99, epsilon: 1e-6 })),
  ],
  ["AdamW", adamW(0.05, { decay: 0.3 })],
  ["RMSProp", rmsProp(0.01)],
  ["RMSProp, centered", rmsProp(0.01, { beta: 0.98, epsilon: 1e-6, centered: true })],
  ["RMSProp with momentum", rmsProp(0.003, { momentum: 0.9, centered: true })],
  ["AdamW on a cosine", adamW(cosine, { beta2: 0.98 })],
];

test("every path of PyTorch's has its optimizer here", () =>
  expect(table.map(([name]) => name)).toEqual(Object.keys(paths)));

test.each(table)("%s takes PyTorch's 100 steps", (name, optimizer) => {
  let params: Params = { w: tensor([2, 2], start.w.flat()), b: tensor([2], start.b) },
    memory = optimizer.init(params),
    updates: Params;
  expect(paths[name].length).toBe(100);
  for (const [step, want] of paths[name].entries()) {
    [updates, memory] = optimizer.update(gradients(params), memory, params);
    params = applyUpdates(params, updates);
    // rounding of sums in another order, carried over 100 contracting steps
    expect(distance([...params.w!.data, ...params.b!.data], want), `step ${step}`).toBeLessThan(1e-12);
  }
});
