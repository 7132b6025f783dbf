import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { filesIn } from "../support/imports";

const most = 120;
const folders = ["src", "test", "bench", "examples", "docs/site"];
/** Modules that the build writes, each with one long text. */
const isMade = (file: string) => /-module\.ts$|(^|\/)dist\//.test(file);

/** Lines over the limit, with the file and the number of each. */
function longLines(file: string, text: string): string[] {
  return text
    .split("\n")
    .map((line, i) => ({ line, place: `${file}:${i + 1}` }))
    .filter(({ line }) => line.length > most)
    .map(({ line, place }) => `${place} ${line.trim().slice(0, 60)}`);
}

test(`no line of code has more than ${most} columns`, () => {
  const found = folders.flatMap((folder) =>
    [".ts", ".mts", ".mjs"]
      .flatMap((ending) => filesIn(folder, ending))
      .filter((file) => !isMade(file))
      .flatMap((file) => longLines(`${folder}/${file}`, readFileSync(`${folder}/${file}`, "utf8"))),
  );
  expect(found).toEqual([]);
});

test("no line of a snippet in the guides has more columns either", () => {
  const guides = ["README.md", ...filesIn("docs", ".md").map((file) => `docs/${file}`)];
  const found = guides.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/```ts\n([\s\S]*?)```/g)].flatMap(([, code]) => longLines(file, code)),
  );
  expect(found).toEqual([]);
});

test("a long line is found", () => {
  expect(longLines("a.ts", `${"x".repeat(most)}\n${"y".repeat(most + 1)}`)).toEqual([`a.ts:2 ${"y".repeat(60)}`]);
});
