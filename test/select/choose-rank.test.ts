import { expect, test } from "vitest";
import { random } from "../../src/base";
import { toJson } from "../../src/data";
import { cpToTensor } from "../../src/factored";
import { chooseRank, chooseRankSteps, memoryJournal, type RankChoice } from "../../src/select";
import { tensor } from "../../src/tensor";

const { normal } = random(1, "planted"),
  factors = [10, 9, 8].map((size) => tensor([size, 2], Array.from({ length: 2 * size }, normal))),
  clean = cpToTensor({ weights: tensor([2], [1, 1]), factors }),
  x = tensor(
    [10, 9, 8],
    Array.from(clean.data, (y, at) => (at % 50 === 7 ? NaN : y + 0.2 * normal())),
  );

test("a planted rank is recommended with its reasons, row by row, and a run that stopped goes on", async () => {
  const journal = memoryJournal(),
    stop = new AbortController();
  let first: RankChoice | undefined,
    count = 0;
  for await (const step of chooseRankSteps(x, [3, 1, 2], { folds: 3, journal, signal: stop.signal })) {
    if (++count === 8) stop.abort();
    first = step;
  }
  expect(first).toMatchObject({ status: "aborted", done: 8 });
  const found = await chooseRank(x, [3, 1, 2], { folds: 3, journal });
  expect(found).toMatchObject({ rank: 2, answer: "chosen", edges: [], total: 15, done: 15 });
  expect(found.table.map(({ rank }) => rank)).toEqual([0, 1, 2, 3]);
  const row = found.table[2];
  expect(row.coreConsistency.value).toBeGreaterThan(90);
  expect(row.replicability.value).toBeGreaterThan(0.99);
  expect(row.splitHalves.value).toBeGreaterThan(0.9);
  expect(row.test.mean).toBeGreaterThan(0.8);
  expect(found.reasons).toHaveLength(4);
  expect(found.reasons.join(" ")).toMatch(
    /Core consistency \d+: the best core .* Split halves (?:0\.9\d|1\.00): even and odd slices have the same/,
  );
  const whole = await chooseRank(x, [1, 2, 3], { folds: 3 });
  expect(toJson(found.table)).toBe(toJson(whole.table));
});

test("without noise the planted rank is chosen, though higher ones are better by rounding", async () => {
  const found = await chooseRank(clean, [1, 2, 3, 4], { folds: 2, structure: { runs: 2 } });
  expect(found.table.slice(2).every(({ validation }) => (validation.mean ?? 0) > 1 - 1e-8)).toBe(true);
  expect(found).toMatchObject({ rank: 2, answer: "chosen", edges: [] });
});

test("noise has no low rank; a rank at the end of the list is called an edge; wrong ranks are refused", async () => {
  const noise = tensor([10, 9, 8], Array.from({ length: 720 }, normal)),
    none = await chooseRank(noise, [1, 2], { folds: 3, cp: { starts: 1, sweeps: 30 } });
  expect(none).toMatchObject({ rank: 0, answer: "no low rank", edges: [] });
  const edge = await chooseRank(x, [1], { folds: 3 });
  expect(edge).toMatchObject({ rank: 1, edges: [{ axis: "rank", value: 1, end: "last" }] });
  expect(edge.reasons[0]).toContain("rank 1 is an edge of the grid");
  await expect(chooseRank(x, [])).rejects.toThrow("chooseRank: expected ranks to be a list of whole numbers from 1");
  await expect(chooseRank(x, [0, 1])).rejects.toThrow("whole numbers from 1, got 0");
  await expect(chooseRank(x, [1, 1])).rejects.toThrow("different values along");
  await expect(chooseRank(x, [1], { cp: { start: 3 } as never })).rejects.toThrow("Did you mean starts?");
  await expect(chooseRank(x, [1], { structure: { runs: 1 } })).rejects.toThrow("runs to be a whole number");
});

test("a rank is chosen in any unit, with the same shares", async () => {
  const options = { folds: 2, cp: { starts: 1, sweeps: 20 }, structure: { runs: 2 } },
    shares = async (unit: number) => {
      const data = clean.data.map((y) => y * unit),
        { rank, table } = await chooseRank({ shape: clean.shape, data }, [1, 2], options);
      return { rank, validation: table.map((row) => row.validation), test: table.map((row) => row.test) };
    },
    usual = await shares(1);
  expect(usual.rank).toBe(2);
  for (const unit of [2 ** -900, 2 ** 900]) expect(await shares(unit)).toEqual(usual);
});

/** Counts of a planted model of positive factors, 2 a bin on average. */
function counts(rank: number, seed: number) {
  const { uniform, normal: draw } = random(seed, "planted counts"),
    positive = [10, 9, 8].map((size) =>
      tensor(
        [size, rank],
        Array.from({ length: size * rank }, () => Math.exp(1.5 * draw())),
      ),
    ),
    rates = cpToTensor({ weights: tensor([rank], new Array<number>(rank).fill(1)), factors: positive }).data,
    mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  const spikes = Array.from(rates, (rate) => {
    let count = 0;
    for (let p = uniform(), limit = Math.exp(-Math.min(600, (2 * rate) / mean)); p > limit; p *= uniform()) count++;
    return count;
  });
  return tensor([10, 9, 8], spikes);
}

test("with a loss, ranks of generalized CP are compared by the deviance of held-out counts", async () => {
  const cp = { loss: "poisson", starts: 2, steps: 60, tolerance: 1e-3 } as const,
    found = await chooseRank(counts(2, 3), [1, 2, 3], { folds: 3, cp, structure: { runs: 2 } });
  expect(found).toMatchObject({ rank: 2, answer: "chosen", total: 3 * 4 + 3, edges: [] });
  const [none, , two] = found.table;
  expect(Math.abs(none.validation.mean!)).toBeLessThan(1e-12); // rank 0 is the means themselves
  expect(two.test.mean).toBeGreaterThan(0.3);
  expect(two.coreConsistency).toEqual({
    value: null,
    reason: "it is a question of least squares, not of the loss poisson",
  });
  expect(two.replicability.value).toBeGreaterThan(0.95);
  expect(two.splitHalves.value).toBeGreaterThan(0.8);
});

test("counts without structure have no low rank; data that a loss is not about are refused", async () => {
  const { uniform } = random(5, "unstructured"),
    flat = tensor(
      [10, 9, 8],
      Array.from({ length: 720 }, () => Math.floor(3 * uniform())),
    );
  const cp = { loss: "poissonLog", steps: 30, tolerance: 1e-3, bounds: [null, { least: -3, most: 3 }] } as const,
    none = await chooseRank(flat, [1], { folds: 3, cp, structure: { runs: 2 } });
  expect(none).toMatchObject({ rank: 0, answer: "no low rank" });
  const real = await chooseRank(x, [1], { folds: 2, cp: { loss: "poisson", steps: 5 }, structure: { runs: 2 } });
  expect(real.rows.filter(({ axes }) => axes.rank === 1).every(({ status }) => status === "failed")).toBe(true);
  expect(real.rows.find(({ axes }) => axes.rank === 1)?.reason).toContain("expected x of counts");
  await expect(chooseRank(flat, [1], { cp: { loss: "poison" } as never })).rejects.toThrow(
    "expected loss to be one of",
  );
  await expect(chooseRank(flat, [1], { cp: { loss: "poisson", sweeps: 3 } as never })).rejects.toThrow("Did you mean");
});
