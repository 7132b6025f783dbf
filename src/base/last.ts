import { fail } from "./fail";
import { show } from "./show";

/**
 * Run a loop to its end and give its last step: `const end = await last(train(objective, params))`.
 *
 * @throws {@link LtrnnError} when it is not a loop, or yields nothing
 * @example await last(["first", "second"]) // "second"
 */
export async function last<T>(steps: AsyncIterable<T> | Iterable<T>): Promise<T> {
  if (!isIterable(steps))
    fail("last", {
      expected: "a loop: a generator, or another iterable of steps",
      got: show(steps),
      fix: "Call the loop, as in last(train(objective, params)).",
    });
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

function isIterable(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  try {
    const { [Symbol.asyncIterator]: later, [Symbol.iterator]: now } = value as Partial<AsyncIterable<unknown>> &
      Partial<Iterable<unknown>>;
    return typeof later === "function" || typeof now === "function";
  } catch {
    return false; // a Proxy that throws
  }
}
