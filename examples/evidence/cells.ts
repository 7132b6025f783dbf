/** What the tables share: cells that are kept in a journal as they finish, and means with standard errors. */
import { appendFileSync, mkdirSync } from "node:fs";
import { basename } from "node:path";
import {
  crossValidateSteps,
  inProcess,
  type Candidates,
  type CrossValidateOptions,
  type Grid,
  type GridRow,
  type Tensor,
} from "ltrnn";
import { fileJournal } from "ltrnn/node";

/** Folds of every table: at least 5 in full; LTRNN_FOLDS asks for fewer, to see whether a table runs. */
export const folds = Number(process.env.LTRNN_FOLDS ?? 5);

/** Where finished cells are kept, and what they cost. */
export const folder = process.env.LTRNN_EVIDENCE ?? "evidence-report";

/** What a run of a script took of the processors, one line each, so that resumed tables add up. */
export const costs = `${folder}/costs.jsonl`;

/** Processor seconds of this process so far. */
export function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

mkdirSync(folder, { recursive: true });
const table = basename(process.argv[1] ?? "", ".ts");
if (table !== "run") {
  process.once("exit", () => {
    const monkey = process.env.LTRNN_MONKEYS ?? "";
    appendFileSync(costs, `${JSON.stringify({ table, monkey, seconds: processorSeconds() })}\n`);
  });
  // what was stopped has its costs too
  process.once("SIGINT", () => process.exit(130));
  process.once("SIGTERM", () => process.exit(143));
}

/** 0, 1, 2 … */
export const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, k) => k);

/**
 * Rows of all cells of a grid. Finished ones are in a journal, in the folder that LTRNN_EVIDENCE names, default
 * evidence-report: what was stopped goes on. With LTRNN_FINISHED nothing goes on: what has finished is shown. A cell
 * that failed ends the table, with its reason.
 */
export async function cells(
  name: string,
  data: Tensor,
  grids: readonly Grid[],
  candidates: Candidates,
  options: CrossValidateOptions = {},
): Promise<readonly GridRow[]> {
  const journal = fileJournal(`${folder}/${name}.journal`),
    executor = inProcess({ candidates });
  let rows: readonly GridRow[] = [];
  for await (const state of crossValidateSteps(data, grids, { folds, journal, executor, ...options })) {
    const { done, total, secondsLeft } = state;
    ({ rows } = state);
    process.stderr.write(
      `${name}: ${done} of ${total}, ${(secondsLeft ?? 0).toFixed(0)} s left, ` +
        `${processorSeconds().toFixed(0)} processor seconds\n`,
    );
    if (process.env.LTRNN_FINISHED) break;
  }
  const failed = rows.find(({ status }) => status === "failed");
  if (failed) throw new Error(`${name}, ${failed.model} ${JSON.stringify(failed.axes)}: ${failed.reason}`);
  return rows;
}

/** Mean and standard error of numbers, as text. */
export function meanText(values: readonly number[], digits = 3): string {
  const count = values.length,
    mean = values.reduce((sum, x) => sum + x, 0) / count,
    error = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (count - 1) / count);
  return count < 2 ? mean.toFixed(digits) : `${mean.toFixed(digits)} ± ${error.toFixed(digits)}`;
}

/** Rows of a table in Markdown, its head first. */
export function printTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const line = (row: readonly (string | number)[]) => `| ${row.join(" | ")} |`;
  console.log([line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n"));
}
