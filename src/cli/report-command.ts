import { extname } from "node:path";
import { isRecord } from "../base";
import { loadResult } from "../data";
import { modelFromJson } from "../models";
import { report } from "../vega";
import { UsageError, exitCodes, fileOf, textOf, type Command } from "./command";
import { checkOutput, writeOutput } from "./output";
import { bytesIn, recordIn } from "./read-data";

/** A saved result as a page. */
export const reportCommand: Command = {
  about: "make an HTML report of a saved result",
  help: `ltrnn report RESULT --out report.html [--title TEXT] [--about TEXT]

RESULT (.json or .npz) is what ltrnn fit --out saves, or toJson or saveResult of what fitLowTensorRank, cpAls,
compareRanks or train gave. The report says what was asked, what came, how sure that is, and how to make it again, with
figures; it needs no network. It takes the packages vega and vega-lite: npm install vega vega-lite.

  ltrnn fit recording.npz --array activity --rank 3 --out fit.json
  ltrnn report fit.json --out report.html --about "Monkey N, 28 July"`,
  options: { out: "text", title: "text", about: "text" },
  async run(call, terminal) {
    const file = fileOf(call, "the result"),
      out = textOf(call, "out"),
      [title, about] = ["title", "about"].map((name) => textOf(call, name));
    if (out === undefined) throw new UsageError("expected --out, the page to write.");
    checkOutput("--out", out);
    const page = await report(resultIn(file), {
      ...(title === undefined ? {} : { title }),
      ...(about === undefined ? {} : { about }),
    });
    writeOutput("--out", out, page);
    terminal.out(call.values.json === true ? `${JSON.stringify({ out })}\n` : `${out}\n`);
    return exitCodes.done;
  },
};

/** A result as toJson or saveResult saved it, its model a model again. */
function resultIn(file: string): Parameters<typeof report>[0] {
  type Saved = { readonly model?: Parameters<typeof modelFromJson>[0] };
  const isNpz = extname(file).toLowerCase() === ".npz",
    saved = isNpz ? loadResult<Saved>(bytesIn(file)) : recordIn<Saved>(file),
    result = isRecord(saved) && saved.model ? { ...saved, model: modelFromJson(saved.model) } : saved;
  return result as Parameters<typeof report>[0];
}
