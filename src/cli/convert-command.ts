import { writeFileSync } from "node:fs";
import { extname } from "node:path";
import { writeNpy, writeNpz } from "../data";
import type { Tensor } from "../tensor";
import { UsageError, exitCodes, type Command } from "./command";
import { arraysIn, isTensor, readData } from "./read-data";

/** From one file format to another. */
export const convertCommand: Command = {
  about: "convert between file formats",
  help: `ltrnn convert FROM TO [--array NAME]

Reads .npz, .npy or .mat, writes .npz (every array of numbers) or .npy (one: name it with --array).

  ltrnn convert recording.mat recording.npz
  ltrnn convert recording.npz activity.npy --array activity`,
  options: { array: "text" },
  async run(call, terminal) {
    if (call.files.length !== 2) throw new UsageError(`expected two files, from and to, got ${call.files.length}.`);
    const [from, to] = call.files,
      kind = extname(to).toLowerCase();
    if (kind === ".npy") writeFileSync(to, writeNpy(readData(call, from, 0).tensor));
    else if (kind === ".npz") {
      const wanted = call.values.array,
        arrays = typeof wanted === "string" ? { [wanted]: readData(call, from, 0).tensor } : arraysIn(from),
        kept = Object.entries(arrays).filter((entry): entry is [string, Tensor] => isTensor(entry[1]));
      if (kept.length === 0) throw new UsageError(`${from}: expected arrays of numbers, got none.`);
      writeFileSync(to, writeNpz(Object.fromEntries(kept)));
      const left = Object.keys(arrays).filter((name) => !kept.some(([other]) => other === name));
      if (left.length > 0) terminal.err(`left out, since they are no numbers: ${left.join(", ")}\n`);
    } else throw new UsageError(`${to}: expected a file that ends in .npz or .npy.`);
    terminal.out(call.values.json === true ? `${JSON.stringify({ from, to })}\n` : `${to}\n`);
    return exitCodes.done;
  },
};
