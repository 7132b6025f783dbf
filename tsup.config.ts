import { defineConfig } from "tsup";
import buildDoors from "./doors.build";
import buildSources from "./kernels.build";
import buildTypes from "./types.build";

await buildSources();

/** The doors of the package, by the names of their files in dist. */
const doors = {
  index: "src/index.ts",
  tfjs: "src/tfjs/index.ts",
  vega: "src/vega/index.ts",
  node: "src/node/index.ts",
  hdf5: "src/hdf5/index.ts",
  bullmq: "src/bullmq/index.ts",
};

export default defineConfig(({ dts }) => ({
  entry: { ...doors, "grid-worker": "src/node/grid-worker.ts", cli: "src/cli/main.ts" },
  format: ["esm", "cjs"],
  target: "node20",
  dts: dts !== false && { entry: buildTypes(doors) },
  clean: true,
  sourcemap: false, // what is built is readable; maps were two thirds of the tarball
  treeshake: true,
  splitting: true, // in CommonJS too: all entries share one LtrnnError and one set of kernels
  // peers; the engine of tfjs is a global: there must be one
  external: ["@tensorflow/tfjs-core", "vega", "vega-lite", "bullmq", "tinypool", "h5wasm"],
  noExternal: [/tfjs-core\/dist\/register_all_gradients/], // which its entry for Node leaves out
  async onSuccess() {
    buildDoors("dist");
  },
  esbuildOptions(options) {
    options.mainFields = ["module", "main"];
  },
}));
