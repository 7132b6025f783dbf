import { LtrnnError } from "../base";

/** What a file holds, by name. What is refused is a hidden property, which throws its error when it is read. */
export function recordOf(read: readonly { readonly name: string; readonly content: unknown }[]): object {
  const record = {};
  for (const { name, content } of read) place(record, name, content);
  return record;
}

/** The entries of a list, in which what is refused is hidden in the same way. */
export function listOf<T>(read: readonly (T | LtrnnError)[]): T[] {
  const list = new Array<T>(read.length);
  for (const [i, content] of read.entries()) place(list, i, content);
  return list;
}

function place(target: object, name: string | number, content: unknown): void {
  Object.defineProperty(
    target,
    name,
    content instanceof LtrnnError
      ? { enumerable: false, configurable: true, get: () => raise(content) }
      : { enumerable: true, configurable: true, writable: true, value: content },
  );
}

function raise(error: LtrnnError): never {
  throw error;
}
