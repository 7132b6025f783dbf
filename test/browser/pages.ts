import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build as bundle } from "esbuild";
import { build as viteBuild } from "vite";
import { bundlePublicNumbers, installedProject, type InstalledProject } from "../support/installed";

const root = fileURLToPath(new URL("../../", import.meta.url));

const page = (script: string) =>
  `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module" src="${script}"></script>`;

/** A worker's script answers one message with what `compute` gives, or with what went wrong. */
const workerScript = (imports: string) => `${imports}
onmessage = ({ data }) =>
  compute(ltrnn, data).then((value) => postMessage({ value }), (error) => postMessage({ error: String(error) }));`;

/** A page's script offers the same computation in the page and in a worker. */
const pageScript = (imports: string, newWorker: string, more = "") => `${imports}
const ask = (request) =>
  new Promise((resolve, reject) => {
    const worker = ${newWorker};
    worker.onmessage = ({ data }) => ("error" in data ? reject(data.error) : resolve(data.value));
    worker.onerror = (event) => reject(event.message);
    worker.postMessage(request);
  });
Object.assign(window, { inPage: (threads) => compute(ltrnn, threads), inWorker: ask, ${more} ready: true });`;

const computing = (library: string, numbers: string) =>
  `import * as ltrnn from "${library}"; import { answerOf as compute } from "${numbers}";`;

/** Write the pages `esm.html` and `vite/index.html`, both with the built package. */
export async function writePages(): Promise<InstalledProject> {
  const project = installedProject([
    "@tensorflow/tfjs-core",
    "@tensorflow/tfjs-backend-cpu",
    "@tensorflow/tfjs-backend-wasm",
  ]);
  await bundlePublicNumbers(project.folder);
  await writePlainPage(project);
  await writeVitePage(project);
  return project;
}

/**
 * What a page without a bundler imports, with the two dependencies beside it. Workers have no import maps, so names
 * become addresses, as a content delivery network makes them.
 */
async function writePlainPage({ folder, dist }: InstalledProject): Promise<void> {
  await bundle({
    entryPoints: { "ml-matrix": "ml-matrix", fflate: "fflate" },
    outdir: join(folder, "esm"),
    bundle: true,
    format: "esm",
    absWorkingDir: root,
  });
  for (const name of readdirSync(dist).filter((file) => file.endsWith(".js"))) {
    const text = readFileSync(join(dist, name), "utf8");
    writeFileSync(join(folder, "esm", name), text.replace(/from ?["'](ml-matrix|fflate)["']/g, 'from "./$1.js"'));
  }
  const imports = computing("./esm/index.js", "./public-numbers.js");
  writeFileSync(join(folder, "worker.js"), workerScript(imports));
  writeFileSync(join(folder, "page.js"), pageScript(imports, 'new Worker("./worker.js", { type: "module" })'));
  writeFileSync(join(folder, "esm.html"), page("./page.js"));
}

/** A user's project, built with Vite. */
async function writeVitePage({ folder }: InstalledProject): Promise<void> {
  const imports = computing("ltrnn", "./public-numbers.js");
  writeFileSync(join(folder, "vite-worker.js"), workerScript(imports));
  writeFileSync(join(folder, "through-tfjs.js"), throughTfjs);
  writeFileSync(
    join(folder, "vite-page.js"),
    pageScript(
      `${imports} import { throughTfjs } from "./through-tfjs.js";`,
      'new Worker(new URL("./vite-worker.js", import.meta.url), { type: "module" })',
      "throughTfjs,",
    ),
  );
  writeFileSync(join(folder, "index.html"), page("./vite-page.js"));
  await viteBuild({
    root: folder,
    base: "./",
    logLevel: "silent",
    configFile: false,
    build: { outDir: join(folder, "vite"), target: "esnext" },
    worker: { format: "es" },
  });
}

/** A network in a tfjs program, and a tfjs loss in ours, on one backend. */
const throughTfjs = `
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { FullRankRNN, adam, last, networkObjective, tensor, train, zeros } from "ltrnn";
import { linear, networkOp, tfjsLoss, variablesOf } from "ltrnn/tfjs";
export async function throughTfjs(backend) {
  setWasmPaths("../tfjs-wasm/");
  await tf.setBackend(backend);
  await tf.ready();
  const model = FullRankRNN.random({ units: 4, inputs: 1, outputs: 1 }, 1);
  const inputs = zeros([2, 5, 1]), targets = tensor([2, 5, 1], new Array(10).fill(1));
  const params = variablesOf(model.params), op = networkOp(model), optimizer = tf.train.adam(0.05);
  const outputs = () => tf.tanh(linear(op.rates(params, inputs), tf.transpose(params.readout), params.readoutBias));
  const loss = () => tf.mean(tf.square(tf.sub(outputs(), 1)));
  const before = tf.tidy(() => loss().dataSync()[0]);
  for (let i = 0; i < 100; i++) optimizer.minimize(loss);
  const custom = tfjsLoss((y, { targets, head }) => tf.mean(tf.square(tf.sub(tf.mul(head.gain, y), targets))), {
    head: { gain: tf.scalar(1) },
  });
  const objective = networkObjective(model, { inputs, targets }, { loss: custom });
  const start = { ...model.params, ...custom.params },
    end = await last(train(objective, start, { optimizer: adam(0.05), steps: 100 }));
  const falls = tf.tidy(() => loss().dataSync()[0]) < before / 2;
  return { backend: tf.getBackend(), falls, trains: end.loss < 0.1 };
}`;
