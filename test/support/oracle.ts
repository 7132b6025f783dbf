import { readFileSync } from "node:fs";
import { tensor, type Tensor } from "../../src/tensor";

/** Numbers another tool made, from `test/oracles/`: every `{ shape, data }` in the file becomes a tensor. */
// biome-ignore lint/suspicious/noExplicitAny: each file has its own layout, which the test that reads it knows
export function oracle(name: string): any {
  const file = new URL(`../oracles/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8"), (_, value): Tensor | unknown =>
    value && Array.isArray(value.shape) && Array.isArray(value.data) && Object.keys(value).length === 2
      ? tensor(value.shape, value.data)
      : value,
  );
}
