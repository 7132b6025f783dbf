import { expect, test } from "vitest";
import { goNoGo, taskScore, type Task } from "../../src/tasks";
import { tensor, zeros } from "../../src/tensor";

const choices = goNoGo({ trials: 4, grace: 1, noise: 0, phases: { fixation: 1, stimulus: 1, delay: 0, response: 3 } });

test("a choice is the sign of the output's mean over the response, of all outputs; its mask is left out", () => {
  const { targets } = choices.batch,
    with_ = (change: (data: Float64Array) => void) => {
      const data = targets.data.slice();
      change(data);
      return taskScore(choices, { ...targets, data });
    };
  expect(with_(() => {})).toBe(1);
  expect(with_((data) => data.subarray(0, 5).forEach((y, t) => (data[t] = -y)))).toBe(0.75);
  expect(with_((data) => (data[2] = -1e9 * data[2]))).toBe(1); // in the grace
  expect(with_((data) => (data[2] = NaN))).toBe(1);
  expect(with_((data) => (data[3] = -0.9 * data[3]))).toBe(1); // the mean still has the sign
  expect(with_((data) => (data[3] = -1.1 * data[3]))).toBe(0.75);
  expect(with_((data) => data.fill(0))).toBe(0); // no choice is no right choice
});

test("values are scored by variance explained where the mask is 1; your own record is scored alike", () => {
  const own: Pick<Task, "batch" | "scored"> = {
    scored: "values",
    batch: {
      inputs: zeros([1, 4, 1]),
      targets: tensor([1, 4, 1], [1, 2, 3, NaN]),
      mask: tensor([1, 4, 1], [1, 1, 1, 0]),
    },
  };
  expect(taskScore(own, tensor([1, 4, 1], [1, 2, 3, 9]))).toBe(1);
  expect(taskScore(own, tensor([1, 4, 1], [2, 2, 2, 9]))).toBe(0);
  const two: Pick<Task, "batch" | "scored"> = {
    scored: "choices",
    batch: { inputs: zeros([2, 1, 1]), targets: tensor([2, 1, 2], [1, -1, 0, 0]) },
  };
  expect(taskScore(two, tensor([2, 1, 2], [1, -1, 5, 5]))).toBe(1); // the second trial wants nothing
  expect(taskScore(two, tensor([2, 1, 2], [1, 1, 5, 5]))).toBe(0);
});

test("what cannot be scored is refused", () => {
  const { targets } = choices.batch;
  expect(() => taskScore({ batch: choices.batch } as never, targets)).toThrow(
    "taskScore: expected task to be a record",
  );
  expect(() => taskScore({ scored: "values" } as never, targets)).toThrow(
    "taskScore: expected task.batch to be a record",
  );
  expect(() => taskScore(choices, zeros([4, 5, 2]))).toThrow(
    "taskScore: expected outputs of shape (4 × 5 × 1), as the targets",
  );
  expect(() => taskScore(choices, { ...targets, data: targets.data.map(() => NaN) })).toThrow(
    "taskScore: expected finite entries in outputs, got NaN at index [0, 0, 0]",
  );
  const still = { ...choices, batch: { ...choices.batch, targets: zeros([4, 5, 1]) } };
  expect(() => taskScore(still, targets)).toThrow("taskScore: expected targets other than 0");
});
