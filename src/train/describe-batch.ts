import { checksum } from "../base";
import type { Batch } from "../run";
import { digestsOf } from "./describe-params";

/** A batch as plain data: tensors and lists by their checksums. */
export function describeBatch({ trials, conditions, ...tensors }: Batch) {
  return { ...digestsOf({ ...tensors }), trials: indices(trials), conditions: indices(conditions) };
}

const indices = (list: readonly number[] | undefined) =>
  list ? { length: list.length, checksum: checksum(Float64Array.from(list)) } : null;
