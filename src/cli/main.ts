#!/usr/bin/env node
import { exitCodes } from "./command";
import { runCommand } from "./run-command";

/**
 * At the first signal, stops a command that has steps after its current step; the second signal ends the process. Node
 * resets SIGHUP even under nohup: a fit whose terminal is closed saves what it has.
 */
function stopOnSignals(): AbortSignal {
  const stop = new AbortController(),
    signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const,
    first = () => {
      for (const signal of signals) process.off(signal, first);
      stop.abort();
    };
  for (const signal of signals) process.on(signal, first);
  return stop.signal;
}

/** The process is one command. */
async function main(): Promise<void> {
  // a reader that has gone, such as head, wants no more; a full disk is said
  process.stdout.on("error", ({ code, message }: NodeJS.ErrnoException) => {
    if (code !== "EPIPE") process.stderr.write(`ltrnn: ${message}\n`);
    process.exit(code === "EPIPE" ? exitCodes.done : exitCodes.refused);
  });
  process.stderr.on("error", () => {});
  let signal: AbortSignal | undefined;
  process.exitCode = await runCommand(process.argv.slice(2), {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    // read by commands with steps alone: without a listener, a signal ends the process at once
    get signal() {
      signal ??= stopOnSignals();
      return signal;
    },
  });
}

void main();
