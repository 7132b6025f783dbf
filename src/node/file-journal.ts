import { open, readFile, stat } from "node:fs/promises";
import { fail, show } from "../base";
import type { Journal } from "../select";

/**
 * A journal in a file, which is made when the first cell is finished. Every line is on the disk before the grid goes
 * on, and carries a checksum; a line that a crash tore is dropped.
 *
 * @throws {@link LtrnnError} when the path is no text, or the file cannot be read or written
 * @example fileJournal("grid.journal")
 */
export function fileJournal(path: string): Journal {
  if (typeof path !== "string" || path === "")
    fail("fileJournal", { expected: "the path of a file", got: show(path), fix: 'Pass such as "grid.journal".' });
  const refuse = (error: unknown): never =>
    fail("fileJournal", {
      expected: `a file ${path} that can be read and written`,
      got: error instanceof Error ? error.message : String(error),
      fix: "Name a file in a folder that exists, on a disk that has room.",
    });
  return {
    async read() {
      try {
        // a pipe would be waited for, and a device has no end
        if (!(await stat(path)).isFile()) throw new Error("a folder, a device or a pipe");
        return await readFile(path, "utf8");
      } catch (error) {
        return (error as { code?: unknown }).code === "ENOENT" ? "" : refuse(error);
      }
    },
    async append(text) {
      try {
        const file = await open(path, "a");
        try {
          await file.writeFile(text);
          await file.datasync();
        } finally {
          await file.close();
        }
      } catch (error) {
        refuse(error);
      }
    },
  };
}
