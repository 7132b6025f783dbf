import { randomUUID } from "node:crypto";
import { accessSync, chmodSync, constants, lstatSync, mkdirSync, readlinkSync, renameSync, rmSync } from "node:fs";
import { statSync, writeFileSync, type Stats } from "node:fs";
import { dirname, extname, join, resolve } from "node:path";
import { RefusedError, UsageError, reasonOf } from "./command";

/** What a path leads to, or nothing; a path that cannot be followed throws. */
const leadsTo = (path: string): Stats | undefined => statSync(path, { throwIfNoEntry: false });

/** Refuse, before anything is computed, a file that cannot be written. Nothing is made. */
export function checkOutput(what: string, file: string, suffixes: readonly string[] = []): void {
  if (file === "") throw new UsageError(`${what}: expected the name of a file, got none.`);
  if (suffixes.length > 0 && !suffixes.includes(extname(file).toLowerCase()))
    throw new UsageError(`${what}: expected a file that ends in ${suffixes.join(" or ")}, got ${file}.`);
  try {
    checkPath(file, suffixes[0] ?? ".json");
  } catch (error) {
    throw new UsageError(`${what}: ${reasonOf(error)}`);
  }
}

function checkPath(file: string, suffix: string): void {
  const there = leadsTo(file);
  if (there?.isDirectory()) throw new Error(`expected a file, such as result${suffix}, got the folder ${file}.`);
  if (there) accessSync(file, constants.W_OK);
  else if (lstatSync(file, { throwIfNoEntry: false }))
    checkPath(resolve(dirname(file), readlinkSync(file)), suffix); // a link to a file that is to be made
  else {
    let folder = dirname(file);
    while (!leadsTo(folder) && dirname(folder) !== folder) folder = dirname(folder); // those below are made
    if (!leadsTo(folder)?.isDirectory()) throw new Error(`expected a folder for ${file}, but ${folder} is a file.`);
    accessSync(folder, constants.W_OK | constants.X_OK);
  }
}

/** Write a file, whole or not at all, and make its folder where there is none, or say why not. */
export function writeOutput(what: string, file: string, content: string | Uint8Array): void {
  try {
    const folder = dirname(file);
    mkdirSync(folder, { recursive: true });
    const there = lstatSync(file, { throwIfNoEntry: false });
    if (there?.isFile()) accessSync(file, constants.W_OK);
    if ((there && !isReplaced(there)) || !takesEntries(folder)) writeFileSync(file, content);
    else writeBeside(file, content, there?.mode);
  } catch (error) {
    throw new RefusedError(`${what}: ${reasonOf(error)}`);
  }
}

/** Links, devices, pipes, and files of other users, who would lose them, are written to instead. */
const isReplaced = (there: Stats): boolean =>
  there.isFile() && (process.getuid === undefined || there.uid === process.getuid());

function takesEntries(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A reader sees the earlier file or the new one, and a full disk or a killed process leaves the earlier. */
function writeBeside(file: string, content: string | Uint8Array, mode: number | undefined): void {
  const part = join(dirname(file), `.${randomUUID()}.part`);
  try {
    writeFileSync(part, content, mode === undefined ? {} : { mode });
    if (mode !== undefined) chmodSync(part, mode); // a new file lacks the rights in umask
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}
