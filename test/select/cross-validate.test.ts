import { expect, test } from "vitest";
import { last, random, version } from "../../src/base";
import { fromJson, toJson } from "../../src/data";
import { cpToTensor } from "../../src/factored";
import {
  collectGrid,
  crossValidate,
  crossValidateSteps,
  gridJobs,
  inProcess,
  memoryJournal,
  oneStandardError,
  runGridJob,
  type Candidate,
  type CrossValidateOptions,
  type CrossValidation,
  type Grid,
  type GridRow,
} from "../../src/select";
import { tensor, zeros, type Tensor } from "../../src/tensor";

/** A tensor of planted rank with noise. */
function planted(shape: readonly number[], rank: number, noise: number, seed: number): Tensor {
  const { normal } = random(seed, "planted"),
    factors = shape.map((size) => tensor([size, rank], Array.from({ length: size * rank }, normal))),
    x = cpToTensor({ weights: tensor([rank], new Array(rank).fill(1)), factors }),
    size = Math.sqrt(x.data.reduce((sum, y) => sum + y * y, 0) / x.data.length);
  return { shape: x.shape, data: x.data.map((y) => y + noise * size * normal()) };
}

const x = planted([9, 8, 7], 2, 0.1, 1),
  grid: Grid = { model: "cp", axes: { rank: [0, 1, 2, 3], seed: [0, 1] } },
  options: CrossValidateOptions = { folds: 3, boxes: { half: [0, 0, 0] }, seed: 5 };
const steps = async (run: AsyncIterable<CrossValidation>) => {
  const seen: CrossValidation[] = [];
  for await (const step of run) seen.push(step);
  return seen;
};

test("a planted rank is chosen, rows come one by one, and the result is plain data", async () => {
  const seen = await steps(crossValidateSteps(x, grid, options)),
    end = seen.at(-1)!;
  expect(seen.map(({ done }) => done)).toEqual([...Array.from({ length: 23 }, (_, i) => i + 1), 24]);
  expect(seen[0].latest).toMatchObject({ cell: 0, axes: { rank: 0, seed: 0 }, validation: 0, test: 0 });
  expect(seen[5].secondsLeft).toBeGreaterThan(0);
  expect(end).toMatchObject({ status: "converged", total: 24, secondsLeft: 0 });
  expect(end.choice).toMatchObject({ answer: "chosen", axes: { rank: 2 }, edges: [] });
  expect(end.choice!.chosen.test.mean).toBeGreaterThan(0.95);
  expect(structuredClone(end)).toEqual(end);
});

test("the three sets of every fold are disjoint, cover the observed but guards, and train each slice", async () => {
  const seen: Tensor[][] = [];
  const spy: Candidate = {
    axes: [],
    fit: (data, _, { train, validation, test: held }) => {
      seen.push([train, validation, held]);
      return { prediction: zeros(data.shape), status: "converged", score: "energy" };
    },
  };
  const missing = { shape: x.shape, data: x.data.map((y, at) => (at % 11 === 3 ? NaN : y)) };
  const { rows } = await crossValidate(
    missing,
    { model: "spy" },
    { ...options, executor: inProcess({ candidates: { spy } }) },
  );
  expect(rows.map(({ validation }) => validation)).toEqual([0, 0, 0]);
  for (const sets of seen)
    missing.data.forEach((y, at) =>
      expect(
        sets.reduce((sum, { data }) => sum + data[at], 0),
        `entry ${at}`,
      ).toBe(Number.isNaN(y) ? 0 : 1),
    );
  expect(new Set(seen.map(([train]) => train.data.join())).size).toBe(3);
});

test("jobs are JSON, and run one by one elsewhere they give the grid's rows to the bit, in any order", async () => {
  const jobs = [...gridJobs(x, grid, options)],
    rows: GridRow[] = [];
  for (const job of [...jobs].reverse()) rows.push(await runGridJob(fromJson(toJson(job)), x));
  const whole = await crossValidate(x, grid, options),
    collected = collectGrid(jobs, rows);
  expect(toJson(collected.rows)).toBe(toJson(whole.rows));
  expect(toJson(collected.choice)).toBe(toJson(whole.choice));
  expect(collectGrid(jobs, rows.slice(3)).status).toBe("aborted");
  expect(() => collectGrid(jobs, [{ ...rows[0], axes: rows[1].axes }])).toThrow(
    `one of cell ${rows[0].cell} of another grid`,
  );
});

