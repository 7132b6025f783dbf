import { accessSync, constants, existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, extname } from "node:path";
import { UsageError } from "./command";

/** Refuse, before anything is computed, a file that cannot be written; its folder is made. */
export function checkOutput(what: string, file: string, suffixes: readonly string[] = []): void {
  if (suffixes.length > 0 && !suffixes.includes(extname(file).toLowerCase()))
    throw new UsageError(`${what}: expected a file that ends in ${suffixes.join(" or ")}, got ${file}.`);
  if (existsSync(file) && statSync(file).isDirectory())
    throw new UsageError(`${what}: expected a file, such as result${suffixes[0] ?? ".json"}, got the folder ${file}.`);
  makeFolder(what, dirname(file));
  saying(what, () => accessSync(existsSync(file) ? file : dirname(file), constants.W_OK));
}

/** A folder that is there from now on. */
export function makeFolder(what: string, folder: string): void {
  saying(what, () => mkdirSync(folder, { recursive: true }));
}

/** Write a file, or say why not. */
export function writeOutput(what: string, file: string, content: string | Uint8Array): void {
  saying(what, () => writeFileSync(file, content));
}

function saying(what: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw new UsageError(`${what}: ${error instanceof Error ? error.message : error}`);
  }
}
