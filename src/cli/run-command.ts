import { LtrnnError, version } from "../base";
import { analyzeCommand } from "./analyze-command";
import { boundCommand } from "./bound-command";
import { RefusedError, UsageError, exitCodes, readCall, type Command, type Terminal } from "./command";
import { convertCommand } from "./convert-command";
import { cpCommand } from "./cp-command";
import { cvCommand } from "./cv-command";
import { fitCommand } from "./fit-command";
import { reportCommand } from "./report-command";
import { runJobCommand } from "./run-job-command";

const commands: Readonly<Record<string, Command>> = {
  analyze: analyzeCommand,
  fit: fitCommand,
  cv: cvCommand,
  cp: cpCommand,
  bound: boundCommand,
  report: reportCommand,
  convert: convertCommand,
  run: runJobCommand,
};

const usage = (): string => `ltrnn ${version}: low-tensor-rank learning of neural dynamics

ltrnn COMMAND FILE [options]

${Object.entries(commands)
  .map(([name, { about }]) => `  ${name.padEnd(9)}${about}`)
  .join("\n")}

ltrnn COMMAND --help says how. Results go to stdout, as JSON with --json; progress goes to stderr.
Exit codes: 0 done, 1 refused, 2 wrong usage, 3 done with failures (a cell failed, a fit diverged), 130 stopped.
`;

/** Run one command line, and give its exit code. */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h") {
    (name === undefined ? terminal.err : terminal.out)(usage());
    return name === undefined ? exitCodes.usage : exitCodes.done;
  }
  if (name === "--version") {
    terminal.out(`${version}\n`);
    return exitCodes.done;
  }
  if (!Object.hasOwn(commands, name)) {
    terminal.err(`ltrnn: expected a command, one of ${Object.keys(commands).join(", ")}, got "${name}".\n`);
    return exitCodes.usage;
  }
  try {
    const call = readCall(rest, commands[name]);
    if (call.values.help === true) {
      terminal.out(`${commands[name].help}\n`);
      return exitCodes.done;
    }
    return await commands[name].run(call, terminal);
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.err(`ltrnn ${name}: ${error.message}\nltrnn ${name} --help says how.\n`);
      return exitCodes.usage;
    }
    const noRoom = error instanceof RangeError && /memory|allocation failed|Invalid string length/.test(error.message);
    if (!(error instanceof LtrnnError || error instanceof RefusedError || noRoom)) throw error;
    terminal.err(`ltrnn ${name}: ${noRoom ? "expected more memory, got " : ""}${error.message}\n`);
    return exitCodes.refused;
  }
}