test("a journal: what is finished is not run again, a torn line is dropped, and the rows are the same", async () => {
  let runs = 0;
  const counted: Candidate = {
    axes: ["rank"],
    fit: (data, { axes }) => {
      runs++;
      return {
        prediction: { shape: data.shape, data: data.data.map((y) => y * (1 - 1 / (axes.rank as number))) },
        status: "converged",
      };
    },
  };
  const executor = inProcess({ candidates: { counted } }),
    ranks: Grid = { model: "counted", axes: { rank: [1, 2, 3, 4] } };
  const whole = await crossValidate(x, ranks, { ...options, executor });
  for (const cut of [0, 1, 40, 900, 2000, 2600]) {
    const first = memoryJournal(),
      stop = new AbortController();
    for await (const { done } of crossValidateSteps(x, ranks, {
      ...options,
      executor,
      journal: first,
      signal: stop.signal,
    }))
      if (done === 7) stop.abort();
    const text = (await first.read()).slice(0, -cut || undefined),
      complete = cut <= 1 ? 7 : Math.max(0, text.split("\n").length - 2); // a line without its end is whole
    runs = 0;
    const journal = memoryJournal(text),
      again = await crossValidate(x, ranks, { ...options, executor, journal });
    expect(again.resumed).toBe(complete);
    expect(runs).toBe(12 - complete);
    expect(toJson(again.rows)).toBe(toJson(whole.rows));
    runs = 0;
    expect((await crossValidate(x, ranks, { ...options, executor, journal })).resumed).toBe(12);
    expect(runs).toBe(0);
  }
});

test(
  "a line that was damaged is computed again, and the journal of " + "another grid, version or file is refused",
  async () => {
    const journal = memoryJournal();
    const whole = await crossValidate(x, grid, { ...options, journal }),
      text = await journal.read(),
      lines = text.split("\n");
    lines[4] = lines[4].replace('"cell":3', '"cell":5');
    const mended = await crossValidate(x, grid, { ...options, journal: memoryJournal(lines.join("\n")) });
    expect([mended.dropped, mended.resumed]).toEqual([1, 23]);
    expect(toJson(mended.rows)).toBe(toJson(whole.rows));
    const refuses = (journalText: string, what: Tensor = x, other: Grid = grid) =>
      expect(crossValidate(what, other, { ...options, journal: memoryJournal(journalText) })).rejects;
    await refuses(text, x, { ...grid, axes: { rank: [0, 1, 2] } }).toThrow("one of another grid or other data");
    await refuses(text, planted([9, 8, 7], 2, 0.1, 2)).toThrow("one of another grid or other data");
    await refuses("a letter\nto a friend\n").toThrow("expected a journal of this grid, got another text");
    await refuses("a letter").toThrow("got another text");
    const { textChecksum } = await import("../../src/base"),
      body = toJson({ ltrnn: "0.0.1", grid: "0" });
    await refuses(`${textChecksum(body)} ${body}\n`).toThrow(`one of ltrnn 0.0.1, this is ${version}`);
  },
);

test("a cell that fails is a row with its reason, and the others go on", async () => {
  const moody: Candidate = {
    axes: ["rank"],
    fit: (data, { axes }) => {
      if (axes.rank === 2) throw new RangeError("rank two is bad luck");
      return { prediction: data, status: "converged", score: "energy" };
    },
  };
  const { rows, choice } = await crossValidate(
    x,
    { model: "moody", axes: { rank: [1, 2, 3] } },
    { ...options, executor: inProcess({ candidates: { moody } }) },
  );
  expect(rows.filter(({ status }) => status === "failed").map(({ reason }) => reason)).toEqual(
    new Array(3).fill("rank two is bad luck"),
  );
  expect(choice?.points[1]).toMatchObject({ unscored: 3, reasons: ["rank two is bad luck"], folds: [] });
  expect(choice?.axes.rank).toBe(1);
});

test("a signal stops the grid between cells, with what is finished", async () => {
  const stop = new AbortController(),
    seen = await steps(
      (async function* () {
        for await (const step of crossValidateSteps(x, grid, { ...options, signal: stop.signal })) {
          if (step.done === 4) stop.abort();
          yield step;
        }
      })(),
    );
  expect(seen.at(-1)).toMatchObject({ status: "aborted", done: 4 });
  expect(seen.at(-1)!.choice).not.toBeNull();
});

