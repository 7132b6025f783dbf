import { existsSync } from "node:fs";

/**
 * The folder of real recordings, from the environment; undefined where none is named, and then tests that want one are
 * left out.
 */
export const recordingsFolder: string | undefined = process.env.LTRNN_DATA || undefined;

if (recordingsFolder === undefined) console.log("LTRNN_DATA is not set: tests on real recordings are left out.");
else if (!existsSync(recordingsFolder))
  throw new Error(
    `LTRNN_DATA names ${recordingsFolder}, which does not exist. Correct it, or unset it to leave these tests out.`,
  );
