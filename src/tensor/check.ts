import { fail, show } from "../base";
import { indexOf, type Shape, shapeText, sizeOf, type Tensor } from "./shape";

/** Refuse what is not a shape: an array of whole, non-negative sizes whose product a number can hold exactly. */
export function checkShape(where: string, name: string, shape: unknown): asserts shape is Shape {
  if (!Array.isArray(shape))
    fail(where, {
      expected: `${name} to be an array of sizes, one per mode`,
      got: show(shape),
      fix: "Pass such as [2, 3].",
    });
  if (!Array.from(shape as unknown[]).every((size) => Number.isInteger(size) && (size as number) >= 0))
    fail(where, {
      expected: `whole, non-negative sizes in ${name}`,
      got: shapeText(shape),
      fix: "Give the size of each mode as a whole number.",
    });
  if (shape.length > 64 || !Number.isSafeInteger(sizeOf(shape)))
    fail(where, {
      expected: `${name} to have at most 64 modes, and fewer than 2^53 entries in all`,
      got: shapeText(shape),
      fix: "Take fewer modes, or smaller ones.",
    });
}

/**
 * Refuse what is not a tensor: data that are not a Float64Array, sizes that are not whole numbers, or another number of
 * entries.
 */
export function checkTensor(where: string, name: string, x: unknown, modes?: number): void {
  const { shape, data } = read(where, name, x);
  checkShape(where, `the shape of ${name}`, shape);
  if (modes !== undefined && shape.length !== modes)
    fail(where, {
      expected: `${name} to have ${modes} mode${modes === 1 ? "" : "s"}`,
      got: `shape ${shapeText(shape)}`,
      fix:
        `Pass ${name} with ${modes} mode${modes === 1 ? "" : "s"}: tensor(shape, ` +
        "x.data) gives the same entries another shape.",
    });
  if (data.length !== sizeOf(shape))
    fail(where, {
      expected: `${name} to have ${sizeOf(shape)} entries for shape ${shapeText(shape)}`,
      got: `${data.length}`,
      fix: "Build it with tensor(shape, data).",
    });
}

/** The two parts of what should be a tensor; reading must not throw, whatever it is. */
function read(where: string, name: string, x: unknown): { readonly shape: unknown; readonly data: Float64Array } {
  try {
    const { shape, data } = x as Tensor;
    if (data instanceof Float64Array) return { shape, data };
  } catch {
    // refused below
  }
  return fail(where, {
    expected: `${name} to be a tensor { shape, data: Float64Array }`,
    got: show(x),
    fix: "Build it with tensor(shape, data).",
  });
}

/** Refuse a tensor of another shape. `like` names what it must agree with, for the message. */
export function checkSameShape(where: string, name: string, x: unknown, shape: Shape, like?: string): void {
  checkTensor(where, name, x);
  const own = (x as Tensor).shape;
  if (own.length !== shape.length || own.some((size, mode) => size !== shape[mode]))
    fail(where, {
      expected: `${name} of shape ${shapeText(shape)}${like ? `, as ${like}` : ""}`,
      got: shapeText(own),
      fix: `Pass ${name} of shape ${shapeText(shape)}${like ? `, as ${like}` : ""}.`,
    });
}

/** Refuse a mask of another shape than `like`, or with entries other than 0 and 1. */
export function checkMask(where: string, name: string, mask: unknown, shape: Shape, like?: string): void {
  checkSameShape(where, name, mask, shape, like);
  const { data } = mask as Tensor;
  for (let i = 0; i < data.length; i++)
    if (data[i] !== 0 && data[i] !== 1)
      fail(where, {
        expected: `${name} to hold 0 and 1 only`,
        got: `${data[i]} at index [${indexOf(shape, i).join(", ")}]`,
        fix: `Pass ${name} with 1 for entries that count and 0 for all others.`,
      });
}

/** Refuse NaN and infinities, naming the first by its index. Entries where `mask` is 0 are not read. */
export function checkFinite(where: string, name: string, { shape, data }: Tensor, mask?: Tensor): void {
  for (let i = 0; i < data.length; i++)
    if (!Number.isFinite(data[i]) && mask?.data[i] !== 0)
      fail(where, {
        expected: `finite entries in ${name}`,
        got: `${data[i]} at index [${indexOf(shape, i).join(", ")}]`,
        fix: mask
          ? "Mask the entry (0) or fix the data."
          : "Fix the data, or mask what is missing where a mask is accepted.",
      });
}
