/** The most that SIMD128 does here, in GFLOP/s of float32 (half that in float64): a loop of independent multiplications and additions, the best of twenty. */
import { readFileSync } from "node:fs";
import asc from "assemblyscript/asc";

export async function measurePeak(): Promise<number> {
  const source = readFileSync(new URL("./assembly/peak.ts", import.meta.url), "utf8"), steps = 2e6;
  let bytes = new Uint8Array();
  const { error } = await asc.main(["peak.ts", "--outFile", "peak.wasm", "--enable", "simd", "--runtime", "stub", "-O3"], {
    readFile: (name) => (name === "peak.ts" ? source : null), writeFile: (_, contents) => void (bytes = contents as Uint8Array<ArrayBuffer>), listFiles: () => [],
  });
  if (error) throw error;
  const loop = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports.multiplyAdd32 as (n: number) => number;
  let best = Infinity;
  for (let round = 0; round < 20; round++) {
    const from = performance.now();
    loop(steps);
    best = Math.min(best, performance.now() - from);
  }
  return (steps * 14 * 4) / best / 1e6;
}
