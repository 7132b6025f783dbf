#!/usr/bin/env node
import { exitCodes } from "./command";
import { runCommand } from "./run-command";

/** The process is one command: signals stop it after the step it is in. */
async function main(): Promise<void> {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  process.once("SIGTERM", () => stop.abort());
  // a reader that has gone, such as head, wants no more; a full disk is said
  process.stdout.on("error", ({ code, message }: NodeJS.ErrnoException) => {
    if (code !== "EPIPE") process.stderr.write(`ltrnn: ${message}\n`);
    process.exit(code === "EPIPE" ? exitCodes.done : exitCodes.refused);
  });
  process.stderr.on("error", () => {});
  process.exitCode = await runCommand(process.argv.slice(2), {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    signal: stop.signal,
  });
}

void main();
