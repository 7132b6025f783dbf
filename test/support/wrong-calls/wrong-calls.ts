import { fork } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { targetsOf } from "./targets";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** A wrong call that did not go as it should. */
export interface Fault {
  readonly name: string;
  readonly place: string;
  readonly junk: string;
  /**
   * "engine": another error than an LtrnnError; "where": in another function's name; "silent": accepted; "NaN": out of
   * finite input; "hang"
   */
  readonly fault: "engine" | "where" | "empty" | "silent" | "NaN" | "hang" | "crash";
  readonly text: string;
}

export interface WrongCallsReport {
  readonly counts: {
    readonly calls: number;
    readonly refused: number;
    readonly engine: number;
    readonly hang: number;
    readonly silent: number;
    readonly other: number;
  };
  readonly faults: readonly Fault[];
  readonly withoutExample: readonly string[];
}

/** How many calls, and which. */
export interface WrongCallsOptions {
  /** names of exports, or parts of them; default all */
  readonly only?: readonly string[] | undefined;
  /** every how many-th call is made; default 1 */
  readonly every?: number;
  /** milliseconds after which a call hangs; default 10000 */
  readonly limit?: number;
}

/** Calls that are reported together. */
const batch = 200;

/**
 * Calls every export of the library with wrong arguments, in a process of their own, and says how it went.
 *
 * A new export is in it without being named: its parameters come from its types, right arguments from its documented
 * example.
 */
export async function wrongCalls({
  only,
  every = 1,
  limit = 10_000,
}: WrongCallsOptions = {}): Promise<WrongCallsReport> {
  const folder = mkdtempSync(join(tmpdir(), "ltrnn-wrong-calls-"));
  try {
    const bundle = join(folder, "ltrnn.mjs"),
      targetsFile = join(folder, "targets.json");
    await build({
      entryPoints: [join(root, "src/index.ts")],
      bundle: true,
      format: "esm",
      platform: "node",
      outfile: bundle,
      logLevel: "error",
    });
    const targets = targetsOf(join(root, "src/index.ts")).filter(
      // users catch an LtrnnError and make none
      ({ name }) => name !== "new LtrnnError" && (!only || only.some((part) => name.includes(part))),
    );
    writeFileSync(targetsFile, JSON.stringify(targets));
    const total = { calls: 0, refused: 0, faults: [] as Fault[] };
    const see = (report: Report) => {
      total.calls += report.calls;
      total.refused += report.refused;
      total.faults.push(...report.faults);
    };
    let at: Place = { target: 0, targetIndex: 0 };
    for (let first = 0, size = batch, finished = false; !finished; ) {
      const end = await runFrom([bundle, targetsFile, first, every, size, at.target, at.targetIndex], limit, see);
      at = end.at ?? at;
      finished = end.finished;
      if (end.hung) {
        see({ calls: 1, refused: 0, faults: [end.hung.fault] });
        first = end.hung.next;
        size = batch;
      } else if (!finished) {
        first = end.next;
        size = 1; // one of a batch hangs: they are made one by one until it is found
      }
    }
    const count = (...kinds: string[]) => total.faults.filter(({ fault }) => kinds.includes(fault)).length;
    return {
      counts: {
        calls: total.calls,
        refused: total.refused,
        engine: count("engine", "crash"),
        hang: count("hang"),
        silent: count("silent", "NaN"),
        other: count("where", "empty"),
      },
      faults: total.faults,
      withoutExample: targets
        .filter((target) => target.parameters.length > 0 && target.arguments.length === 0)
        .map(({ name }) => name),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Report {
  readonly calls: number;
  readonly refused: number;
  readonly faults: readonly Fault[];
}

/** A target, and the index of its first call: where a process need not go through those before it. */
interface Place {
  readonly target: number;
  readonly targetIndex: number;
}

interface End {
  readonly finished: boolean;
  readonly at: Place | undefined;
  /** where to start again */
  readonly next: number;
  /** the call that hung, where calls were made one by one */
  readonly hung?: { readonly fault: Fault; readonly next: number };
}

type Message =
  | ({ readonly upTo: number } & Place & Report)
  | { readonly starts: number; readonly name: string; readonly place: string; readonly junk: string }
  | { readonly finished: true };

/** One process, from a call on, until it ends or hangs. */
function runFrom(argv: readonly (string | number)[], limit: number, see: (report: Report) => void): Promise<End> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL("run.mjs", import.meta.url)), argv.map(String), {
      execArgv: ["--max-old-space-size=3000"],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    let next = Number(argv[2]),
      at: Place | undefined,
      current: Exclude<Message, Report | { finished: true }> | undefined,
      over = false;
    const finish = (end: End) => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      child.kill("SIGKILL");
      resolve(end);
    };
    const stop = (fault: Fault["fault"], text: string) => {
      if (!current && Number(argv[4]) === 1 && next === Number(argv[2])) {
        reject(new Error(`the process that makes wrong calls fails by itself: ${text}`));
        return;
      }
      if (!current) return finish({ finished: false, at, next });
      const { starts, name, place, junk } = current;
      finish({ finished: false, at, next, hung: { fault: { name, place, junk, fault, text }, next: starts + 1 } });
    };
    let timer = setTimeout(() => {}, 0);
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => stop("hang", `no answer in ${limit} ms`), limit);
    };
    wait();
    child.on("message", (message: Message) => {
      wait();
      if ("finished" in message) finish({ finished: true, at, next });
      else if ("starts" in message) current = message;
      else {
        see(message);
        next = message.upTo + 1;
        at = { target: message.target, targetIndex: message.targetIndex };
        current = undefined;
      }
    });
    child.on("exit", (code, signal) => stop("crash", `the process ended: ${code ?? signal}`));
  });
}
