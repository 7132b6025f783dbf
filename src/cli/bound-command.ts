import { toJson } from "../data";
import type { Tensor3 } from "../tensor";
import { cpRankBounds } from "../theory";
import { exitCodes, fileOf, numberOf, shapeOf, type Command } from "./command";
import { readData } from "./read-data";

/** Between which numbers the rank of a tensor lies, without a decomposition. */
export const boundCommand: Command = {
  about: "bound the rank of a tensor from both sides",
  help: `ltrnn bound FILE [--tolerance X] [--array NAME] [--trials a:b] [--time a:b] [--json]

Between which numbers the CP rank of a tensor of three modes lies, such as weights (units × units × trials), and why.
--tolerance says which singular values count as zero, relative to the largest.

  ltrnn bound weights.npy --tolerance 1e-6`,
  data: "array",
  options: { tolerance: "text" },
  async run(call, terminal) {
    const { tensor } = await readData(call, fileOf(call, "the tensor"), 3),
      tolerance = numberOf(call, "tolerance"),
      found = cpRankBounds(tensor as Tensor3, tolerance === undefined ? {} : { tolerance });
    terminal.out(
      call.values.json === true
        ? `${toJson(found)}\n`
        : `${shapeOf(tensor)}: rank at least ${found.atLeast}, at most ${found.atMost}; multilinear ` +
            `ranks ${found.multilinear.join(", ")}. ${found.because}\n`,
    );
    return exitCodes.done;
  },
};
