import { describe, expect, test } from "vitest";
import {
  contextIntegration,
  delayedMatch,
  flipFlop,
  goNoGo,
  linearTeacher,
  parametricWorkingMemory,
  perceptualDecision,
  reaching,
  sineWave,
  taskScore,
  type Task,
} from "../../src/tasks";
import { tensor, type Tensor3 } from "../../src/tensor";
import { lossAndGradient } from "../../src/run";
import { FullRankRNN } from "../../src/models";

type Numbers = Readonly<Record<string, unknown>>;

/** A task of the library: how it is made, and what its targets and mask must be, from its inputs alone. */
interface Row {
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: each task has its own options
  readonly make: (options?: any) => Task<any>;
  /** numbers that make small trials, without noise, of another shape than the default */
  readonly small: Numbers;
  /** whether anything is drawn */
  readonly drawn: boolean;
  /** the targets of one trial, from its inputs: (time × inputs) to (time × targets) */
  readonly targets: (inputs: number[][], numbers: Numbers, task: Task) => number[][];
  /** which targets are masked out, of one trial */
  readonly hidden: (inputs: number[][], numbers: Numbers) => boolean[][];
  /** a wrong option, and the refusal */
  readonly refused: readonly (readonly [Numbers, string])[];
}

/** The rows of a trial. */
const trialOf = ({ shape: [, steps, channels], data }: Tensor3, k: number) =>
  Array.from({ length: steps }, (_, t) =>
    Array.from(data.subarray((k * steps + t) * channels, (k * steps + t + 1) * channels)),
  );
/** 0 before the cue goes off, and then a choice by the evidence before. */
const choose = (inputs: number[][], decide: (shown: number[][]) => number) => {
  const shown = inputs.filter(([cue]) => cue === 1);
  return inputs.map(([cue]) => [cue === 1 ? 0 : decide(shown)]);
};
/** Nothing but the first steps after the cue goes off. */
const afterCue = (inputs: number[][], { grace }: Numbers) => {
  const begun = inputs.findIndex(([cue]) => cue === 0);
  return inputs.map((_, t) => [t >= begun && t < begun + (grace as number)]);
};
const sumOf = (values: number[][], i: number) => values.reduce((sum, row) => sum + row[i], 0);
const choiceRefusals = (where: string): Row["refused"] => [
  [{ trials: 0 }, `${where}: expected trials to be a whole number of at least 1 and at most 1000000, got 0`],
  [
    { grace: 8 },
    `${where}: expected grace below 8, the steps of the response: beyond it the mask hides them all, got 8`,
  ],
  [{ phases: { response: 0 } }, `${where}: expected phases.response to be a whole number of at least 1`],
  [{ dt: 0 }, `${where}: expected dt to be a finite number above 0`],
  [{ noise: -1 }, `${where}: expected noise to be a finite number of at least 0`],
];

