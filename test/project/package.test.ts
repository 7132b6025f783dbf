import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { version } from "../../src/base";
import { commands } from "../engines/command-line";
import { packages } from "../engines/install";

const root = fileURLToPath(new URL("../../", import.meta.url));
const project = mkdtempSync(join(tmpdir(), "ltrnn-user-"));
const run = (command: string, args: readonly string[], cwd = project) =>
  execFileSync(command, args, { cwd, encoding: "utf8" });

// the package as it would be published, unpacked into a user's project beside its dependencies
beforeAll(() => {
  const [{ filename }] = JSON.parse(
    run("npm", ["pack", "--json", "--silent", "--pack-destination", project], root),
  ) as { filename: string }[];
  mkdirSync(join(project, "node_modules/@tensorflow"), { recursive: true });
  run("tar", ["-xzf", filename]);
  run("mv", ["package", "node_modules/ltrnn"]);
  for (const name of [
    "ml-matrix",
    "fflate",
    "@tensorflow/tfjs-core",
    "@tensorflow/tfjs-backend-cpu",
    "@tensorflow/tfjs-backend-wasm",
  ])
    symlinkSync(join(root, "node_modules", name), join(project, "node_modules", name));
  writeFileSync(join(project, "package.json"), '{ "name": "user", "private": true }');
}, 120_000);
afterAll(() => rmSync(project, { recursive: true, force: true }));

// the Node that runs the tests, and Deno and Bun where `npm run engines -- --install` has put them
const found = commands(),
  here = found[0];
const runtimes = [here, ...found.filter(({ name }) => /^(Deno|Bun) /.test(name))];
for (const name of ["Deno", "Bun"].filter((engine) => !found.some((command) => command.name.startsWith(engine))))
  console.log(
    `${name} is not installed (npm run engines -- --install brings ${packages[name]}): the package is not run in it.`,
  );

