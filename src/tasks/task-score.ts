import { fail, isRecord, readOptions, show } from "../base";
import { varianceExplainedIn } from "../scores";
import { checkFinite, checkMask, checkSameShape, zerosFor, type Tensor3 } from "../tensor";
import { batchFields } from "./task-fields";
import type { Task, TaskBatch } from "./task";

/**
 * The score of outputs on a task, at most 1. For tasks with choices it is the share of trials with the correct sign, at
 * every output, of the output's mean over the steps with a choice as target. For other tasks it is the explained
 * variance of the targets. Only entries in the task's mask count.
 *
 * @param task - one of the library, or a custom one: only its `batch` and `scored` are read
 * @param outputs - (trials × time × targets): a simulation's outputs, or its `plantStates` without the start
 * @throws {@link LtrnnError} for what is no task, another shape, outputs that are not finite, and targets without any
 * variance or choice
 * @example taskScore(goNoGo({ trials: 9, grace: 0 }), goNoGo({ trials: 9, grace: 0 }).batch.targets) // 1
 */
export function taskScore(task: Pick<Task, "batch" | "scored">, outputs: Tensor3): number {
  const where = "taskScore";
  if (!isRecord(task) || (task.scored !== "choices" && task.scored !== "values"))
    fail(where, {
      expected: 'task to be a record { batch, scored: "choices" or "values", … }',
      got: isRecord(task) ? `scored ${show((task as Partial<Task>).scored)}` : show(task),
      fix: "Pass what a task of the library gives, such as flipFlop(), or a record like it.",
    });
  const { targets, mask: given } = readOptions<TaskBatch, ReturnType<typeof batchFields>>(
    where,
    (task.batch as TaskBatch | undefined) ?? (null as never),
    batchFields(),
    "task.batch",
  );
  checkSameShape(where, "outputs", outputs, targets.shape, "the targets");
  if (given) checkMask(where, "task.batch.mask", given, targets.shape, "the targets");
  const mask = given ?? all(where, targets);
  if (task.scored === "values") return varianceExplainedIn(where, targets, outputs, { train: mask, over: mask });
  checkFinite(where, "outputs", outputs, mask);
  checkFinite(where, "task.batch.targets", targets, mask);
  return shareOfRight(where, targets, outputs, mask);
}

function all(where: string, { shape }: Tensor3): Tensor3 {
  const ones = zerosFor(where, shape);
  ones.data.fill(1);
  return ones;
}

function shareOfRight(where: string, targets: Tensor3, outputs: Tensor3, mask: Tensor3): number {
  const [trials, steps, channels] = targets.shape;
  let right = 0,
    asked = 0;
  for (let k = 0; k < trials; k++) {
    let choices = 0,
      good = 0;
    for (let i = 0; i < channels; i++) {
      let wanted = 0,
        sum = 0;
      for (let t = 0; t < steps; t++) {
        const entry = (k * steps + t) * channels + i;
        if (mask.data[entry] === 0 || targets.data[entry] === 0) continue;
        wanted = Math.sign(targets.data[entry]);
        sum += outputs.data[entry] / steps;
      }
      if (wanted === 0) continue;
      choices++;
      if (Math.sign(sum) === wanted) good++;
    }
    if (choices > 0) asked++;
    if (choices > 0 && good === choices) right++;
  }
  if (asked === 0)
    fail(where, {
      expected: "targets other than 0 that the mask leaves in: the choices that are wanted",
      got: "none",
      fix: 'Score it as "values", or set the mask to 1 in the response.',
    });
  return right / asked;
}
