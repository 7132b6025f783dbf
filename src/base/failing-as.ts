import { LtrnnError, fail } from "./fail";

/** Run a function; an error that it throws is thrown in the name of `where`, the public function that was called. */
export function failingAs<T>(where: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof LtrnnError) || error.where === where) throw error;
    const { expected, got, fix, divergence } = error;
    return fail(where, { expected, got, fix, ...(divergence ? { divergence } : {}) });
  }
}