/** What a file of the user's project prints, in one runtime. */
const runFile = ({ executable, flags }: (typeof runtimes)[number], file: string) =>
  execFileSync(executable, [...flags, file], {
    cwd: project,
    encoding: "utf8",
    timeout: 60_000,
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();

const use = `
const x = tensor([2, 3], [1, 2, 3, 4, 5, 6]);
const y = toTfjs(x);
const z = tf.matMul(y, tf.transpose(y));
fromTfjs(z).then((back) => console.log(JSON.stringify([back.shape, Array.from(back.data), unfold(x, 1).shape, typeof tf.getBackend()])));`;
const seen = '[[2,2],[14,32,32,77],[3,2],"string"]';

test.each(runtimes)(
  "both entries run from ES modules and from CommonJS, with the user's own tfjs: $name",
  (runtime) => {
    writeFileSync(
      join(project, "use.mjs"),
      `import { tensor, unfold } from "ltrnn"; import { fromTfjs, toTfjs } from "ltrnn/tfjs"; import * as tf from "@tensorflow/tfjs-core"; import "@tensorflow/tfjs-backend-cpu";${use}`,
    );
    writeFileSync(
      join(project, "use.cjs"),
      `const { tensor, unfold } = require("ltrnn"), { fromTfjs, toTfjs } = require("ltrnn/tfjs"), tf = require("@tensorflow/tfjs-core"); require("@tensorflow/tfjs-backend-cpu");${use}`,
    );
    for (const file of ["use.mjs", "use.cjs"]) expect(runFile(runtime, file), file).toContain(seen);
  },
);

test.each(runtimes)("errors of either entry are instances of the one LtrnnError: $name", (runtime) => {
  const errors = `
    const caught = [() => toTfjs(3), () => unfold(3, 0)].map((call) => { try { call(); } catch (error) { return error; } });
    console.log(JSON.stringify(caught.map((error) => [error instanceof LtrnnError, error.where])));`;
  writeFileSync(
    join(project, "errors.mjs"),
    `import { LtrnnError, unfold } from "ltrnn"; import { toTfjs } from "ltrnn/tfjs";${errors}`,
  );
  writeFileSync(
    join(project, "errors.cjs"),
    `const { LtrnnError, unfold } = require("ltrnn"), { toTfjs } = require("ltrnn/tfjs");${errors}`,
  );
  for (const file of ["errors.mjs", "errors.cjs"])
    expect(runFile(runtime, file), file).toBe('[[true,"toTfjs"],[true,"unfold"]]');
});

const learn = `
const model = FullRankRNN.random({ units: 4, inputs: 1, outputs: 1 }, 1), inputs = zeros([2, 5, 1]), targets = { shape: [2, 5, 1], data: new Float64Array(10).fill(1) };
(async () => {
  const seen = [];
  for (const backend of ["cpu", "wasm"]) {
    await tf.setBackend(backend);
    const params = variablesOf(model.params), op = networkOp(model), optimizer = tf.train.adam(0.05), loss = () => tf.mean(tf.square(tf.sub(tf.tanh(linear(op.rates(params, inputs), tf.transpose(params.readout), params.readoutBias)), 1)));
    for (let i = 0; i < 150; i++) optimizer.minimize(loss);
    const own = tfjsLoss((y, { targets, head }) => tf.mean(tf.square(tf.sub(tf.mul(head.gain, y), targets))), { head: { gain: tf.scalar(1) } });
    const end = await last(train(networkObjective(model, { inputs, targets }, { loss: own }), { ...model.params, ...own.params }, { optimizer: adam(0.05), steps: 150 }));
    const fit = await fitLowTensorRank(targets, 1, { loss: own, decoder: tfjsHead((y, { c }) => linear(y, c), { head: { c: tf.fill([3, 1], 0.1) } }), network: { units: 3 }, training: { steps: 3, starts: 1 } });
    seen.push(tf.getBackend(), loss().dataSync()[0] < 0.1, end.loss < 0.1, Object.keys(fit.ownParams).join());
  }
  console.log(JSON.stringify(seen));
})();`;
const learned = '["cpu",true,true,"c,gain","wasm",true,true,"c,gain"]',
  ours = "FullRankRNN, adam, fitLowTensorRank, last, networkObjective, train, zeros",
  theirs = "linear, networkOp, tfjsHead, tfjsLoss, variablesOf";

test.each(runtimes)(
  "networks, losses and heads train through the packed package, from either kind of module: $name",
  (runtime) => {
    writeFileSync(
      join(project, "learn.mjs"),
      `import { ${ours} } from "ltrnn"; import { ${theirs} } from "ltrnn/tfjs"; import * as tf from "@tensorflow/tfjs-core"; import "@tensorflow/tfjs-backend-cpu"; import "@tensorflow/tfjs-backend-wasm";${learn}`,
    );
    writeFileSync(
      join(project, "learn.cjs"),
      `const { ${ours} } = require("ltrnn"), { ${theirs} } = require("ltrnn/tfjs"), tf = require("@tensorflow/tfjs-core"); require("@tensorflow/tfjs-backend-cpu"); require("@tensorflow/tfjs-backend-wasm");${learn}`,
    );
    for (const file of ["learn.mjs", "learn.cjs"])
      expect(runFile(runtime, file).split("\n").at(-1), file).toBe(learned);
  },
  120_000,
);

const threaded = `
const model = FullRankRNN.random({ units: 4, inputs: 1, outputs: 1 }, 1), inputs = zeros([40, 5, 1]), targets = { shape: [40, 5, 1], data: new Float64Array(200).fill(1) }, objective = networkObjective(model, { inputs, targets });
(async () => {
  const one = await last(train(objective, model.params, { steps: 20 })), two = await last(train(objective, model.params, { steps: 20, threads: 2 }));
  const fit = await fitLowTensorRank(targets, 1, { threads: 2, training: { steps: 3, starts: 1 } });
  const left = train(objective, model.params, { threads: 2, every: 1 }); // and never ended: the process must not wait for it
  console.log(JSON.stringify([Math.abs(one.loss - two.loss) < 1e-12, fit.status, (await left.next()).value.status]));
})();`;

test.each(runtimes)(
  "training and fitting on two threads run from the packed package, and leave no process behind: $name",
  (runtime) => {
    const names = "FullRankRNN, fitLowTensorRank, last, networkObjective, train, zeros";
    writeFileSync(join(project, "threads.mjs"), `import { ${names} } from "ltrnn";${threaded}`);
    writeFileSync(join(project, "threads.cjs"), `const { ${names} } = require("ltrnn");${threaded}`);
    for (const file of ["threads.mjs", "threads.cjs"])
      expect(runFile(runtime, file), file).toMatch(/^\[true,"(finished|exhausted)","running"\]$/);
  },
  120_000,
);

test("a browser bundle keeps the registration of gradients, and one tfjs-core", async () => {
  const { outputFiles, metafile } = await build({
    stdin: { contents: 'import { networkOp } from "ltrnn/tfjs"; console.log(networkOp);', resolveDir: project },
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
  const typed = `import { LowTensorRankRNN, unfold, tensor, type Matrix } from "ltrnn"; import { networkOp, tfjsLoss, toTfjs } from "ltrnn/tfjs"; export const own = tfjsLoss((y, { head }) => head.h, { head: {} as { h: import("@tensorflow/tfjs-core").Tensor } }); export const op = networkOp; export const m: Matrix = unfold(tensor([2, 2], [1, 2, 3, 4]), 0); export const rank: number = LowTensorRankRNN.random({ units: 2, inputs: 1, rank: 1, trials: 1 }, 1).rank; export const t = toTfjs(m);`;
  writeFileSync(
    join(project, "a.mts"),
    `${typed}\n// @ts-expect-error a rank is a number\nexport const wrong: string = rank;`,
  );
  writeFileSync(join(project, "b.cts"), typed);
  run("node", [
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

test("unfold alone bundles without tfjs, ml-matrix or anything else, and small", async () => {
  const { outputFiles } = await build({
    stdin: { contents: 'import { unfold } from "ltrnn"; console.log(unfold);', resolveDir: project },
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
    stdin: { contents: 'export * from "ltrnn";', resolveDir: project },
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
  const shipped = JSON.parse(readFileSync(join(project, "node_modules/ltrnn/package.json"), "utf8"));
  expect(shipped.version).toBe(version);
  const onInstall = ["preinstall", "install", "postinstall", "prepare"]; // npm warns of these, and may not run them
  expect(Object.keys(shipped.scripts).filter((name) => onInstall.includes(name))).toEqual([]);
  expect(readFileSync(join(root, "CITATION.cff"), "utf8")).toContain(`version: ${version}`);
  expect(readdirSync(join(project, "node_modules/ltrnn")).sort()).toEqual([
    "CHANGELOG.md",
    "CITATION.cff",
    "LICENSE",
    "README.md",
    "dist",
    "package.json",
  ]);
});
