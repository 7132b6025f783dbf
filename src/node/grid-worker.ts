import { fail, isRecord } from "../base";
import { runGridJob, type Candidates, type GridJob, type GridRow } from "../select";
import type { Tensor } from "../tensor";

/** What a thread is asked: a job, the data in shared memory, and the module that its candidates are from. */
export interface ThreadTask {
  readonly job: GridJob;
  readonly data: Tensor;
  readonly module: string | null;
  /** becomes 1 when the thread begins, so that its start is not of the cell's time */
  readonly begun: Int32Array;
}

/** What threads of a pool run: one cell. A thread that exits would leave its cell waiting: it fails instead. */
export default async function runTask({ job, data, module, begun }: ThreadTask): Promise<GridRow> {
  Atomics.store(begun, 0, 1);
  refuseToExit();
  return runGridJob(job, data, module === null ? {} : { candidates: await candidatesIn(module) });
}

/** Makes `process.exit` an error of the cell; not so while Node itself ends a thread after an error nobody caught. */
function refuseToExit(): void {
  if (process.exit === refused) return;
  const { exit } = process;
  process.exit = refused;
  process.once("uncaughtExceptionMonitor", () => {
    process.exit = exit;
  });
}

const refused = (code?: number | string | null): never => {
  throw new Error(`a candidate called process.exit(${code ?? ""})`);
};

/** The export `candidates` of a module, by its URL. */
async function candidatesIn(module: string): Promise<Candidates> {
  const { candidates } = (await import(/* @vite-ignore */ module)) as { readonly candidates?: unknown };
  if (!isRecord(candidates))
    fail("threadExecutor", {
      expected: `a module that exports a record called candidates`,
      got: `none in ${module}`,
      fix: "Write export const candidates = { mine: { axes: [], fit } }.",
    });
  return candidates as Candidates;
}
