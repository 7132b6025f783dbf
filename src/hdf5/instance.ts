import { fail } from "../base";

/** The package, with a memory of its own. */
export type H5 = typeof import("h5wasm");

interface Instances {
  /** how many have been left */
  left: number;
  current: Promise<H5> | undefined;
  /** why an instance that no other could take the place of is not to be trusted */
  readonly reasons: WeakMap<H5, string>;
}

/**
 * A damaged file can break the memory of a WebAssembly module: a trap leaves its heap and its stack as they were in
 * mid-call. Such a module is left, and the next file is read by a new one.
 */
const instances: Instances = { left: 0, current: undefined, reasons: new WeakMap() };

/** The module to read with, loaded on first use: the peer is optional, and 3 MB. */
export function instanceOf(where: string): Promise<H5> {
  instances.current ??= load(where).catch((error: unknown) => {
    instances.current = undefined;
    throw error;
  });
  return instances.current;
}

/** Leave a module that trapped; it stays where no other can be had. */
export function leaveBroken(h5wasm: H5, reason: string): void {
  instances.reasons.set(h5wasm, reason);
  instances.left++;
  const another = anotherOf(instances.left);
  if (another) instances.current = another.then(throwing).catch(() => h5wasm);
}

/** Why a module is not to be trusted; undefined for one that never trapped. */
export const whyBroken = (h5wasm: H5): string | undefined => instances.reasons.get(h5wasm);

async function load(where: string): Promise<H5> {
  const refuse = (error: unknown, expected: string, fix: string): never =>
    fail(where, { expected, got: String(error instanceof Error ? error.message : error).slice(0, 200), fix });
  const h5wasm = await import("h5wasm").catch((error: unknown) =>
    refuse(error, "the package h5wasm, an optional peer of ltrnn", "npm install h5wasm"),
  );
  return throwing(h5wasm).catch((error: unknown) =>
    refuse(error, "the package h5wasm in working order", "Install it again, or read in a new process."),
  );
}

/** Damage throws, and is not printed. */
async function throwing(h5wasm: H5): Promise<H5> {
  const { activate_throwing_error_handler } = await h5wasm.ready;
  activate_throwing_error_handler();
  return h5wasm;
}

/** The same file of the package, evaluated once more; undefined in CommonJS and in bundles, which have it once. */
function anotherOf(count: number): Promise<H5> | undefined {
  try {
    const file = `${import.meta.resolve("h5wasm")}?instance=${count}`;
    return import(/* @vite-ignore */ /* webpackIgnore: true */ file) as Promise<H5>;
  } catch {
    return undefined;
  }
}
