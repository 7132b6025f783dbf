import { fail } from "./fail";

/** Run a loop to its end and give its last step: `const end = await last(train(objective, params))`. */
export async function last<T>(steps: AsyncIterable<T> | Iterable<T>): Promise<T> {
  let seen = false;
  let end: T | undefined;
  for await (const step of steps) {
    end = step;
    seen = true;
  }
  if (!seen)
    fail("last", {
      expected: "a loop that yields at least one step",
      got: "none",
      fix: "Hand over a fresh generator: one that has run has nothing left to give.",
    });
  return end as T;
}
