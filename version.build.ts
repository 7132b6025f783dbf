/** Takes changesets into CHANGELOG.md and a new version, and writes that version wherever it stands: `npm run release`. */
import { execSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const run = (command: string) => execSync(command, { stdio: "inherit" });

run("changeset version");
run("npm install --package-lock-only --ignore-scripts --no-audit --no-fund");
const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
for (const [file, place] of [
  ["CITATION.cff", /^version: (.+)$/m],
  ["src/base/provenance.ts", /^export const version = "(.+)";$/m],
] as const) {
  const text = readFileSync(file, "utf8"),
    found = place.exec(text);
  if (!found) throw new Error(`Expected ${place} in ${file}.`);
  writeFileSync(file, text.replace(found[0], found[0].replace(found[1], version)));
}
