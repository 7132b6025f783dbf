import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { version } from "../../src/base";

const root = fileURLToPath(new URL("../../", import.meta.url));
const project = mkdtempSync(join(tmpdir(), "ltrnn-user-"));
const run = (command: string, args: readonly string[], cwd = project) => execFileSync(command, args, { cwd, encoding: "utf8" });

// the package as it would be published, unpacked into a user's project beside its dependencies
beforeAll(() => {
  const [{ filename }] = JSON.parse(run("npm", ["pack", "--json", "--silent", "--pack-destination", project], root)) as { filename: string }[];
  mkdirSync(join(project, "node_modules/@tensorflow"), { recursive: true });
  run("tar", ["-xzf", filename]);
  run("mv", ["package", "node_modules/ltrnn"]);
  for (const name of ["ml-matrix", "fflate", "@tensorflow/tfjs-core", "@tensorflow/tfjs-backend-cpu"]) symlinkSync(join(root, "node_modules", name), join(project, "node_modules", name));
  writeFileSync(join(project, "package.json"), '{ "name": "user", "private": true }');
}, 120_000);
afterAll(() => rmSync(project, { recursive: true, force: true }));

const use = `
const x = tensor([2, 3], [1, 2, 3, 4, 5, 6]);
const y = toTfjs(x);
const z = tf.matMul(y, tf.transpose(y));
fromTfjs(z).then((back) => console.log(JSON.stringify([back.shape, Array.from(back.data), unfold(x, 1).shape, typeof tf.getBackend()])));`;
const seen = '[[2,2],[14,32,32,77],[3,2],"string"]';

test("both entries run from ES modules, with the user's own tfjs", () => {
  writeFileSync(join(project, "use.mjs"), `import { tensor, unfold } from "ltrnn"; import { fromTfjs, toTfjs } from "ltrnn/tfjs"; import * as tf from "@tensorflow/tfjs-core"; import "@tensorflow/tfjs-backend-cpu";${use}`);
  expect(run("node", ["use.mjs"]).trim()).toContain(seen);
});

test("both entries run from CommonJS", () => {
  writeFileSync(join(project, "use.cjs"), `const { tensor, unfold } = require("ltrnn"), { fromTfjs, toTfjs } = require("ltrnn/tfjs"), tf = require("@tensorflow/tfjs-core"); require("@tensorflow/tfjs-backend-cpu");${use}`);
  expect(run("node", ["use.cjs"]).trim()).toContain(seen);
});

test("both entries have types, for modules of either kind", () => {
  const typed = `import { LowTensorRankRNN, unfold, tensor, type Matrix } from "ltrnn"; import { toTfjs } from "ltrnn/tfjs"; export const m: Matrix = unfold(tensor([2, 2], [1, 2, 3, 4]), 0); export const rank: number = LowTensorRankRNN.random({ units: 2, inputs: 1, rank: 1, trials: 1 }, 1).rank; export const t = toTfjs(m);`;
  writeFileSync(join(project, "a.mts"), `${typed}\n// @ts-expect-error a rank is a number\nexport const wrong: string = rank;`);
  writeFileSync(join(project, "b.cts"), typed);
  run("node", [join(root, "node_modules/typescript/bin/tsc"), "--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--target", "es2022", "a.mts", "b.cts"]);
});

test("unfold alone bundles without tfjs, ml-matrix or anything else, and small", async () => {
  const { outputFiles } = await build({ stdin: { contents: 'import { unfold } from "ltrnn"; console.log(unfold);', resolveDir: project }, bundle: true, write: false, format: "esm", minify: true, platform: "browser" });
  const text = outputFiles[0].text;
  expect(text).not.toMatch(/tensorflow|SingularValue|inflate/i);
  expect(text.length).toBeLessThan(4000);
});

test("the main entry bundles without tfjs", async () => {
  const { metafile } = await build({ stdin: { contents: 'export * from "ltrnn";', resolveDir: project }, bundle: true, write: false, format: "esm", platform: "browser", metafile: true, preserveSymlinks: false });
  expect(Object.keys(metafile.inputs).filter((path) => path.includes("tensorflow"))).toEqual([]);
});

test("the package holds what it says, and its version is the code's", () => {
  const shipped = JSON.parse(readFileSync(join(project, "node_modules/ltrnn/package.json"), "utf8"));
  expect(shipped.version).toBe(version);
  expect(readFileSync(join(root, "CITATION.cff"), "utf8")).toContain(`version: ${version}`);
  expect(readdirSync(join(project, "node_modules/ltrnn")).sort()).toEqual(["CHANGELOG.md", "CITATION.cff", "LICENSE", "README.md", "dist", "package.json"]);
});
