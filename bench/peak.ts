/**
 * The most that SIMD128 does here, in GFLOP/s of float32 (half that in float64): a loop of independent multiplications
 * and additions; of eight mixes and lengths that were tried none ran faster.
 */
import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import asc from "assemblyscript/asc";

/** Loops of 0.2 ms, too short to be interrupted often. */
const looks = 20;

/**
 * A measurement of the peak: the best of several loops after a warm-up, since others can only have been interrupted.
 */
export async function peakLoop(): Promise<() => number> {
  const source = readFileSync(new URL("./assembly/peak.ts", import.meta.url), "utf8"),
    steps = 2e5;
  let bytes = new Uint8Array();
  const { error } = await asc.main(
    ["peak.ts", "--outFile", "peak.wasm", "--enable", "simd", "--runtime", "stub", "-O3"],
    {
      readFile: (name) => (name === "peak.ts" ? source : null),
      writeFile: (_, contents) => {
        bytes = contents as Uint8Array<ArrayBuffer>;
      },
      listFiles: () => [],
    },
  );
  if (error) throw error;
  setFlagsFromString("--no-liftoff"); // by the optimizing compiler at once, whatever else the machine is busy with
  const loop = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports.multiplyAdd32 as (n: number) => number;
  const once = () => {
    const from = performance.now();
    loop(steps);
    return (steps * 14 * 4) / (performance.now() - from) / 1e6;
  };
  for (let round = 0; round < looks; round++) once();
  setFlagsFromString("--liftoff");
  return () => Math.max(...Array.from({ length: looks }, once));
}

export async function measurePeak(): Promise<number> {
  const look = await peakLoop();
  return Math.max(...Array.from({ length: 10 }, look));
}
