import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { version } from "../../src/base";
import { commands, type Command } from "../engines/command-line";
import { packages } from "../engines/install";
import { packedProject, type PackedProject } from "../support/packed";
import { learn, returned, threaded } from "./programs";

const root = fileURLToPath(new URL("../../", import.meta.url));
let project: PackedProject;
beforeAll(() => {
  project = packedProject();
}, 120_000);
afterAll(() => project?.remove());

test("a browser bundle keeps the registration of gradients, and one tfjs-core", async () => {
  const { outputFiles, metafile } = await build({
    stdin: { contents: 'import { networkOp } from "ltrnn/tfjs"; console.log(networkOp);', resolveDir: project.folder },
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    metafile: true,
    external: ["@tensorflow/tfjs-core"],
  });
  expect(outputFiles[0].text).toMatch(/registerGradient\(gradientConfig\)/);
  expect(Object.keys(metafile.inputs).filter((path) => path.includes("@tensorflow"))).toEqual([]);
});

test("both entries have types, for modules of either kind", () => {
  const typed = `
import { LowTensorRankRNN, unfold, tensor, type Matrix } from "ltrnn";
import { networkOp, tfjsLoss, toTfjs } from "ltrnn/tfjs";
type Scalar = import("@tensorflow/tfjs-core").Tensor;
export const loss = tfjsLoss((y, { head }) => head.h, { head: {} as { h: Scalar } });
export const op = networkOp;
export const m: Matrix = unfold(tensor([2, 2], [1, 2, 3, 4]), 0);
export const rank: number = LowTensorRankRNN.random({ units: 2, inputs: 1, rank: 1, trials: 1 }, 1).rank;
export const t = toTfjs(m);`;
  project.write("a.mts", `${typed}\n// @ts-expect-error a rank is a number\nexport const wrong: string = rank;`);
  project.write("b.cts", typed);
  project.run("node", [
    join(root, "node_modules/typescript/bin/tsc"),
    "--noEmit",
    "--strict",
    "--skipLibCheck",
    "--module",
    "nodenext",
    "--target",
    "es2022",
    "a.mts",
    "b.cts",
  ]);
});

test("what the library returns is accepted by what takes it, under exactOptionalPropertyTypes", () => {
  project.write("strict.mts", returned);
  project.write(
    "strict-wrong.mts",
    `${returned}
// @ts-expect-error an option is left out, not undefined
fitLowTensorRank(fit.prediction, 1, { mask: undefined });
// @ts-expect-error an entry may be missing
const first: number = fit.starts[0].steps;
export { first };`,
  );
  project.run("node", [
    join(root, "node_modules/typescript/bin/tsc"),
    "--noEmit",
    "--strict",
    "--skipLibCheck",
    "--exactOptionalPropertyTypes",
    "--noUncheckedIndexedAccess",
    "--module",
    "nodenext",
    "--target",
    "es2022",
    "strict.mts",
    "strict-wrong.mts",
  ]);
});

test("unfold alone bundles without tfjs, ml-matrix or anything else, and small", async () => {
  const { outputFiles } = await build({
    stdin: { contents: 'import { unfold } from "ltrnn"; console.log(unfold);', resolveDir: project.folder },
    bundle: true,
    write: false,
    format: "esm",
    minify: true,
    platform: "browser",
  });
  const text = outputFiles[0].text;
  expect(text).not.toMatch(/tensorflow|SingularValue|inflate/i);
  expect(text.length).toBeLessThan(4000);
});

test("the main entry bundles without tfjs", async () => {
  const { metafile } = await build({
    stdin: { contents: 'export * from "ltrnn";', resolveDir: project.folder },
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    metafile: true,
    preserveSymlinks: false,
  });
  expect(Object.keys(metafile.inputs).filter((path) => path.includes("tensorflow"))).toEqual([]);
});

