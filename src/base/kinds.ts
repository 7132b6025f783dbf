/** A plain object, such as a literal `{}`: of any realm, with or without a prototype. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** A function that can be called; a class cannot, without `new`. */
export const isCallable = (value: unknown): value is (...args: never[]) => unknown =>
  typeof value === "function" && !/^class\b/.test(Function.prototype.toString.call(value));