const rows: readonly Row[] = [
  {
    name: "reaching",
    make: reaching,
    small: { targets: 5, steps: 20, cue: 3, duration: 12, dt: 0.2, radius: 2 },
    drawn: false,
    targets(inputs, { duration, dt, radius }) {
      // Flash & Hogan's polynomial and its derivative, from the step at which the cue is first on
      const cue = inputs.findIndex(([, , go]) => go === 1);
      return inputs.map(([x, y], t) => {
        const s = Math.min(1, Math.max(0, (t + 1 - cue) / (duration as number)));
        const gone = (radius as number) * (10 * s ** 3 - 15 * s ** 4 + 6 * s ** 5),
          speed =
            ((radius as number) * (30 * s ** 2 - 60 * s ** 3 + 30 * s ** 4)) / ((duration as number) * (dt as number));
        return [gone * x, gone * y, speed * x, speed * y];
      });
    },
    hidden: (inputs) => inputs.map(() => [false, false, false, false]),
    refused: [
      [{ targets: 0 }, "reaching: expected targets to be a whole number"],
      [{ steps: 10, cue: 11 }, "reaching: expected cue to be a whole number from 0 to 10, got 11"],
    ],
  },
  {
    name: "perceptualDecision",
    make: perceptualDecision,
    small: { trials: 9, noise: 0, grace: 2, dt: 0.3, phases: { fixation: 2, stimulus: 5, delay: 3, response: 4 } },
    drawn: true,
    targets: (inputs) => choose(inputs, (shown) => Math.sign(sumOf(shown, 1))),
    hidden: afterCue,
    refused: [
      ...choiceRefusals("perceptualDecision"),
      [{ coherences: [0.5, 1.5] }, "coherences to be an array of at least one number above 0 and at most 1, got 1.5"],
      [{ coherences: [] }, "got an empty array"],
    ],
  },
  {
    name: "contextIntegration",
    make: contextIntegration,
    small: { trials: 20, noise: 0, grace: 1, dt: 0.3, coherences: [0.3, 0.7], phases: { stimulus: 5, response: 4 } },
    drawn: true,
    targets: (inputs) => choose(inputs, (shown) => Math.sign(shown[0][3] === 1 ? sumOf(shown, 1) : sumOf(shown, 2))),
    hidden: afterCue,
    refused: choiceRefusals("contextIntegration"),
  },
  {
    name: "parametricWorkingMemory",
    make: parametricWorkingMemory,
    small: {
      trials: 20,
      noise: 0,
      grace: 1,
      dt: 0.3,
      phases: { fixation: 2, first: 3, delay: 4, second: 2, response: 3 },
    },
    drawn: true,
    targets: (inputs) => choose(inputs, (shown) => Math.sign(shown[2][1] - shown[9][1])),
    hidden: afterCue,
    refused: [
      ...choiceRefusals("parametricWorkingMemory"),
      [{ pairs: [[10, 10]] }, "pairs to be an array of at least one [first, second], two finite numbers that differ"],
    ],
  },
  {
    name: "delayedMatch",
    make: delayedMatch,
    small: {
      trials: 30,
      stimuli: 3,
      noise: 0,
      grace: 1,
      dt: 0.3,
      phases: { fixation: 2, sample: 3, delay: 4, test: 2, response: 3 },
    },
    drawn: true,
    targets: (inputs) => choose(inputs, (shown) => (shown[2].indexOf(1, 1) === shown[9].indexOf(1, 1) ? 1 : -1)),
    hidden: afterCue,
    refused: [
      ...choiceRefusals("delayedMatch"),
      [{ match: 1.1 }, "delayedMatch: expected match to be a finite number of at least 0 and at most 1, got 1.1"],
      [{ stimuli: 1 }, "delayedMatch: expected stimuli to be a whole number of at least 2"],
    ],
  },
  {
    name: "goNoGo",
    make: goNoGo,
    small: { trials: 12, noise: 0, grace: 1, dt: 0.3, phases: { fixation: 2, stimulus: 3, delay: 0, response: 3 } },
    drawn: true,
    targets: (inputs, { reversed }) =>
      choose(inputs, (shown) => (sumOf(shown, 1) > sumOf(shown, 2) ? 1 : -1) * (reversed ? -1 : 1)),
    hidden: afterCue,
    refused: [
      ...choiceRefusals("goNoGo"),
      [
        { probability: -0.1 },
        "goNoGo: expected probability to be a finite number of at least 0 and at most 1, got -0.1",
      ],
    ],
  },
  {
    name: "flipFlop",
    make: flipFlop,
    small: { bits: 2, trials: 7, steps: 50, probability: 0.2, width: 3, grace: 2, dt: 0.3 },
    drawn: true,
    targets: (inputs) =>
      inputs.map((_, t) => [0, 1].map((bit) => inputs.slice(0, t + 1).findLast((row) => row[bit] !== 0)![bit])),
    hidden: (inputs, { width, grace }) => {
      // pulses follow each other without a gap at times, so that only their length tells where one begins
      const begun = [0, 1].map((bit) => {
        const starts: number[] = [];
        inputs.forEach((row, t) => {
          if (row[bit] !== 0 && t - (starts.at(-1) ?? -Infinity) >= (width as number)) starts.push(t);
        });
        return starts;
      });
      return inputs.map((_, t) => begun.map((starts) => t - starts.findLast((s) => s <= t)! < (grace as number)));
    },
    refused: [
      [{ trials: 0 }, "flipFlop: expected trials to be a whole number"],
      [{ probability: 2 }, "flipFlop: expected probability to be a finite number of at least 0 and at most 1, got 2"],
      [
        { grace: 60 },
        "flipFlop: expected a grace that leaves targets to learn from, got 60 in " +
          "trials of 60 steps: the mask hides everything",
      ],
      [{ probability: 1, width: 3, grace: 3 }, "the mask hides everything"],
      [{ bit: 2 }, "Did you mean bits?"],
    ],
  },
  {
    name: "sineWave",
    make: sineWave,
    small: { frequencies: 4, lowest: 0.3, highest: 1.2, steps: 30, grace: 3, dt: 0.05 },
    drawn: false,
    targets: (inputs, { lowest, highest, dt }) =>
      inputs.map(([level], t) => {
        const frequency = (lowest as number) + (level - 0.25) * ((highest as number) - (lowest as number));
        return [Math.sin(2 * Math.PI * frequency * (dt as number) * (t + 1))];
      }),
    hidden: (inputs, { grace }) => inputs.map((_, t) => [t < (grace as number)]),
    refused: [
      [{ frequencies: 0 }, "sineWave: expected frequencies to be a whole number"],
      [{ lowest: 1 }, "sineWave: expected highest of at least 1, the lowest frequency, got 0.6"],
      [{ dt: 1 }, "sineWave: expected highest below 1 / (2 dt), fewer than one cycle in two steps, got 0.6 at dt = 1"],
      [{ grace: 80 }, "sineWave: expected grace below 80, the steps of a trial: beyond it the mask hides them all"],
    ],
  },
  {
    name: "linearTeacher",
    make: linearTeacher,
    small: { units: 4, inputs: 2, outputs: 3, trials: 5, steps: 12, dt: 0.5 },
    drawn: true,
    targets(inputs, { dt }, task) {
      // by the impulse response: y_t = sum over s of C (1 + dt (W - 1))^(t - s) dt W_in u_s
      const { w, wIn, readout } = (task as ReturnType<typeof linearTeacher>).teacher,
        n = w.shape[0];
      const kernels: number[][][] = [];
      let columns = [0, 1].map((j) => Array.from({ length: n }, (_, i) => (dt as number) * wIn.data[i * 2 + j]));
      for (let lag = 0; lag < inputs.length; lag++) {
        kernels.push(
          [0, 1, 2].map((o) =>
            columns.map((x) => x.reduce((sum, value, i) => sum + readout.data[o * n + i] * value, 0)),
          ),
        );
        columns = columns.map((x) =>
          x.map(
            (value, i) =>
              value + (dt as number) * (-value + x.reduce((sum, other, j) => sum + w.data[i * n + j] * other, 0)),
          ),
        );
      }
      return inputs.map((_, t) =>
        [0, 1, 2].map((o) =>
          inputs
            .slice(0, t + 1)
            .reduce((sum, u, s) => sum + kernels[t - s][o][0] * u[0] + kernels[t - s][o][1] * u[1], 0),
        ),
      );
    },
    hidden: (inputs) => inputs.map(() => [false, false, false]),
    refused: [
      [{ trials: 0 }, "linearTeacher: expected trials to be a whole number"],
      [{ dt: 2 }, "linearTeacher: expected dt to be a finite number above 0 and at most 1, got 2"],
      [{ gain: 1 }, "linearTeacher: expected gain to be a finite number of at least 0 and below 1, got 1"],
    ],
  },
];

