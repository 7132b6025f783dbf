import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import { expect, test } from "vitest";
import { filesIn } from "../support/imports";
import { blocksOf, examplesOf, runBlock, runExample } from "../support/snippets";

const root = fileURLToPath(new URL("../../", import.meta.url));
const blocks = [
  "README.md",
  ...filesIn(`${root}docs`, ".md")
    .filter((file) => !file.startsWith("api/"))
    .map((file) => `docs/${file}`),
].flatMap((file) => blocksOf(root + file, file));
const examples = filesIn(`${root}src`, ".ts").flatMap((file) => examplesOf(`${root}src/${file}`, file));

test.each(blocks)("$place runs, and prints what it says", async (block) => {
  const { printed, promised } = await runBlock(block);
  expect(printed).toEqual(promised);
});

/** Typed arrays as arrays, at any depth. */
const plain = (value: unknown): unknown =>
  ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : Array.isArray(value) ? value.map(plain) : value;

test.each(examples)("$place: $code", async (example) => {
  const { value, promised, rounded } = await runExample(example);
  if (promised === undefined) return;
  if (!rounded)
    return expect(typeof promised === "object" && typeof value === "string" ? JSON.parse(value) : plain(value)).toEqual(
      plain(promised),
    );
  const [got, want] = [[plain(value)].flat() as number[], [plain(promised)].flat() as number[]];
  expect(got.length).toBe(want.length);
  want.forEach((x, i) => expect(Math.abs(got[i] - x)).toBeLessThan(1e-9 * Math.max(1, Math.abs(x))));
});

test.each(readdirSync(`${root}examples`).filter((name) => /^\d\d-.*\.ts$/.test(name)))(
  "examples/%s runs and returns",
  async (name) => {
    const { main } = await import(/* @vite-ignore */ `../../examples/${name}`);
    expect(await main()).toBeDefined();
  },
);