test("ten thousand cells: jobs are asked for one by one, and only rows are kept", async () => {
  let asked = 0,
    ahead = 0;
  const many: Grid = { model: "cp", axes: { rank: [0], seed: Array.from({ length: 10_000 }, (_, i) => i) } };
  const executor = {
    async *run(jobs: Iterable<import("../../src/select").GridJob>) {
      for (const { cell, fold, specification } of jobs) {
        asked++;
        ahead = Math.max(ahead, asked - cell);
        yield {
          ...{
            cell,
            fold,
            model: "cp",
            axes: specification.axes,
            status: "converged" as const,
            reason: null,
            facts: {},
          },
          ...{ training: 0, validation: 0, test: 0 },
        };
      }
    },
  };
  const run = crossValidateSteps(x, many, { ...options, folds: 1, executor });
  for (let i = 0; i < 200; i++) await run.next();
  expect([asked, ahead]).toEqual([200, 1]);
  await run.return(undefined);
});

test("noise has no low rank, and an edge is called an edge", async () => {
  const { normal } = random(3, "noise"),
    noise = tensor([9, 8, 7], Array.from({ length: 504 }, normal)),
    none = await crossValidate(noise, grid, options);
  expect(none.choice).toMatchObject({ answer: "no low rank" });
  const short = await crossValidate(planted([9, 8, 7], 4, 0.05, 1), { model: "cp", axes: { rank: [1, 2] } }, options);
  expect(short.choice?.edges).toMatchObject([{ axis: "rank", value: 2, end: "last" }]);
  expect(short.choice?.statement).toContain("rank 2 is an edge of the grid");
});

test("one standard error: of the paired difference over folds, by hand", () => {
  const row = (cell: number, rank: number, fold: number, validation: number): GridRow => ({
    ...{ cell, model: "cp", axes: { rank }, fold, status: "converged", reason: null, facts: {} },
    ...{ training: validation, validation, test: validation },
  });
  // differences of rank 2 from rank 1: 0.01, -0.005, 0.01: mean 0.005, standard error 0.005; then 0.008, 0.01, 0.012
  const near = [
    row(0, 1, 0, 0.5),
    row(1, 1, 1, 0.9),
    row(2, 1, 2, 0.7),
    row(3, 2, 0, 0.51),
    row(4, 2, 1, 0.895),
    row(5, 2, 2, 0.71),
  ];
  const far = [...near.slice(0, 3), row(3, 2, 0, 0.508), row(4, 2, 1, 0.91), row(5, 2, 2, 0.712)];
  expect(oneStandardError(near, { errors: 1.01 })?.axes.rank).toBe(1);
  expect(oneStandardError(near, { errors: 0.99 })?.axes.rank).toBe(2);
  expect(oneStandardError(far)?.axes.rank).toBe(2);
  expect(oneStandardError(near)?.best.validation.mean).toBeCloseTo(0.705, 12);
  expect(oneStandardError([])).toBeNull();
  // better by rounding, in one fold and in three
  const same = [row(0, 1, 0, 1 - 5e-9), row(3, 2, 0, 1), row(1, 1, 1, 0.9), row(2, 1, 2, 0.7)];
  const three = [...same, row(4, 2, 1, 0.9), row(5, 2, 2, 0.7)];
  for (const rows of [same.slice(0, 2), three]) {
    expect(oneStandardError(rows)?.axes.rank).toBe(1);
    expect(oneStandardError(rows, { errors: 0 })?.axes.rank).toBe(2);
  }
  expect(oneStandardError([row(0, 1, 0, 1 - 2e-8), row(3, 2, 0, 1)])?.axes.rank).toBe(2);
});

test("hypotheses are simpler in the order in which the library names them", () => {
  const names = ["nothing", "inputs", "jump", "weights", "shuffled", "free"];
  const rows = names.flatMap((hypothesis, place) =>
    [0, 1].map(
      (fold): GridRow => ({
        ...{ cell: 2 * place + fold, model: "fit", axes: { hypothesis }, fold, status: "converged", reason: null },
        ...{ facts: {}, training: 0.5, validation: 0.5 + 0.1 * fold, test: 0.5 },
      }),
    ),
  );
  const among = (...some: string[]) =>
    oneStandardError(rows.filter(({ axes }) => some.includes(String(axes.hypothesis))).reverse())?.axes.hypothesis;
  names.slice(1).forEach((name, i) => expect(among(name, names[i])).toBe(names[i]));
});

