import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "ltrnn-lint-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the linter's rule for src says of a text. */
function lint(text: string): string {
  writeFileSync(join(folder, "biome.json"), JSON.stringify({ plugins: [join(root, "lint/same-bits.grit")] }));
  writeFileSync(join(folder, "tried.ts"), text);
  const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
  const { stdout, stderr } = spawnSync(process.execPath, [biome, "lint", "tried.ts"], {
    cwd: folder,
    encoding: "utf8",
  });
  return stdout + stderr;
}

test.each([
  ["export const f = (x: number) => Math.log(x);", /Engines differ in the last bit of this function/],
  ["export const f = (x: number) => Math.hypot(x, 1, 2);", /Engines differ in the last bit of this function/],
  ["export const f = [1, 2].map(Math.cos);", /Engines differ in the last bit of this function/],
  ["export const f = Math.random();", /Engines differ in the last bit of this function/],
  ['export const f = Math["exp"](1);', /Engines differ in the last bit of functions of Math/],
  ["export const { log } = Math;", /Engines differ in the last bit of functions of Math/],
  ["export const f = (x: number) => x ** 3;", /Engines differ in the last bit of powers/],
  ["let x = 3;\nx **= 2;\nexport { x };", /Engines differ in the last bit of powers/],
  ['export const f = "a".localeCompare("b");', /must not depend on the machine's language/],
  ["export const f = new Intl.NumberFormat();", /must not depend on the machine's language/],
  ["export const f = (x: number) => x.toLocaleString();", /must not depend on the machine's language/],
])("the linter refuses %s", (text, message) => expect(lint(text)).toMatch(message));

test("the linter takes square roots and arithmetic, which every engine rounds alike", () => {
  const said = lint("export const f = (x: number) => Math.sqrt(x * x + Math.floor(x) / Math.PI);\n");
  expect(said).toMatch(/Checked 1 file/);
  expect(said).not.toMatch(/Engines differ|language/);
});
