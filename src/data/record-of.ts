import { LtrnnError } from "../base";

/** What a file holds, by name. What is refused is a hidden property, which throws its error when it is read. */
export function recordOf(read: readonly { readonly name: string; readonly content: unknown }[]): object {
  const record = {};
  for (const { name, content } of read)
    Object.defineProperty(
      record,
      name,
      content instanceof LtrnnError
        ? { enumerable: false, configurable: true, get: () => raise(content) }
        : { enumerable: true, configurable: true, writable: true, value: content },
    );
  return record;
}

function raise(error: LtrnnError): never {
  throw error;
}
