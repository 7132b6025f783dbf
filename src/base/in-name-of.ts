import { LtrnnError, fail } from "./fail";

/** Run a function; an error that it throws is thrown in the name of the public function that was called. */
export async function inNameOf<T>(where: string, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof LtrnnError)) throw error;
    const { expected, got, fix, divergence } = error;
    return fail(where, { expected, got, fix, ...(divergence ? { divergence } : {}) });
  }
}
