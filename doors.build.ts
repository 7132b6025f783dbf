/**
 * Makes the doors of `ltrnn/tfjs` in Node, Deno and Bun, dist/tfjs-node.js and .cjs, by the build: they load dist/tfjs.js
 * or .cjs, and where its peer is not installed they say so, with the fix, in place of the engine's error. Bundlers take
 * dist/tfjs.js itself, whose missing imports they name.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const peer = "@tensorflow/tfjs-core";

const explain = `
function explain(error) {
  const said = String(error?.message ?? error);
  if (!/ERR_MODULE_NOT_FOUND|MODULE_NOT_FOUND/.test(String(error?.code)) && !/resolve|find/i.test(said)) return error;
  if (!said.includes("${peer}")) return error;
  return new LtrnnError("ltrnn/tfjs", {
    expected: "the package ${peer}, an optional peer of ltrnn",
    got: said.split("\\n")[0].slice(0, 200),
    fix: "npm install ${peer}",
  });
}
`;

/** Write the doors beside what tsup has built, with the names that it exports. */
export default function buildDoors(dist: string): void {
  if (!existsSync(`${dist}/tfjs.js`)) return;
  const list = /export \{([^}]*)\};?\s*$/.exec(readFileSync(`${dist}/tfjs.js`, "utf8"))?.[1];
  if (!list) throw new Error(`Expected names at the end of ${dist}/tfjs.js, got none.`);
  writeFileSync(
    `${dist}/tfjs-node.js`,
    `import { LtrnnError } from "./index.js";
${explain}
const tfjs = await import("./tfjs.js").catch((error) => {
  throw explain(error);
});
export const {${list}} = tfjs;
`,
  );
  writeFileSync(
    `${dist}/tfjs-node.cjs`,
    `"use strict";
const { LtrnnError } = require("./index.cjs");
${explain}
try {
  module.exports = require("./tfjs.cjs");
} catch (error) {
  throw explain(error);
}
`,
  );
}
