import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { progressOn, timeLeft } from "../../src/cli/progress";
import { inProcess, memoryJournal, crossValidateSteps, type CrossValidation, type Executor } from "../../src/select";
import { tensor } from "../../src/tensor";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] }); // the clock stands still, but where a test moves it
});
afterEach(() => {
  vi.useRealTimers();
});

const x = tensor([2, 4], [1, 2, 3, 4, 2, 4, 6, 8]),
  grid = { model: "cp", axes: { rank: [0, 1], seed: [0, 1, 2] } } as const,
  options = { folds: 2, boxes: { half: [0, 0], test: 0.2, validation: 0.2 } } as const;

/** Cells take so many seconds, one after the other; the last is for all that follow. */
const taking = (...seconds: readonly number[]): Executor => ({
  candidates: {},
  async *run(jobs, context) {
    let cell = 0;
    for await (const row of inProcess().run(jobs, context)) {
      vi.advanceTimersByTime(1000 * seconds[Math.min(cell++, seconds.length - 1)]);
      yield row;
    }
  },
});

async function states(executor: Executor, journal = memoryJournal(), most = Number.POSITIVE_INFINITY) {
  const seen: CrossValidation[] = [];
  for await (const state of crossValidateSteps(x, grid, { ...options, executor, journal })) {
    seen.push(state);
    if (state.done === most) break;
  }
  return seen;
}

test("the time that is left of a grid is that of its cells so far, for each that is to come", async () => {
  const even = await states(taking(10));
  expect(even.map(({ secondsLeft }) => secondsLeft)).toEqual([110, 100, 90, 80, 70, 60, 50, 40, 30, 20, 10, 0]);
  const slower = await states(taking(2, 4, 12));
  expect(slower.slice(0, 4).map(({ secondsLeft }) => secondsLeft)).toEqual([2 * 11, 3 * 10, 6 * 9, (30 / 4) * 8]);
  expect(slower.at(-1)?.secondsLeft).toBe(0);
});

test("of a grid that goes on, cells of the journal took none of it: unknown before the first of this run", async () => {
  const journal = memoryJournal();
  await states(taking(100), journal, 5);
  const again = await states(taking(3), journal);
  expect(again[0]).toMatchObject({ done: 5, resumed: 5, secondsLeft: null });
  expect(again.slice(1).map(({ secondsLeft }) => secondsLeft)).toEqual([18, 15, 12, 9, 6, 3, 0]);
  const whole = await states(taking(3), journal);
  expect(whole.map(({ secondsLeft }) => secondsLeft)).toEqual([0]); // nothing is left to do
});

test("lines of progress say it in seconds, from 90 on in minutes, at most two a second but the last", async () => {
  const lines: string[] = [],
    say = progressOn({ out: () => {}, err: (text) => lines.push(text) });
  for (const { done, total, secondsLeft } of await states(taking(12))) {
    if (done === 2) vi.advanceTimersByTime(499);
    if (done === 3) vi.advanceTimersByTime(1);
    say(`${done} of ${total} cells${timeLeft(secondsLeft)}`, done === total);
  }
  expect(lines).toEqual(["1 of 12 cells, 3 min left\n", "3 of 12 cells, 2 min left\n", "12 of 12 cells, 0 s left\n"]);
  expect([null, 0, 0.2, 89, 90, 3600].map(timeLeft)).toEqual([
    "",
    ", 0 s left",
    ", 1 s left",
    ", 89 s left",
    ", 2 min left",
    ", 60 min left",
  ]);
});
