import { setImmediate } from "node:timers/promises";
import { toJson, writeNpz } from "../data";
import { cpAlsSweeps, type CpResult } from "../decompose";
import { cpToArrays } from "../factored";
import { observedMask } from "../masks";
import { chooseRankSteps, type RankChoice } from "../select";
import { UsageError, exitCodes, fileOf, numberOf, numbersOf, shapeOf, textOf, type Command } from "./command";
import { checkOutput, writeOutput } from "./output";
import { number, progressOn, tableText, timeLeft } from "./progress";
import { readData } from "./read-data";

/** A CP decomposition; of several ranks, a recommendation first. */
export const cpCommand: Command = {
  about: "decompose a tensor (CP), or choose its rank",
  help: `ltrnn cp FILE --rank R [--seed N] [--starts N] [--out cp.npz] [--array NAME] [--trials a:b] [--time a:b]
         [--json]
ltrnn cp FILE --rank 1,2,3,4 [--folds N] …      which rank: held-out blocks, core consistency, other seeds, split halves

Entries that are NaN are missing. --out saves weights and factors as numpy.savez of TensorLy's would.

  ltrnn cp weights.npy --rank 1,2,3,4
  ltrnn cp weights.npy --rank 3 --starts 6 --out cp.npz`,
  data: "array",
  options: { rank: "text", seed: "text", starts: "text", folds: "text", out: "text" },
  async run(call, terminal) {
    const { tensor } = await readData(call, fileOf(call, "the tensor")),
      ranks = numbersOf(call, "rank"),
      seed = numberOf(call, "seed") ?? 0,
      starts = numberOf(call, "starts"),
      folds = numberOf(call, "folds"),
      out = textOf(call, "out"),
      json = call.values.json === true;
    if (!ranks) throw new UsageError("expected --rank, one number, or several to choose from.");
    if (ranks.length > 1) {
      if (out !== undefined) throw new UsageError("--out: expected one rank, whose factors are saved.");
      const say = progressOn(terminal);
      let choice: RankChoice | undefined;
      for await (const step of chooseRankSteps(tensor, ranks, {
        seed,
        ...(folds === undefined ? {} : { folds }),
        ...(starts === undefined ? {} : { cp: { starts } }),
        ...(terminal.signal ? { signal: terminal.signal } : {}),
      })) {
        choice = step;
        say(`${step.done} of ${step.total} cells${timeLeft(step.secondsLeft)}`);
      }
      const { rank, answer, table, edges, reasons, status } = choice as RankChoice;
      if (json) terminal.out(`${toJson({ rank, answer, table, edges, reasons, status })}\n`);
      else {
        const rows = table.map((row) => [
          String(row.rank),
          number(row.validation.mean),
          number(row.test.mean),
          number(row.coreConsistency.value, 0),
          number(row.replicability.value, 2),
          number(row.splitHalves.value, 2),
        ]);
        terminal.out(
          tableText(["rank", "validation", "test", "core consistency", "other seeds", "split halves"], rows),
        );
        terminal.out(`${reasons.join("\n")}\n`);
      }
      return status === "aborted" ? exitCodes.stopped : exitCodes.done;
    }
    if (folds !== undefined) throw new UsageError("--folds: expected several ranks to choose from, got one.");
    if (out !== undefined) checkOutput("--out", out, [".npz"]);
    const mask = observedMask(tensor),
      run = cpAlsSweeps(tensor, ranks[0], {
        seed,
        ...(starts === undefined ? {} : { starts }),
        ...(mask.data.includes(0) ? { mask } : {}),
      }),
      { signal } = terminal;
    let end: CpResult | undefined;
    for (const now of run) {
      end = now;
      await setImmediate(); // lets a signal come in
      if (signal?.aborted) break;
    }
    const found = end as CpResult,
      { relativeError, sweeps } = found,
      status = found.status === "running" ? "aborted" : found.status;
    if (out !== undefined) writeOutput("--out", out, writeNpz(cpToArrays(found, "tensorly")));
    terminal.out(
      json
        ? `${toJson({ rank: ranks[0], relativeError, sweeps, status, weights: Array.from(found.weights.data) })}\n`
        : `rank ${ranks[0]} of ${shapeOf(tensor)}: relative error ${relativeError.toPrecision(4)}, ${status} ` +
            `after ${sweeps} sweeps.${out === undefined ? "" : ` Saved to ${out}.`}\n`,
    );
    return status === "aborted" ? exitCodes.stopped : exitCodes.done;
  },
};
