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

/**
 * Calls every export of the library with wrong arguments, one process per thread of work, and says how it went.
 *
 * A new export is in it without being named: its parameters come from its types, right arguments from its documented
 * example.
 */
export async function wrongCalls({
  only,
  limit = 10_000,
}: {
  readonly only?: readonly string[] | undefined;
  readonly limit?: number;
} = {}): Promise<WrongCallsReport> {
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
      ({ name }) => !only || only.some((part) => name.includes(part)),
    );
    writeFileSync(targetsFile, JSON.stringify(targets));
    const faults: Fault[] = [];
    let calls = 0,
      refused = 0,
      first = 0;
    for (let finished = false; !finished; ) {
      const end = await runFrom(bundle, targetsFile, first, limit, (done) => {
        calls++;
        if (done.refused) refused++;
        if (done.fault) faults.push(done.fault);
      });
      finished = end.finished;
      if (!finished) {
        calls++;
        faults.push(end.fault!);
        first = end.next;
      }
    }
    const count = (...kinds: string[]) => faults.filter(({ fault }) => kinds.includes(fault)).length;
    return {
      counts: {
        calls,
        refused,
        engine: count("engine", "crash"),
        hang: count("hang"),
        silent: count("silent", "NaN"),
        other: count("where", "empty"),
      },
      faults,
      withoutExample: targets
        .filter((target) => target.parameters.length > 0 && target.arguments.length === 0)
        .map(({ name }) => name),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface End {
  readonly finished: boolean;
  readonly next: number;
  readonly fault?: Fault;
}

function runFrom(
  bundle: string,
  targets: string,
  first: number,
  limit: number,
  see: (done: { refused: boolean; fault?: Fault }) => void,
): Promise<End> {
  return new Promise((resolve) => {
    const child = fork(fileURLToPath(new URL("run.mjs", import.meta.url)), [bundle, targets, String(first)], {
      execArgv: ["--max-old-space-size=3000"],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    let current = { index: first, name: "", place: "", junk: "" },
      over = false;
    const finish = (end: End) => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      child.kill("SIGKILL");
      resolve(end);
    };
    const fault = (kind: Fault["fault"], text: string): Fault => ({
      name: current.name,
      place: current.place,
      junk: current.junk,
      fault: kind,
      text,
    });
    let timer = setTimeout(() => {}, 0);
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(
        () => finish({ finished: false, next: current.index + 1, fault: fault("hang", `no answer in ${limit} ms`) }),
        limit,
      );
    };
    wait();
    child.on(
      "message",
      (message: {
        index?: number;
        name: string;
        place: string;
        junk: string;
        done?: number;
        refused: boolean;
        fault?: { fault: Fault["fault"]; text: string };
        finished?: number;
      }) => {
        wait();
        if (message.finished !== undefined) finish({ finished: true, next: 0 });
        else if (message.done !== undefined)
          see({
            refused: message.refused,
            ...(message.fault ? { fault: fault(message.fault.fault, message.fault.text) } : {}),
          });
        else current = { index: message.index!, name: message.name, place: message.place, junk: message.junk };
      },
    );
    child.on("exit", (code, signal) =>
      finish({
        finished: false,
        next: current.index + 1,
        fault: fault("crash", `the process ended: ${code ?? signal}`),
      }),
    );
  });
}
