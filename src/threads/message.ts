import { LtrnnError, type Divergence } from "../base";

/** An error as it goes from thread to thread: classes do not. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly where?: string;
  readonly expected?: string;
  readonly got?: string;
  readonly fix?: string;
  readonly divergence?: Divergence;
}

/** What a worker sends back. */
export type Answer = { readonly value: unknown } | { readonly error: PlainError };

export function toPlain(error: unknown): PlainError {
  if (error instanceof LtrnnError)
    return {
      name: error.name,
      message: error.message,
      where: error.where,
      expected: error.expected,
      got: error.got,
      fix: error.fix,
      ...(error.divergence ? { divergence: error.divergence } : {}),
    };
  return error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: "Error", message: String(error) };
}

export function fromPlain({ name, message, where, expected, got, fix, divergence }: PlainError): Error {
  if (where === undefined || expected === undefined || got === undefined || fix === undefined)
    return Object.assign(new Error(message), { name });
  return new LtrnnError(where, { expected, got, fix, ...(divergence ? { divergence } : {}) });
}