test("the package holds what it says, and its version is the code's", () => {
  const shipped = JSON.parse(readFileSync(join(project.folder, "node_modules/ltrnn/package.json"), "utf8"));
  expect(shipped.version).toBe(version);
  const onInstall = ["preinstall", "install", "postinstall", "prepare"]; // npm warns of these, and may not run them
  expect(Object.keys(shipped.scripts).filter((name) => onInstall.includes(name))).toEqual([]);
  expect(readFileSync(join(root, "CITATION.cff"), "utf8")).toContain(`version: ${version}`);
  expect(readdirSync(join(project.folder, "node_modules/ltrnn")).sort()).toEqual([
    "CHANGELOG.md",
    "CITATION.cff",
    "LICENSE",
    "README.md",
    "THIRD-PARTY.md",
    "dist",
    "package.json",
  ]);
});

// the Node that runs the tests, and Deno and Bun where `npm run engines -- --install` has put them
const found = commands(),
  runtimes = found.filter(({ name }, i) => i === 0 || /^(Deno|Bun) /.test(name));
for (const name of ["Deno", "Bun"].filter((engine) => !found.some((command) => command.name.startsWith(engine))))
  console.log(
    `${name} is not found: the package is not run in it (npm run engines -- --install brings ${packages[name]})`,
  );

/** The last line that each file prints. */
const lastLines = ({ executable, flags }: Command, files: readonly string[]) =>
  files.map((file) => {
    const printed = execFileSync(executable, [...flags, file], {
      cwd: project.folder,
      encoding: "utf8",
      timeout: 60_000,
      stdio: ["ignore", "pipe", "pipe"],
    });
    return printed.trim().split("\n").at(-1);
  });

const both = (line: string) => [line, line];

test.each(runtimes)("both entries run from both kinds of modules, with the user's own tfjs: $name", (runtime) => {
  const files = project.writeBoth(
    "use",
    { ltrnn: ["tensor", "unfold"], "ltrnn/tfjs": ["fromTfjs", "toTfjs"] },
    `
const x = tensor([2, 3], [1, 2, 3, 4, 5, 6]), y = toTfjs(x), z = tf.matMul(y, tf.transpose(y));
fromTfjs(z).then(({ shape, data }) =>
  console.log(JSON.stringify([shape, Array.from(data), unfold(x, 1).shape, tf.getBackend()])));`,
    ["cpu"],
  );
  expect(lastLines(runtime, files)).toEqual(both('[[2,2],[14,32,32,77],[3,2],"cpu"]'));
});

test.each(runtimes)("errors of either entry are instances of the one LtrnnError: $name", (runtime) => {
  const files = project.writeBoth(
    "errors",
    { ltrnn: ["LtrnnError", "unfold"], "ltrnn/tfjs": ["toTfjs"] },
    `
const caught = [() => toTfjs(3), () => unfold(3, 0)].map((call) => {
  try { call(); } catch (error) { return [error instanceof LtrnnError, error.where]; }
});
console.log(JSON.stringify(caught));`,
  );
  expect(lastLines(runtime, files)).toEqual(both('[[true,"toTfjs"],[true,"unfold"]]'));
});

test.each(runtimes)(
  "networks, losses and heads train, from both kinds of modules: $name",
  (runtime) => {
    const files = project.writeBoth(
      "learn",
      {
        ltrnn: ["FullRankRNN", "adam", "fitLowTensorRank", "last", "networkObjective", "train", "zeros"],
        "ltrnn/tfjs": ["linear", "networkOp", "tfjsHead", "tfjsLoss", "variablesOf"],
      },
      learn,
      ["cpu", "wasm"],
    );
    expect(lastLines(runtime, files)).toEqual(both('[["cpu",true,true,"c,gain"],["wasm",true,true,"c,gain"]]'));
  },
  120_000,
);

test.each(runtimes)(
  "training and fitting run on two threads, and leave no process behind: $name",
  (runtime) => {
    const files = project.writeBoth(
      "threads",
      { ltrnn: ["FullRankRNN", "fitLowTensorRank", "last", "networkObjective", "train", "zeros"] },
      threaded,
    );
    expect(lastLines(runtime, files)).toEqual(both('[true,"converged","running"]'));
  },
  120_000,
);
