import { type ModesOf, type Shape, sizeOf, type Tensor } from "./shape";
import { zerosFor } from "./tensor";

/**
 * The entries of x at every combination of the indices listed for each mode; they are known to be in range. On behalf
 * of `where`.
 */
export function gather<S extends Shape>(
  where: string,
  { shape, data }: Tensor<S>,
  indices: readonly (readonly number[])[],
): Tensor<ModesOf<S>> {
  const out = zerosFor(where, indices.map((list) => list.length) as Shape as ModesOf<S>);
  const strides = shape.map((_, mode) => sizeOf(shape.slice(mode + 1)));
  const last = shape.length - 1;
  let next = 0;
  const walk = (mode: number, offset: number): void => {
    if (mode > last) out.data[next++] = data[offset];
    else if (mode === last) for (const index of indices[mode]) out.data[next++] = data[offset + index];
    else for (const index of indices[mode]) walk(mode + 1, offset + index * strides[mode]);
  };
  if (out.data.length > 0) walk(0, 0);
  return out;
}
