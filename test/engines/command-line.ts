import { execFile, execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { installedEngine, packages } from "./install";
import type { Answer } from "./public-numbers";

/**
 * How an engine runs the package: its fastest kernels, TypeScript's where WebAssembly is missing, or no compiler at
 * all.
 */
export const ways = ["WebAssembly", "no WebAssembly", "jitless"] as const;
export type Way = (typeof ways)[number];

/** Something that runs JavaScript, and the file of public numbers in it. */
export interface Engine {
  readonly name: string;
  readonly ways: readonly Way[];
  answer(way: Way, threads: number): Promise<Answer>;
  close(): Promise<void>;
}

/** An engine's command. */
export interface Command {
  readonly name: string;
  readonly executable: string;
  readonly flags: readonly string[];
}

/** Deno's permissions, and that it takes packages from node_modules. */
const denoFlags = ["run", "--allow-all", "--no-lock", "--node-modules-dir=manual"];

/** The Node that runs this, and every engine in the cache; Node's own version is not run twice. */
export function commands(): Command[] {
  const here: Command = { name: `Node ${process.versions.node}`, executable: process.execPath, flags: [] };
  const cached = Object.keys(packages).flatMap((engine): Command[] => {
    const executable = installedEngine(engine);
    if (!executable) return [];
    const version = execFileSync(executable, ["--version"], { encoding: "utf8" }).match(/\d+\.\d+\.\d+/)?.[0];
    const name = `${engine.replace(/ \d+$/, "")} ${version}`;
    return name === here.name ? [] : [{ name, executable, flags: engine === "Deno" ? denoFlags : [] }];
  });
  return [here, ...cached];
}

const script = `
import { readFileSync, writeFileSync } from "node:fs";
const [way, threads, file] = process.argv.slice(2);
if (way === "no WebAssembly") delete globalThis.WebAssembly;
const ltrnn = await import("ltrnn");
const { answerOf } = await import("./public-numbers.js");
writeFileSync(file, JSON.stringify(await answerOf(ltrnn, Number(threads))));
process.exit(0);`;

/** An engine with a command line, in a project where the built package and the public numbers are. */
export function commandLineEngine({ name, executable, flags }: Command, project: string): Engine {
  writeFileSync(join(project, "answer.mjs"), script);
  return {
    name,
    ways: name.startsWith("Node") ? ways : ["WebAssembly", "no WebAssembly"],
    async answer(way, threads) {
      const file = join(project, `answer-${name.replace(/\W/g, "-")}.json`);
      const more = way === "jitless" ? ["--jitless"] : [];
      await promisify(execFile)(executable, [...flags, ...more, "answer.mjs", way, String(threads), file], {
        cwd: project,
        timeout: 300_000,
      });
      const answer = JSON.parse(readFileSync(file, "utf8")) as Answer;
      rmSync(file);
      return answer;
    },
    close: async () => {},
  };
}