describe.each(rows)("$name", ({ name, make, small, drawn, targets, hidden, refused }) => {
  test("shapes agree, every number is finite, and labels are as many as trials and channels", () => {
    for (const task of [make(), make(small)]) {
      const { batch, conditions, channels, dt, kind } = task,
        [trials, steps, inputs] = batch.inputs.shape;
      expect(kind).toBe(name);
      expect(batch.targets.shape.slice(0, 2)).toEqual([trials, steps]);
      if (batch.mask) expect(batch.mask.shape).toEqual(batch.targets.shape);
      expect(channels.inputs).toHaveLength(inputs);
      expect(channels.targets).toHaveLength(batch.targets.shape[2]);
      for (const values of Object.values(conditions) as number[][]) {
        expect(values).toHaveLength(trials);
        expect(values.every(Number.isFinite)).toBe(true);
      }
      for (const x of [batch.inputs, batch.targets]) expect(x.data.every(Number.isFinite)).toBe(true);
      expect(dt).toBe(task.provenance.options.dt);
      expect(structuredClone(task)).toEqual(task);
      expect(task.provenance.by).toBe(name);
    }
  });

  test("the same seed gives the same bits, another seed others; the provenance makes the task again", () => {
    const task = make({ ...small, ...(drawn ? { seed: 3 } : {}) });
    expect(make({ ...small, ...(drawn ? { seed: 3 } : {}) })).toEqual(task);
    const { seed, options } = task.provenance;
    expect(make({ ...options, ...(seed === null ? {} : { seed }) })).toEqual(task);
    expect(seed).toBe(drawn ? 3 : null);
    if (drawn) expect(make({ ...small, seed: 4 }).batch.inputs.data).not.toEqual(task.batch.inputs.data);
    else expect(() => make({ ...small, seed: 4 })).toThrow(`${name}: expected options by known names`);
  });

  test("targets follow from inputs, and the mask hides only what is documented", () => {
    const cases = name === "goNoGo" ? [small, { ...small, reversed: true }] : [small];
    for (const numbers of cases)
      for (const extra of drawn ? [{ seed: 1 }, { seed: 2 }, { seed: 3 }] : [{}]) {
        const task = make({ ...numbers, ...extra }),
          { batch } = task;
        for (let k = 0; k < batch.inputs.shape[0]; k++) {
          const inputs = trialOf(batch.inputs, k),
            wanted = targets(inputs, numbers, task).flat(),
            out = hidden(inputs, numbers).flat();
          trialOf(batch.targets, k)
            .flat()
            .forEach((target, i) => expect(target, `trial ${k}, entry ${i}`).toBeCloseTo(wanted[i], 12));
          const mask = batch.mask ? trialOf(batch.mask, k).flat() : out.map(() => 1);
          expect(mask).toEqual(out.map((left) => (left ? 0 : 1)));
        }
      }
  });

  test("its targets score 1, and a network takes it as it is", () => {
    const task = make(small),
      { batch } = task;
    expect(taskScore(task, batch.targets)).toBeCloseTo(1, 12);
    const model = FullRankRNN.random(
      { units: 4, inputs: batch.inputs.shape[2], outputs: batch.targets.shape[2], tau: task.dt },
      1,
    );
    expect(lossAndGradient(model, batch, { dt: task.dt }).loss).toBeGreaterThan(0);
    expect(() => lossAndGradient(model, batch, { dt: 2 * task.dt })).toThrow("expected dt at most tau");
    const { inputs, ...rest } = batch,
      [trials, steps, count] = inputs.shape,
      other = tensor([trials, steps, count + 1], new Float64Array(trials * steps * (count + 1)));
    expect(() => lossAndGradient(model, { ...rest, inputs: other })).toThrow(`expected ${count} inputs`);
  });

  test.each(refused)("refuses %j", (options, message) => expect(() => make(options)).toThrow(message));
});

