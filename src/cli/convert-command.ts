import { extname } from "node:path";
import { writeNpy, writeNpz } from "../data";
import type { Tensor } from "../tensor";
import { UsageError, exitCodes, type Call, type Command, type Terminal } from "./command";
import { nwbArrays } from "./nwb-arrays";
import { checkOutput, writeOutput } from "./output";
import { arraysIn, isTensor, readData } from "./read-data";

/** From one file format to another. */
export const convertCommand: Command = {
  about: "convert between file formats",
  help: `ltrnn convert FROM TO [--array NAME]

Reads .npz, .npy, .mat, .h5 or .hdf5, writes .npz (every array of numbers) or .npy (one: name it with --array).

ltrnn convert SESSION.nwb TO.npz --align COLUMN --window a,b --bin WIDTH [--until COLUMN]

Counts of spikes (trials × bins × units), and the columns of the trials, from units and trials of an NWB file. Times are
in seconds; --align and --until name columns of the trials. Text becomes numbers, which are said.

  ltrnn convert recording.mat recording.npz
  ltrnn convert recording.npz activity.npy --array activity
  ltrnn convert session.nwb recording.npz --align go_cue --window 0,0.9 --bin 0.045 --until stop_time`,
  options: { array: "text", align: "text", window: "text", bin: "text", until: "text" },
  async run(call, terminal) {
    if (call.files.length !== 2) throw new UsageError(`expected two files, from and to, got ${call.files.length}.`);
    const [from, to] = call.files,
      kind = extname(to).toLowerCase();
    const ofSpikes = ["align", "window", "bin", "until"].find((name) => call.values[name] !== undefined);
    if (ofSpikes !== undefined && (!isNwb(from) || kind !== ".npz"))
      throw new UsageError(
        `--${ofSpikes}: expected a session in .nwb, of which an .npz is made, got ${from} and ${to}.`,
      );
    checkOutput("the file to write", to, [".npz", ".npy"]);
    if (kind === ".npy") writeOutput(to, to, writeNpy((await readData(call, from, 0)).tensor));
    else {
      const wanted = call.values.array,
        arrays =
          typeof wanted === "string"
            ? { [wanted]: (await readData(call, from, 0)).tensor }
            : await sourceOf(call, from, terminal),
        kept = Object.entries(arrays).filter((entry): entry is [string, Tensor] => isTensor(entry[1]));
      if (kept.length === 0) throw new UsageError(`${from}: expected arrays of numbers, got none.`);
      writeOutput(to, to, writeNpz(Object.fromEntries(kept)));
      const left = Object.keys(arrays).filter((name) => !kept.some(([other]) => other === name));
      if (left.length > 0) terminal.err(`left out, since they are no numbers: ${left.join(", ")}\n`);
    }
    terminal.out(call.values.json === true ? `${JSON.stringify({ from, to })}\n` : `${to}\n`);
    return exitCodes.done;
  },
};

const isNwb = (file: string): boolean => extname(file).toLowerCase() === ".nwb";

const sourceOf = (call: Call, from: string, terminal: Terminal) =>
  isNwb(from) ? nwbArrays(call, from, terminal) : arraysIn(from);
