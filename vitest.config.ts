import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

export default defineConfig({
  test: {
    globalSetup: "./kernels.build.ts",
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    server: { deps: { inline: [/tfjs-core\/dist\/(?!tf-core)/] } },
  }, // ES modules in a package that does not say so: register_all_gradients
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
