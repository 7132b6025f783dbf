import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

/**
 * Files that change what files of one process share (a global, a module) or that measure a process:
 * each has a process of its own. All others keep the modules that an earlier file has loaded.
 */
const apart = [
  "test/browser/{app,browser}.test.ts",
  "test/kernels/fallback.test.ts",
  "test/project/{demo,docs,extend-inside,lint,package,wrong-calls}.test.ts",
  "test/tfjs/transfer.test.ts",
  "test/train/threads.test.ts",
];

/** Files that share the one engine of tfjs, which takes long to load. */
const ofTfjs = ["test/tfjs/{custom-activation,linear,network-op,tfjs-*,wrong-calls}.test.ts"];

export default defineConfig({
  test: {
    globalSetup: "./kernels.build.ts",
    testTimeout: 60_000,
    maxWorkers: "100%", // of the cores; the default leaves one idle
    server: { deps: { inline: [/tfjs-core\/dist\/(?!tf-core)/] } }, // ES modules in a package that does not say so: register_all_gradients
    projects: [
      // Firefox is driven through a WebSocket, which Node 20 has behind a flag
      { extends: true, test: { name: "apart", include: apart, execArgv: ["--experimental-websocket"] } },
      { extends: true, test: { name: "tfjs", include: ofTfjs, isolate: false } },
      {
        extends: true,
        test: { name: "shared", include: ["test/**/*.test.ts"], exclude: [...apart, ...ofTfjs], isolate: false },
      },
    ],
  },
  // docs and examples import the package by its name: in tests that is the source
  resolve: {
    alias: [
      { find: /^ltrnn$/, replacement: source("index.ts") },
      { find: /^ltrnn\/node$/, replacement: source("node/index.ts") },
      { find: /^ltrnn\/tfjs$/, replacement: source("tfjs/index.ts") },
      { find: /^ltrnn\/vega$/, replacement: source("vega/index.ts") },
      { find: /^ltrnn\/hdf5$/, replacement: source("hdf5/index.ts") },
    ],
  },
});
