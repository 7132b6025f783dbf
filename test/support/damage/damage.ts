import { cpuTime } from "../cpu-time";
import { LtrnnError } from "../../../src/base";
import { draw as drawOf, type Draw } from "../sweep";

/** A function that reads what others wrote, and what may come of damaged input. */
export interface Reader {
  readonly name: string;
  /** One damaged input, and how to judge what is read from it: undefined where it is right, else what is wrong. */
  readonly damaged: (draw: Draw) => {
    readonly read: () => unknown;
    readonly wrong: (result: never) => string | undefined;
  };
}

/** What came of a number of damaged inputs. */
export interface Outcome {
  readonly name: string;
  readonly inputs: number;
  readonly refused: number;
  /** read, and right: the same, or another valid thing where nothing could tell */
  readonly read: number;
  readonly engine: number;
  readonly slow: number;
  readonly silent: number;
  /** the first faults, with the seeds that make them again */
  readonly faults: readonly string[];
}

const slowest = 2000; // milliseconds, a thousand times what such small inputs take

/** Read that many damaged inputs, from a seed on. */
export function damage({ name, damaged }: Reader, inputs: number, firstSeed = 1): Outcome {
  const counts = { refused: 0, read: 0, engine: 0, slow: 0, silent: 0 },
    faults: string[] = [];
  const note = (seed: number, text: string) => {
    if (faults.length < 20) faults.push(`${name}, seed ${seed}: ${text}`);
  };
  for (let seed = firstSeed; seed < firstSeed + inputs; seed++) {
    const { read, wrong } = damaged(drawOf(seed));
    const start = cpuTime();
    try {
      const trouble = wrong(read() as never);
      counts[trouble === undefined ? "read" : "silent"]++;
      if (trouble !== undefined) note(seed, trouble);
    } catch (error) {
      const ours = error instanceof LtrnnError;
      const complete =
        ours && error.where !== "" && error.got !== "" && error.fix !== "" && error.message.length < 2000;
      counts[complete ? "refused" : "engine"]++;
      if (!complete) note(seed, String(error).slice(0, 200));
    }
    const time = cpuTime() - start;
    if (time > slowest) {
      counts.slow++;
      note(seed, `${Math.round(time)} ms`);
    }
  }
  return { name, inputs, ...counts, faults };
}
