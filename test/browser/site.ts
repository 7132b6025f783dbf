import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { build as bundle } from "esbuild";
import { build as viteBuild } from "vite";

const root = fileURLToPath(new URL("../../", import.meta.url));
const types: Record<string, string> = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };
/** How a page is served, by the first part of its path. */
const headers: Record<string, Record<string, string>> = {
  isolated: { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" },
  plain: {},
  noWasm: { "Content-Security-Policy": "script-src 'self'" },
  wasm: { "Content-Security-Policy": "script-src 'self' 'wasm-unsafe-eval'" },
  noWorkers: {
    "Content-Security-Policy": "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
  },
  workers: {
    "Content-Security-Policy": "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
  },
};

const page = (script: string) =>
  `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module" src="${script}"></script>`;
/** Answers one message with what its module computes, or with what went wrong. */
const worker = `onmessage = ({ data }) => answer(data).then((value) => postMessage({ value }), (error) => postMessage({ error: String(error) }));`;
const asker = (make: string) =>
  `const ask = (x) => new Promise((resolve, reject) => { const worker = ${make}; worker.onmessage = ({ data }) => ("error" in data ? reject(data.error) : resolve(data.value)); worker.onerror = (e) => reject(e.message); worker.postMessage(x); });`;

/** A site with the built package: imported as it is (`esm.html`), and in a Vite build (`vite/index.html`). @returns its address, and how to close it */
export async function openSite(): Promise<{ readonly url: (how: string, file: string) => string; close(): void }> {
  const folder = mkdtempSync(join(tmpdir(), "ltrnn-site-")),
    put = (file: string, text: string) => writeFileSync(join(folder, file), text);
  const project = join(folder, "project"),
    installed = join(project, "node_modules/ltrnn");
  mkdirSync(join(project, "node_modules/@tensorflow"), { recursive: true });
  execFileSync(
    process.execPath,
    [join(root, "node_modules/tsup/dist/cli-default.js"), "--silent", "--no-dts", "--out-dir", join(installed, "dist")],
    { cwd: root },
  );
  writeFileSync(join(installed, "package.json"), readFileSync(join(root, "package.json")));
  await bundle({
    entryPoints: { computations: join(root, "test/browser/computations.ts") },
    outdir: folder,
    format: "esm",
  });

  // as it is: what a page without a bundler imports, with the two dependencies beside it; workers have no import maps, so names are addresses, as a content delivery network makes them
  await bundle({
    entryPoints: { "ml-matrix": "ml-matrix", fflate: "fflate" },
    outdir: join(folder, "esm"),
    bundle: true,
    format: "esm",
    absWorkingDir: root,
  });
  for (const name of readdirSync(join(installed, "dist")).filter((name) => name.endsWith(".js")))
    put(
      `esm/${name}`,
      readFileSync(join(installed, "dist", name), "utf8").replace(
        /from ?["'](ml-matrix|fflate)["']/g,
        'from "./$1.js"',
      ),
    );
  const compute = `import * as ltrnn from "./esm/index.js"; import { computations } from "./computations.js";`;
  put("worker.js", `${compute} const answer = ({ threads }) => computations(ltrnn, threads); ${worker}`);
  put(
    "page.js",
    `${compute} ${asker('new Worker("./worker.js", { type: "module" })')} window.inPage = (threads) => computations(ltrnn, threads); window.inWorker = (threads) => ask({ threads }); window.ready = true;`,
  );
  put("esm.html", page("./page.js"));

  // a user's project, built with Vite
  for (const name of [
    "ml-matrix",
    "fflate",
    "@tensorflow/tfjs-core",
    "@tensorflow/tfjs-backend-cpu",
    "@tensorflow/tfjs-backend-wasm",
  ])
    symlinkSync(join(root, "node_modules", name), join(project, "node_modules", name));
  writeFileSync(join(project, "index.html"), page("./main.js"));
  const imports = `import * as ltrnn from "ltrnn"; import { computations } from "../computations.js";`;
  writeFileSync(
    join(project, "worker.js"),
    `${imports} const answer = ({ threads }) => computations(ltrnn, threads); ${worker}`,
  );
  writeFileSync(
    join(project, "main.js"),
    `${imports} import { throughTfjs } from "./tfjs.js"; ${asker('new Worker(new URL("./worker.js", import.meta.url), { type: "module" })')}
window.inPage = (threads) => computations(ltrnn, threads); window.inWorker = (threads) => ask({ threads }); window.throughTfjs = throughTfjs; window.ready = true;`,
  );
  writeFileSync(
    join(project, "tfjs.js"),
    `import * as tf from "@tensorflow/tfjs-core"; import "@tensorflow/tfjs-backend-cpu"; import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { FullRankRNN, adam, last, networkObjective, tensor, train, zeros } from "ltrnn"; import { linear, networkOp, tfjsLoss, variablesOf } from "ltrnn/tfjs";
export async function throughTfjs(backend) {
  setWasmPaths("../tfjs-wasm/");
  await tf.setBackend(backend); await tf.ready();
  const model = FullRankRNN.random({ units: 4, inputs: 1, outputs: 1 }, 1), inputs = zeros([2, 5, 1]), targets = tensor([2, 5, 1], new Array(10).fill(1));
  const params = variablesOf(model.params), op = networkOp(model), optimizer = tf.train.adam(0.05), loss = () => tf.mean(tf.square(tf.sub(tf.tanh(linear(op.rates(params, inputs), tf.transpose(params.readout), params.readoutBias)), 1)));
  const before = tf.tidy(() => loss().dataSync()[0]), kept = tf.memory().numTensors;
  for (let i = 0; i < 100; i++) optimizer.minimize(loss);
  const own = tfjsLoss((y, { targets, head }) => tf.mean(tf.square(tf.sub(tf.mul(head.gain, y), targets))), { head: { gain: tf.scalar(1) } });
  const end = await last(train(networkObjective(model, { inputs, targets }, { loss: own }), { ...model.params, ...own.params }, { optimizer: adam(0.05), steps: 100 }));
  return { backend: tf.getBackend(), falls: tf.tidy(() => loss().dataSync()[0]) < before / 2, trains: end.loss < 0.1 };
}`,
  );
  await viteBuild({
    root: project,
    base: "./",
    logLevel: "silent",
    configFile: false,
    build: { outDir: join(folder, "vite"), target: "esnext" },
    worker: { format: "es" },
  });

  const server = createServer(({ url = "/" }, response) => {
    const [, how, ...rest] = new URL(url, "http://site").pathname.split("/"),
      name = normalize(rest.join("/"));
    const file = name.includes("tfjs-wasm/")
      ? join(root, "node_modules/@tensorflow/tfjs-backend-wasm/dist", name.slice(name.indexOf("tfjs-wasm/") + 10))
      : join(folder, name);
    if (!headers[how] || name.startsWith("..") || !existsSync(file)) return void response.writeHead(404).end();
    response
      .writeHead(200, { ...headers[how], "Content-Type": types[extname(file)] ?? "application/octet-stream" })
      .end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: (how, file) => `http://127.0.0.1:${port}/${how}/${file}`,
    close() {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