/** Share of each value among some. */
const share = (values: readonly number[], value: number) => values.filter((x) => x === value).length / values.length;

test("trials are drawn as often as their options say", () => {
  const trials = 4000,
    close = (got: number, want: number) => expect(Math.abs(got - want)).toBeLessThan(0.03); // 4 standard errors
  const { coherence } = perceptualDecision({ trials, coherences: [0.2, 0.4], seed: 1 }).conditions;
  for (const value of [-0.4, -0.2, 0.2, 0.4]) close(share(coherence, value), 0.25);
  const context = contextIntegration({ trials, seed: 1 }).conditions;
  close(share(context.context, 1), 0.5);
  close(
    share(
      context.motion.map((m, k) => Math.sign(m) * Math.sign(context.color[k])),
      1,
    ),
    0.5,
  ); // independent
  const match = delayedMatch({ trials, stimuli: 4, match: 0.3, seed: 1 }).conditions;
  close(share(match.choice, 1), 0.3);
  for (const stimulus of [0, 1, 2, 3]) {
    close(share(match.sample, stimulus), 0.25);
    close(share(match.test, stimulus), 0.25);
  }
  for (const value of [10, 14, 18, 22]) // of ten pairs, two begin between 18 and 26, one at 10 and at 14
    close(share(parametricWorkingMemory({ trials, seed: 1 }).conditions.first, value), value < 18 ? 0.1 : 0.2);
  close(share(goNoGo({ trials, probability: 0.8, seed: 1 }).conditions.stimulus, 0), 0.8);
  for (const [probability, stimulus] of [
    [0, 1],
    [1, 0],
  ])
    expect(share(goNoGo({ trials: 50, probability }).conditions.stimulus, stimulus)).toBe(1);
  // a pulse lasts 2 steps and is followed after 1 / p - 1 steps on average: so many starts per step
  const { inputs } = flipFlop({ bits: 1, trials: 200, steps: 200, probability: 0.1, width: 2, seed: 1 }).batch;
  expect(inputs.data.filter((u) => u !== 0).length / inputs.data.length).toBeCloseTo(2 / (1 + 1 / 0.1), 1);
});

