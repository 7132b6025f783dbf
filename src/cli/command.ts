import { parseArgs } from "node:util";
import { nearestName } from "../base";
import type { Tensor } from "../tensor";

/** Where a command writes, and what stops it. */
export interface Terminal {
  /** results */
  out(text: string): void;
  /** progress and messages */
  err(text: string): void;
  readonly signal?: AbortSignal;
}

/** What the shell is told: 0 done, 1 refused, 2 wrong usage, 3 done with failures, 130 stopped. */
export const exitCodes = { done: 0, refused: 1, usage: 2, failures: 3, stopped: 130 } as const;

/** A command: how it is called, and what it does. */
export interface Command {
  /** what it is for, in a line */
  readonly about: string;
  /** its help, with examples */
  readonly help: string;
  /** names of options, each with a text or without; "flag or text" takes its text after "=" */
  readonly options: Readonly<Record<string, "text" | "flag" | "flag or text">>;
  /** that it reads data, and takes the options that say which: array, trials, time; labels too: condition, epoch */
  readonly data?: "array" | "labeled array";
  run(call: Call, terminal: Terminal): Promise<number>;
}

const dataOptions = {
  array: { array: "text", trials: "text", time: "text" },
  "labeled array": { array: "text", trials: "text", time: "text", condition: "text", epoch: "text" },
};

/** A command line that was read. */
export interface Call {
  readonly files: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
}

/** A command line that cannot be run: its message is all the user needs. */
export class UsageError extends Error {}

/** A failure outside the program during a correct call, such as a full disk. */
export class RefusedError extends Error {}

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export function readCall(args: readonly string[], command: Command): Call {
  const kinds = { ...(command.data ? dataOptions[command.data] : {}), ...command.options },
    options = {
      ...Object.fromEntries(
        Object.entries({ ...kinds, json: "flag" }).map(([name, kind]) => [
          name,
          { type: kind === "flag" ? ("boolean" as const) : ("string" as const) },
        ]),
      ),
      help: { type: "boolean" as const, short: "h" },
    };
  try {
    const { positionals, values, tokens } = parseArgs({
      args: joined(args, kinds),
      options,
      allowPositionals: true,
      tokens: true,
    });
    const names = tokens.flatMap((token) => (token.kind === "option" ? [token.name] : [])),
      twice = names.find((name, i) => names.indexOf(name) < i);
    if (twice !== undefined) throw new Error(`--${twice}: expected it once, got it twice.`);
    return { files: positionals, values: values as Call["values"] };
  } catch (error) {
    // what Node adds is about files whose names begin with "-"
    const [message] = reasonOf(error).split(". To specify"),
      dashed = /^Option '(--\S+)[^']*' argument is ambiguous/.exec(message)?.[1],
      unknown = /^Unknown option '--(.+)'/.exec(message)?.[1],
      near = unknown === undefined ? undefined : nearestName(unknown, Object.keys(options));
    if (dashed !== undefined)
      throw new UsageError(`${dashed}: expected a text after it; one that begins with a dash takes "=": ${dashed}=-x.`);
    throw new UsageError(near === undefined ? message : `${message}. Did you mean --${near}?`);
  }
}

/**
 * Arguments as Node's parser takes them: an option that may stand alone has an empty text, and a number below zero,
 * which looks like an option, is joined to the one before it.
 */
function joined(args: readonly string[], kinds: Readonly<Record<string, string>>): string[] {
  const end = args.indexOf("--"),
    list: string[] = [];
  for (const arg of end < 0 ? args : args.slice(0, end)) {
    const before = list.at(-1) ?? "",
      kind = (text: string) => (text.startsWith("--") ? kinds[text.slice(2)] : undefined);
    if (/^-\.?\d/.test(arg) && kind(before) === "text") list[list.length - 1] = `${before}=${arg}`;
    else list.push(kind(arg) === "flag or text" ? `${arg}=` : arg);
  }
  return end < 0 ? list : [...list, ...args.slice(end)];
}

export const textOf = ({ values }: Call, name: string): string | undefined => {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
};

export function numberOf(call: Call, name: string): number | undefined {
  const text = textOf(call, name);
  if (text === undefined) return undefined;
  if (text.trim() === "" || Number.isNaN(Number(text)))
    throw new UsageError(`--${name}: expected a number, got "${text}".`);
  return Number(text);
}

/** Refuse options that another one leaves without a meaning. */
export function refuseBeside({ values }: Call, name: string, others: readonly string[]): void {
  const other = values[name] === undefined ? undefined : others.find((one) => values[one] !== undefined);
  if (other !== undefined) throw new UsageError(`--${name}: expected no --${other} beside it, got both.`);
}

/** Numbers between commas. */
export function numbersOf(call: Call, name: string): number[] | undefined {
  return textOf(call, name)
    ?.split(",")
    .map((text) => {
      if (text.trim() === "" || Number.isNaN(Number(text)))
        throw new UsageError(`--${name}: expected numbers such as 1,2,3, got "${text}".`);
      return Number(text);
    });
}

/** A record in JSON. */
export function recordOf(call: Call, name: string): Record<string, unknown> {
  const text = textOf(call, name);
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // refused below
  }
  throw new UsageError(`--${name}: expected a record in JSON, such as '{"inputs":2}', got ${text}.`);
}

/** The one file of a command. */
export function fileOf({ files }: Call, what: string): string {
  if (files.length !== 1) throw new UsageError(`expected one file, ${what}, got ${files.length}.`);
  return files[0];
}

export const shapeOf = ({ shape }: Tensor): string => shape.join(" × ");
