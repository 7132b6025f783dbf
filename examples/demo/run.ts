import { checkBounds } from "./bounds";
import { decompose } from "./decomposition";
import { fitActivity } from "./fit-activity";
import { readOptions, usage } from "./options";
import { fitRecording, readRecording } from "./recording";
import { writeReport, type Section } from "./report";
import { progressLine, tableText } from "./terminal";
import { trainNetwork } from "./trained-network";

/** Everything that the command line asks for; a call that cannot be run is refused before anything is written. */
export async function run(args: readonly string[]): Promise<void> {
  if (args.includes("--help")) {
    console.log(usage);
    return;
  }
  const { out, seed, recording } = readOptions(args);
  const progress = progressLine(),
    sections: Section[] = [];
  const show = (section: Section) => {
    progress.clear();
    for (const table of section.tables) console.log(tableText(table));
    sections.push(section);
  };
  if (recording) {
    show(await fitRecording(readRecording(recording), recording, seed, progress));
  } else {
    const trained = await trainNetwork(seed, progress);
    show(trained.section);
    show(decompose(trained.weights, seed, progress));
    show(await fitActivity(trained, seed, progress));
    show(await checkBounds(trained, seed, progress));
  }
  const path = await writeReport(out, "Low-tensor-rank learning", seed, sections);
  console.log(`Report: ${path} (${progress.seconds()})`);
}
