/** A Python process that stays alive and does the same work on the same arrays: one line of JSON in, one out. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Tensor } from "ltrnn";

export const cores = (count: number) => Array.from({ length: count }, (_, i) => i).join(),
  pins = spawnSync("taskset", ["--version"]).status === 0;
const python = [process.env.PYTHON, "/usr/bin/python3", "python3"].find(
  (name) => name && spawnSync(name, ["-c", "import numpy"]).status === 0,
);

export class Peer {
  private readonly folder = mkdtempSync(join(tmpdir(), "ltrnn-bench-"));
  private constructor(
    readonly threads: number,
    private readonly child: ChildProcess,
    private readonly lines: AsyncIterator<string>,
  ) {}

  /** @returns undefined where Python, or what the script needs, is not found */
  static async start(script: string, threads = 1): Promise<Peer | undefined> {
    if (!python) return undefined;
    const command = [
      ...(pins ? ["taskset", "-c", cores(threads)] : []),
      python,
      fileURLToPath(new URL(`./peers/${script}`, import.meta.url)),
    ];
    const child = spawn(command[0], command.slice(1), {
      env: {
        ...process.env,
        OMP_NUM_THREADS: String(threads),
        OPENBLAS_NUM_THREADS: String(threads),
        MKL_NUM_THREADS: String(threads),
      },
      stdio: ["pipe", "pipe", "ignore"],
    });
    const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator](),
      hello = await lines.next();
    return hello.done ? undefined : new Peer(threads, child, lines);
  }

  /** Hand over arrays, as bytes in files, and what to do with them. */
  async load(work: string, arrays: Record<string, Tensor>, settings: object): Promise<void> {
    const shapes: Record<string, readonly number[]> = {};
    for (const [name, { shape, data }] of Object.entries(arrays)) {
      shapes[name] = shape;
      writeFileSync(join(this.folder, name), new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    }
    await this.ask({ work, folder: this.folder, shapes, ...settings });
  }

  /** Do it once. @returns milliseconds, and the loss or error that came of it */
  run = () => this.ask({ work: "run" });

  private async ask(request: object): Promise<{ readonly ms: number; readonly value: number }> {
    this.child.stdin!.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error("The peer ended: run its script by hand to see why.");
    return JSON.parse(value);
  }

  stop(): void {
    this.child.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
