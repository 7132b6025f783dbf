import { fail, readOptions } from "../base";
import { checkPlantParts, type Plant } from "../kernels";
import { checkMask, zerosFor } from "../tensor";
import { batchFields } from "./task-fields";
import type { TaskBatch } from "./task";

/**
 * Extends a batch, whose targets are for the first states of a plant, to all of its states: states without a target are
 * masked out.
 *
 * @param batch - such as `reaching().batch`, whose targets are a hand's position and velocity
 * @param plant - whose states begin with what the targets are about: {@link twoJointArm}, or {@link delayedFeedback}
 * @returns targets and mask of (trials × time × the plant's states); the same batch where they have that shape already
 * @throws {@link LtrnnError} for what is no batch or no plant, and for targets of more entries than the plant has
 * states
 * @example batchOnPlant(reaching().batch, delayedFeedback(pointMass({ dt: 0.1, feedback: true }), 3)).targets.shape
 * // [8, 40, 16]
 */
export function batchOnPlant(batch: TaskBatch, plant: Plant): TaskBatch {
  const where = "batchOnPlant",
    { inputs, targets, mask } = readOptions<TaskBatch, ReturnType<typeof batchFields>>(
      where,
      batch,
      batchFields(),
      "batch",
    );
  checkPlantParts(where, "plant", plant);
  if (mask) checkMask(where, "batch.mask", mask, targets.shape, "the targets");
  const [trials, steps, entries] = targets.shape;
  if (entries > plant.states)
    fail(where, {
      expected: `targets of at most ${plant.states} entries, the states of the plant`,
      got: String(entries),
      fix: "Take a plant whose first states are what the task is about.",
    });
  if (entries === plant.states) return batch;
  const padded = zerosFor(where, [trials, steps, plant.states]),
    seen = zerosFor(where, [trials, steps, plant.states]);
  for (let row = 0; row < trials * steps; row++)
    for (let i = 0; i < entries; i++) {
      padded.data[row * plant.states + i] = targets.data[row * entries + i];
      seen.data[row * plant.states + i] = mask ? mask.data[row * entries + i] : 1;
    }
  return { inputs, targets: padded, mask: seen };
}
