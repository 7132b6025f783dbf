/** The paper in one command: `npm run demo`. A recording of yours: `npx ltrnn analyze`, which this calls too. */
import { LtrnnError } from "ltrnn";
import { UsageError } from "./options";
import { run } from "./run";

run(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof UsageError || error instanceof LtrnnError)) throw error;
  console.error(`\n${error.message}`);
  process.exitCode = 1;
});
