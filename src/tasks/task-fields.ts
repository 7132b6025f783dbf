import { checkTensor3 } from "../tensor";
import type { FieldsOf } from "../base";
import type { TaskBatch } from "./task";

const tensorField = {
  is: "checked",
  check: checkTensor3,
} as const;

/** What every part of a {@link TaskBatch} is. */
export const batchFields = () =>
  ({
    inputs: { ...tensorField, needed: true },
    targets: { ...tensorField, needed: true },
    mask: tensorField,
  }) as const satisfies FieldsOf<TaskBatch>;
