/**
 * `npm run engines`: one file of public numbers on every engine that is found, compared bit by bit with the Node that
 * runs this: Node, Deno and Bun of the versions in install.ts (installed first, into a cache), Chromium and Firefox of
 * the machine; each with its WebAssembly kernels and without, on one thread and on two. It fails where a bit differs.
 * `npm run engines -- Firefox 'Node 24'` runs those that are named alone; `npm run engines -- --install` none.
 */
import { openSite } from "../browser/site";
import { chromiumEngine, chromiumPath, firefoxEngine, firefoxPath } from "./browsers";
import { commandLineEngine, commands, type Engine, type Way } from "./command-line";
import { differences, inWords, table } from "./compare";
import { installEngines } from "./install";
import { decodeNumbers, type PublicNumbers } from "./public-numbers";

const wanted = process.argv.slice(2);
const isWanted = (name: string) => wanted.length === 0 || wanted.some((prefix) => name.startsWith(prefix));

const leftOut = Object.entries(installEngines()).map(([engine, why]) => `${engine}: ${why}`);
if (wanted.includes("--install")) {
  for (const line of leftOut) console.log(`not installed: ${line}`);
  process.exit(0);
}
const site = await openSite();
const [here, ...others] = commands();
const openers: (() => Promise<Engine> | Engine)[] = [
  () => commandLineEngine(here, site.project),
  ...others.filter(({ name }) => isWanted(name)).map((command) => () => commandLineEngine(command, site.project)),
];
if (!chromiumPath) leftOut.push("Chromium: not found; apt-get install chromium brings it, or CHROMIUM names it");
else if (isWanted("Chromium")) openers.push(() => chromiumEngine(site));
if (!firefoxPath) leftOut.push("Firefox: not found; apt-get install firefox-esr brings it, or FIREFOX names it");
else if (isWanted("Firefox")) {
  const path = firefoxPath;
  openers.push(() => firefoxEngine(site, path));
}

const rows = [["engine", "way", "threads", "kernels", "numbers", "that differ", "largest relative difference", "s"]],
  failures: string[] = [],
  found = new Map<string, string[]>(), // where the same numbers differ in the same way, by what differs
  references = new Map<number, PublicNumbers>();

/** Run an engine in one way, hold it against the reference, and note the result. */
async function compare(engine: Engine, way: Way, threads: number): Promise<void> {
  const began = performance.now(),
    run = `${engine.name}, ${way}, ${threads === 1 ? "one thread" : `${threads} threads`}`;
  const report = (...cells: readonly string[]) =>
    rows.push([engine.name, way, String(threads), ...cells, ((performance.now() - began) / 1000).toFixed(1)]);
  try {
    const { kernels, numbers } = await engine.answer(way, threads),
      decoded = decodeNumbers(numbers),
      count = Object.values(decoded).reduce((sum, values) => sum + values.length, 0);
    if ((kernels === "WebAssembly SIMD") !== (way === "WebAssembly"))
      throw new Error(`it ran the kernels "${kernels}"`);
    const reference = references.get(threads);
    if (!reference) {
      references.set(threads, decoded);
      report(kernels, String(count), "reference", "");
      return;
    }
    const all = differences(reference, decoded),
      differing = all.reduce((sum, { values }) => sum + values, 0),
      worst = Math.max(0, ...all.map(({ relative }) => relative));
    report(kernels, String(count), String(differing), all.length > 0 ? worst.toExponential(1) : "");
    for (const difference of all) {
      const what = inWords(difference);
      found.set(what, [...(found.get(what) ?? []), run]);
    }
  } catch (error) {
    report("", "", "failed", "");
    failures.push(`${run}: ${error instanceof Error ? error.message : error}`);
  }
}

try {
  for (const open of openers) {
    const engine = await open();
    try {
      for (const way of isWanted(engine.name) ? engine.ways : engine.ways.slice(0, 1))
        for (const threads of [1, 2]) await compare(engine, way, threads);
    } finally {
      await engine.close();
    }
  }
} finally {
  site.close();
}

console.log(table(rows));
for (const [what, runs] of [...found].sort()) console.log(`\n${what}\n  ${runs.join("\n  ")}`);
for (const failure of failures) console.log(`\nfailed: ${failure}`);
for (const line of leftOut) console.log(`\nleft out: ${line}`);
const same = found.size === 0 && failures.length === 0;
console.log(same ? `\nThe same bits in all ${rows.length - 1} runs.` : "\nNot all engines give the same bits.");
process.exitCode = same ? 0 : 1;
