import { accessSync, constants, existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, extname } from "node:path";
import { UsageError } from "./command";

/** Refuse, before anything is computed, a file that cannot be written. Nothing is made. */
export function checkOutput(what: string, file: string, suffixes: readonly string[] = []): void {
  if (suffixes.length > 0 && !suffixes.includes(extname(file).toLowerCase()))
    throw new UsageError(`${what}: expected a file that ends in ${suffixes.join(" or ")}, got ${file}.`);
  if (existsSync(file)) {
    if (statSync(file).isDirectory())
      throw new UsageError(
        `${what}: expected a file, such as result${suffixes[0] ?? ".json"}, got the folder ${file}.`,
      );
    saying(what, () => accessSync(file, constants.W_OK));
    return;
  }
  let folder = dirname(file);
  while (!existsSync(folder)) folder = dirname(folder); // those below are made as the file is written
  if (!statSync(folder).isDirectory())
    throw new UsageError(`${what}: expected a folder for ${file}, but ${folder} is a file.`);
  saying(what, () => accessSync(folder, constants.W_OK));
}

/** Write a file, and make its folder where there is none, or say why not. */
export function writeOutput(what: string, file: string, content: string | Uint8Array): void {
  saying(what, () => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  });
}

function saying(what: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw new UsageError(`${what}: ${error instanceof Error ? error.message : error}`);
  }
}