test("noise is of the size asked for, on evidence alone", () => {
  const task = contextIntegration({ trials: 300, noise: 0.7, coherences: [0.5], seed: 1 }),
    { motion, context } = task.conditions;
  const residuals: number[] = [];
  for (let k = 0; k < 300; k++)
    trialOf(task.batch.inputs, k).forEach((row, t) => {
      residuals.push(row[1] - (t >= 3 && t < 23 ? motion[k] : 0));
      expect(row.slice(3)).toEqual([1 - context[k], context[k]]);
    });
  const mean = residuals.reduce((a, b) => a + b, 0) / residuals.length,
    deviation = Math.sqrt(residuals.reduce((sum, x) => sum + x * x, 0) / residuals.length);
  expect(Math.abs(mean)).toBeLessThan(0.03);
  expect(deviation).toBeCloseTo(0.7, 1);
  const still = delayedMatch({ trials: 5, noise: 0 }).batch.inputs.data;
  expect(new Set(still)).toEqual(new Set([0, 1]));
});

test("an ideal observer of the dots is right as often as its formula says", () => {
  const task = perceptualDecision({ trials: 4000, coherences: [0.1], noise: 0.5, seed: 2 }),
    outputs = { ...task.batch.targets, data: new Float64Array(task.batch.targets.data.length) };
  for (let k = 0; k < 4000; k++)
    outputs.data.fill(sumOf(trialOf(task.batch.inputs, k).slice(3, 23), 1), k * 31, (k + 1) * 31);
  // Phi(0.1 sqrt(20) / 0.5) = Phi(0.8944) = 0.8144
  expect(Math.abs(taskScore(task, outputs) - 0.8144)).toBeLessThan(0.025);
});

test("a reversal exchanges what A and B mean, and nothing else", () => {
  const [rule, reversed] = [false, true].map((reversed) => goNoGo({ trials: 40, reversed, seed: 5 }));
  expect(reversed.batch.inputs).toEqual(rule.batch.inputs);
  expect(reversed.batch.targets.data).toEqual(rule.batch.targets.data.map((y) => (y === 0 ? 0 : -y)));
});
