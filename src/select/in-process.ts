import { fail, readOptions, type FieldsOf } from "../base";
import type { Candidates } from "./candidate";
import { checkCandidates } from "./candidates";
import type { Executor } from "./executor";
import { runGridJob } from "./run-grid-job";

/** Options of {@link inProcess}. */
export interface InProcessOptions {
  /** custom candidates by name; each takes its axes and options from the grid; default none */
  readonly candidates?: Candidates;
}

const fields = {
  candidates: { is: "checked", check: checkCandidates, fallback: {} },
} as const satisfies FieldsOf<InProcessOptions>;

/**
 * The executor that computes one cell after the other in this thread, also in a browser. Between cells it yields to
 * other tasks.
 *
 * @throws {@link LtrnnError} when candidates are not valid, or have the name of one of the library's
 * @example Object.keys(inProcess()) // ["candidates", "run"]
 */
export function inProcess(options: InProcessOptions = {}): Executor {
  const candidates = readOptions("inProcess", options, fields).candidates as Candidates;
  return {
    candidates,
    async *run(jobs, { data, signal }) {
      for (const job of jobs) {
        if (signal?.aborted) return;
        const tensor = data[job.data.name];
        if (!tensor) fail("inProcess", { expected: `data called ${job.data.name}`, got: "none", fix: "Name them." });
        const row = await runGridJob(job, tensor, { candidates, ...(signal ? { signal } : {}) });
        if (signal?.aborted) return; // the cell was interrupted
        yield row;
        await new Promise((resume) => setTimeout(resume, 0));
      }
    },
  };
}
