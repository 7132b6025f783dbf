import { readFileSync } from "node:fs";
import { tensor, type Tensor } from "../../src/tensor";

/** What a file of another tool holds. */
// biome-ignore lint/suspicious/noExplicitAny: each file has its own layout, which the test that reads it knows
export type Oracle = any;

/** Numbers another tool made, from `test/oracles/`: every `{ shape, data }` in the file becomes a tensor. */
export function oracle(name: string): Oracle {
  const file = new URL(`../oracles/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8"), (_, value): Tensor | unknown =>
    value && Array.isArray(value.shape) && Array.isArray(value.data) && Object.keys(value).length === 2
      ? tensor(value.shape, value.data)
      : value,
  );
}
