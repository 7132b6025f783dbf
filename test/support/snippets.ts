import { readFileSync } from "node:fs";
import { format } from "node:util";
import * as tf from "@tensorflow/tfjs-core";
import ts from "typescript";
import * as base from "../../src/base/index";
import * as linalg from "../../src/linalg/index";
import * as ltrnn from "../../src/index";
import * as tensors from "../../src/tensor/index";
import * as tfjs from "../../src/tfjs/index";
import * as bullmq from "../../src/bullmq/index";
import * as hdf5 from "../../src/hdf5/index";
import * as node from "../../src/node/index";
import * as vega from "../../src/vega/index";
import { hdf5Files } from "./hdf5-files";

/** A piece of code in a text, and where it is. */
export interface Snippet {
  readonly place: string;
  readonly code: string;
}

/** The fenced ts blocks of a Markdown file. */
export const blocksOf = (file: string, name: string): Snippet[] =>
  [...readFileSync(file, "utf8").matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code], i) => ({
    place: `${name}, block ${i + 1}`,
    code,
  }));

/** The examples in doc comments: what follows `@example`, its lines joined, up to the next tag or the end. */
export const examplesOf = (file: string, name: string): Snippet[] =>
  [...readFileSync(file, "utf8").matchAll(/@example ([\s\S]*?)(?=\n\s*\* @|\s*\*\/)/g)].map(([, code], i) => ({
    place: `${name}, example ${i + 1}`,
    code: code.replace(/\s*\n\s*\* ?/g, " ").trim(),
  }));

const javascript = (code: string) =>
  ts.transpileModule(code, { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext } })
    .outputText;

/**
 * Run a block as a separate module. @returns what it printed, and what its comments after `console.log` say it
 * prints
 */
export async function runBlock({ code }: Snippet): Promise<{ printed: string[]; promised: string[] }> {
  const body = javascript(code)
    .replace(
      /import \{([^}]*)\} from "(ltrnn(?:\/tfjs|\/vega)?)";/g,
      (_, names: string, from: string) => `const {${names.replace(/ as /g, ": ")}} = ${from.replace("ltrnn/", "")};`,
    )
    .replace(/import (?:\* as tf from )?"@tensorflow\/[a-z-]+";/g, "");
  const printed: string[] = [],
    log = (...args: unknown[]) => printed.push(format(...args));
  await new Function("ltrnn", "tfjs", "vega", "tf", "console", `return (async () => {${body}})()`)(
    ltrnn,
    tfjs,
    vega,
    tf,
    {
      log,
    },
  );
  const promised = [...code.matchAll(/console\.log\([\s\S]*?\);\s*\/\/ (.+)$/gm)].map(([, text]) => text);
  return { printed, promised };
}

/** Evaluate an example, `expression // value`. @returns the value, and the value it promises, where it does */
export async function runExample({ code }: Snippet): Promise<{ value: unknown; promised?: unknown; rounded: boolean }> {
  const [, expression, comment] = /^(.*?)(?:\s\/\/ (.+))?$/.exec(code)!;
  // rooms keep some names to themselves, with examples too
  const { plain: hdf5File, nwb: nwbFile, mat: matFile } = hdf5Files(),
    files = { hdf5File, nwbFile, matFile };
  const names = {
    tf,
    ...files,
    ...hdf5,
    ...base,
    ...linalg,
    ...tensors,
    ...ltrnn,
    ...tfjs,
    ...vega,
    ...node,
    ...bullmq,
  };
  const evaluate = (text: string) =>
    new Function(
      ...Object.keys(names),
      `return (async () => (${javascript(`(${text.replace(/;\s*$/, "")})`).replace(/;\s*$/, "")}))()`,
    )(...Object.values(names));
  const value: unknown = await evaluate(expression);
  if (comment === undefined) return { value, rounded: false };
  const rounded = comment.endsWith(", up to rounding");
  const text = comment.replace(/, up to rounding$/, "").replace(/Float(64|32)Array \[/g, "[");
  for (const candidate of [text, text.replace(/: [^\]}"]*$/, "")]) {
    try {
      return { value, promised: await evaluate(candidate), rounded };
    } catch {
      // prose after the value: try without it
    }
  }
  throw new Error(`cannot read what is promised: ${comment}`);
}
