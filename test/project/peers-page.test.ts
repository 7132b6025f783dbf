import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import * as ltrnn from "../../src";
import { gcpLoss } from "../../src/gcp";

const page = readFileSync(
  fileURLToPath(new URL("../../docs/coming-from-tensor-libraries.md", import.meta.url)),
  "utf8",
);

/** Rows of the tables that have a column "here", cell by cell. */
const rows = page
  .slice(0, page.indexOf("## Not here"))
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .map((line) => line.split("|").map((cell) => cell.trim()));

/** Words in code that are options or fields, not functions. */
const fields = [
  "constraints",
  "fixed",
  "mask",
  "start",
  "starts",
  "sweeps",
  "tolerance",
  "trace",
  "unmatched",
  "weights",
];

test("what the page of names says is here, is: every name that it calls, or that stands alone", () => {
  let column = 0;
  const missing: string[] = [],
    seen: string[] = [];
  for (const cells of rows) {
    if (cells.includes("here")) column = cells.indexOf("here");
    else
      for (const [, code] of (cells[column] ?? "").matchAll(/`([^`]+)`/g))
        for (const [, name] of (/^[a-zA-Z]+$/.test(code) ? `${code}(` : code).matchAll(/(?<![.\w"'])([a-z]\w+)\(/g))
          (name in ltrnn || fields.includes(name) ? seen : missing).push(name);
  }
  expect(missing).toEqual([]);
  expect(new Set(seen).size).toBeGreaterThan(80);
});

test("the losses that it names are losses", () => {
  const row = rows.find((cells) => cells.some((cell) => cell.includes("Objectives.GAUSSIAN"))) ?? [],
    names = [...row[2].matchAll(/`"(\w+)"`/g)].map(([, name]) => name);
  expect(names).toHaveLength(8);
  for (const name of names) expect(gcpLoss(name as "gaussian").name).toBe(name);
});
