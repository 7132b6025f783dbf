import { expect, test } from "vitest";
import { halving, type Racer } from "../../src/base";

interface Runner extends Racer {
  steps: number;
  score: number;
  done: boolean;
  readonly name: string;
}
/** A racer whose score after k steps is given. */
const runner = (name: string, scoreOf: (steps: number) => number, end = Infinity) => {
  const self: Runner = { name, steps: 0, score: Infinity, done: false };
  const step = () => {
    self.steps++;
    self.score = scoreOf(self.steps);
    self.done = self.steps >= end;
  };
  return { self, step };
};

function run(racers: ReturnType<typeof runner>[], options: { round: number; most?: number }) {
  const turns: string[] = [],
    race = halving(
      racers.map(({ self }) => self),
      options,
    );
  for (;;) {
    const turn = race.next();
    if (turn.done) return { best: turn.value.name, turns, steps: racers.map(({ self }) => self.steps) };
    turns.push(`${turn.value.racer.name}${turn.value.round}`);
    racers.find(({ self }) => self === turn.value.racer)?.step();
  }
}

test("every round the worse half is left behind, and the last one runs to its end", () => {
  const slow = (gain: number) => (steps: number) => 10 - gain * steps;
  const { best, steps } = run(
    [runner("a", slow(1)), runner("b", slow(3)), runner("c", slow(2)), runner("d", slow(0))],
    {
      round: 2,
      most: 9,
    },
  );
  expect(best).toBe("b");
  expect(steps).toEqual([2, 9, 4, 2]);
});

test("a racer that has taken steps before, or is done, takes no more than its share", () => {
  const early = runner("early", () => 1, 3);
  early.step();
  early.step();
  const { turns, best } = run([early, runner("late", () => 2)], { round: 2, most: 6 });
  expect(turns).toEqual(["late0", "late0", "early1"]);
  expect(best).toBe("early");
});

test("a score that is no number loses to any that is", () => {
  expect(run([runner("broken", () => NaN), runner("fine", () => 1e300)], { round: 1, most: 3 }).best).toBe("fine");
  expect(run([runner("endless", () => Infinity), runner("broken", () => NaN)], { round: 1, most: 3 }).best).toBe(
    "endless",
  );
});

test("a racer alone just runs", () => {
  expect(run([runner("only", (steps) => steps)], { round: 2, most: 5 }).steps).toEqual([5]);
});
