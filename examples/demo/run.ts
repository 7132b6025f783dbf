import { join } from "node:path";
import { runCommand } from "../../src/cli";
import { checkBounds } from "./bounds";
import { decompose } from "./decomposition";
import { fitActivity } from "./fit-activity";
import { UsageError, readOptions, usage, type DemoOptions } from "./options";
import { writeReport, type Section } from "./report";
import { progressLine, tableText } from "./terminal";
import { trainNetwork } from "./trained-network";

/** Everything that the command line asks for; a call that cannot be run is refused before anything is written. */
export async function run(args: readonly string[]): Promise<void> {
  if (args.includes("--help")) {
    console.log(usage);
    return;
  }
  const options = readOptions(args),
    { out, seed } = options;
  if (options.recording) return analyze(options);
  const progress = progressLine(),
    sections: Section[] = [];
  const show = (section: Section) => {
    progress.clear();
    for (const table of section.tables) console.log(tableText(table));
    sections.push(section);
  };
  const trained = await trainNetwork(seed, progress);
  show(trained.section);
  show(decompose(trained.weights, seed, progress));
  show(await fitActivity(trained, seed, progress));
  show(await checkBounds(trained, seed, progress));
  const path = await writeReport(out, "Low-tensor-rank learning", seed, sections);
  console.log(`Report: ${path} (${progress.seconds()})`);
}

/** A recording of the user's: what `npx ltrnn analyze` does. */
async function analyze({ out, seed, recording = {} }: DemoOptions): Promise<void> {
  const { file = "", activity, condition, epoch, trials, time, ranks, box, folds } = recording,
    half = box === undefined ? undefined : `${box},Infinity`,
    named = { array: activity, condition, epoch, trials, time, rank: ranks, half, folds },
    given = Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]));
  let refusal = "";
  const code = await runCommand(
    ["analyze", file, ...given, "--seed", String(seed), "--out", join(out, "report.html")],
    {
      out: (text) => console.log(text.trimEnd()),
      err(text) {
        if (text.startsWith("ltrnn analyze:")) refusal = text;
        else process.stderr.write(text);
      },
    },
  );
  if (refusal) throw new UsageError(`${refusal.trim()}\n${usage}`);
  process.exitCode = code;
}
