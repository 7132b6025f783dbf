// Compiles the SIMD kernels, src/kernels/assembly, into src/kernels/wasm-module.ts: by `npm ci`, by the build and before the tests, where sources are newer.
import { readFileSync, readdirSync, statSync, writeFileSync, existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("src/kernels/assembly/", import.meta.url)), target = fileURLToPath(new URL("src/kernels/wasm-module.ts", import.meta.url));

/** Vitest calls this before the tests. */
export default async function buildKernels() {
  const inputs = [fileURLToPath(import.meta.url), ...readdirSync(folder).map((name) => folder + name)];
  if (existsSync(target) && inputs.every((file) => statSync(file).mtimeMs < statSync(target).mtimeMs)) return;
  const { default: asc } = await import("assemblyscript/asc");
  let module;
  const { error, stderr } = await asc.main(["index.ts", "--outFile", "kernels.wasm", "--enable", "simd", "--runtime", "stub", "--noAssert", "-O3", "--converge"], {
    readFile: (name) => (existsSync(folder + name) ? readFileSync(folder + name, "utf8") : null),
    writeFile: (_, contents) => (module = contents),
    listFiles: () => [],
  });
  if (error) throw new Error(`the kernels do not compile: ${error.message}\n${stderr.toString()}`);
  writeFileSync(target, `/** The module that \`assembly/\` compiles to. Made by kernels.build.mjs. */\nexport const wasmBase64 = "${Buffer.from(module).toString("base64")}";\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildKernels();