test("fits: hypotheses, and baselines on the very same boxes; that nothing changes is an answer", async () => {
  const { normal } = random(4, "activity"),
    conditions = Array.from({ length: 16 }, (_, k) => k % 2),
    activity = zeros([16, 6, 4]);
  activity.data.forEach((_, at) => {
    const [k, t, n] = [Math.floor(at / 24), Math.floor(at / 4) % 6, at % 4];
    activity.data[at] = Math.sin(t + n + 2 * (k % 2)) + 0.05 * normal();
  });
  const grids: Grid[] = [
    { model: "conditionMean", options: { conditions } },
    {
      axes: { hypothesis: ["nothing", "weights"], size: [6] },
      options: { conditions, inputs: 2, training: { steps: 40, starts: 1 } },
    },
  ];
  const { rows, choice } = await crossValidate(activity, grids, { folds: 2, boxes: { half: [1, 1, Infinity] } });
  expect(rows.map(({ model, fold }) => `${model} ${fold}`)).toEqual([
    ...["conditionMean 0", "conditionMean 1", "fit 0", "fit 0", "fit 1", "fit 1"],
  ]);
  for (const { validation, reason } of rows) expect(validation, reason ?? "").toBeGreaterThan(0.8);
  const fits = oneStandardError(
    rows.filter(({ model }) => model === "fit"),
    { errors: 100 },
  );
  expect(fits).toMatchObject({ answer: "no learning", axes: { hypothesis: "nothing" } });
  expect(choice?.points).toHaveLength(3);
});

test("what the mask hides may be anything, and changes nothing", async () => {
  const hides = (at: number) => at % 11 === 3,
    mask = tensor(
      x.shape,
      x.data.map((_, at) => (hides(at) ? 0 : 1)),
    ),
    small = { model: "cp", axes: { rank: [1] }, options: { sweeps: 3 } };
  const rows = async (hidden: number) => {
    const data = tensor(
      x.shape,
      x.data.map((value, at) => (hides(at) ? hidden : value)),
    );
    return (await crossValidate(data, small, { ...options, mask })).rows;
  };
  const missing = await rows(NaN);
  for (const hidden of [Infinity, -Infinity, 1e300]) expect(await rows(hidden)).toEqual(missing);
  await expect(crossValidate(tensor([2, 2], [1, Infinity, 2, 3]), small)).rejects.toThrow("got Infinity at entry 1");
});

test("wrong grids are refused before anything is run", async () => {
  const refuses = (other: unknown, more: object = {}, data: Tensor = x) =>
    expect(crossValidate(data, other as Grid, { ...options, ...more })).rejects;
  await refuses([]).toThrow("crossValidate: expected a grid, or a list of grids, got an empty list");
  await refuses({ ...grid, axes: { rank: [] } }).toThrow("grid.axes.rank to be a list of values, at least one");
  await refuses({ ...grid, axes: { ranks: [1] } }).toThrow("Did you mean rank?");
  await refuses({ ...grid, axes: { rank: [1, 1] } }).toThrow("different values along");
  await refuses({ model: "cq", axes: {} }).toThrow("a model out of fit, cp");
  await refuses({ ...grid, options: { sweep: 3 } }).toThrow("Did you mean sweeps?");
  await refuses({ axes: { rank: [1] }, options: { network: { unit: 3 } } }).toThrow("Did you mean units?");
  await refuses({ model: "cp", axes: { rank: [1], size: [3] } }).toThrow("axes that cp takes");
  await refuses({ axes: { kernel: [() => 1] } }).toThrow("got a function");
  await refuses(grid, { boxes: { half: [0, Infinity, Infinity], test: 0.2, validation: 0.2 } }).toThrow(
    "every slice in fold 0",
  );
  await refuses(grid, { boxes: { half: [1, 1] } }).toThrow("3 numbers in boxes.half");
  await refuses(grid, { executor: {} }).toThrow("executor to be an executor { run(jobs, context) }");
  await refuses(grid, { journal: "file" }).toThrow("journal to be a journal { read, append }");
  await refuses(grid, { executor: { async *run() {} } }).toThrow("rows of all 24 cells from the executor, got 0");
  await expect(last(crossValidateSteps(x, grid, { ...options, folds: 0 }))).rejects.toThrow(
    "crossValidateSteps: expected folds",
  );
  await expect(runGridJob([...gridJobs(x, grid, options)][0], zeros([9, 8, 7]))).rejects.toThrow(
    "expected the data data, of checksum",
  );
});
