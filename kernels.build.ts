/**
 * Makes the sources that are not written by hand, by the build, before the tests and by `npm run sources`:
 * network-module.ts, contraction-module.ts, counts-module.ts and listed-module.ts in src/kernels, the SIMD kernels
 * compiled from src/kernels/assembly (apart, so that a page which only decomposes tensors does not carry those of networks), and
 * src/run/worker-module.ts, what worker threads run, bundled from src/run/worker.ts.
 */
import { build } from "esbuild";
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

const folder = resolve("src/kernels/assembly"),
  modules = ["network", "contraction", "counts", "listed"],
  /** they work in the memory of the contractions */
  guests = ["counts", "listed"],
  workerTarget = resolve("src/run/worker-module.ts");

export default async function buildSources(): Promise<void> {
  for (const name of modules) await buildKernels(name);
  await buildWorker();
}

async function buildKernels(name: string): Promise<void> {
  const target = resolve(`src/kernels/${name}-module.ts`);
  const sources = readdirSync(folder).map((file) => `${folder}/${file}`);
  if (existsSync(target) && sources.every((file) => statSync(file).mtimeMs < statSync(target).mtimeMs)) return;
  const { default: asc } = await import("assemblyscript/asc");
  let module = new Uint8Array();
  const { error, stderr } = await asc.main(
    [
      `${name}.ts`,
      "--outFile",
      `${name}.wasm`,
      "--enable",
      "simd",
      "--runtime",
      "stub",
      "--noAssert",
      "-O3",
      "--converge",
      ...(guests.includes(name) ? ["--importMemory"] : []),
    ],
    {
      readFile: (file) => (existsSync(`${folder}/${file}`) ? readFileSync(`${folder}/${file}`, "utf8") : null),
      writeFile: (_, contents) => {
        module = contents as Uint8Array<ArrayBuffer>;
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`the kernels do not compile: ${error.message}\n${stderr.toString()}`);
  const comment = `/** The module that assembly/${name}.ts compiles to. Made by kernels.build.ts. */`;
  // in hexadecimal, whose letters repeat where bytes do: gzip makes two thirds of it of what it makes of base64
  writeFileSync(target, `${comment}\nexport const ${name}Module = "${Buffer.from(module).toString("hex")}";\n`);
}

/** One script with all that it imports, but for the compiled kernels: those are handed to it. */
async function buildWorker(): Promise<void> {
  const {
    outputFiles: [script],
  } = await build({
    entryPoints: ["src/run/worker.ts"],
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    target: "es2022",
    platform: "neutral",
    plugins: [
      {
        name: "kernels are handed over",
        setup: ({ onLoad }) =>
          onLoad({ filter: /network-module\.ts$/ }, () => ({ contents: 'export const networkModule = "";' })),
      },
    ],
  });
  const comment = "/** What a worker thread runs: `worker.ts` with all that it imports. Made by kernels.build.ts. */";
  const text = `${comment}\nexport const workerCode = ${JSON.stringify(script.text.trim())};\n`;
  if (!existsSync(workerTarget) || readFileSync(workerTarget, "utf8") !== text) writeFileSync(workerTarget, text);
}

if (process.argv[1] === resolve("kernels.build.ts")) await buildSources();
