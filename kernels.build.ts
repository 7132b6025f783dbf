/** Compiles the SIMD kernels, src/kernels/assembly, into src/kernels/wasm-module.ts: by `npm ci`, by the build and before the tests, where sources are newer. */
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

const folder = resolve("src/kernels/assembly"), target = resolve("src/kernels/wasm-module.ts");

export default async function buildKernels(): Promise<void> {
  const sources = readdirSync(folder).map((name) => `${folder}/${name}`);
  if (existsSync(target) && sources.every((file) => statSync(file).mtimeMs < statSync(target).mtimeMs)) return;
  const { default: asc } = await import("assemblyscript/asc");
  let module = new Uint8Array();
  const { error, stderr } = await asc.main(["index.ts", "--outFile", "kernels.wasm", "--enable", "simd", "--runtime", "stub", "--noAssert", "-O3", "--converge"], {
    readFile: (name) => (existsSync(`${folder}/${name}`) ? readFileSync(`${folder}/${name}`, "utf8") : null),
    writeFile: (_, contents) => void (module = contents as Uint8Array<ArrayBuffer>),
    listFiles: () => [],
  });
  if (error) throw new Error(`the kernels do not compile: ${error.message}\n${stderr.toString()}`);
  writeFileSync(target, `/** The module that \`assembly/\` compiles to. Made by kernels.build.ts. */\nexport const wasmBase64 = "${Buffer.from(module).toString("base64")}";\n`);
}

if (process.argv[1] === resolve("kernels.build.ts")) await buildKernels();
