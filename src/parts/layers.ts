import { zeros, type Matrix, type Tensor3 } from "../tensor";

/** Layer l of a stack in every condition: `y = x w + b`. */
export interface Layer {
  /** (conditions × units before × units after) */
  readonly w: Tensor3;
  /** (conditions × units after) */
  readonly b: Matrix;
}

/** A stack of layers, one in every condition, over the steps of a run: it remembers what each of them was at. */
export interface LayerRun {
  /** the values after the last layer at a step, from those before the first; relu between layers */
  forward(condition: number, step: number, x: Float64Array): Float64Array;
  /** what `forward` gave at a step */
  value(condition: number, step: number): Float64Array;
  /** the gradient in x at a step, from that in the last values; steps may come in any order */
  adjoint(condition: number, step: number, dLast: Float64Array): Float64Array;
  /** gradients in all layers, after the adjoint of every step */
  gradients(): readonly Layer[];
}

export function layerRun(layers: readonly Layer[], steps: number): LayerRun {
  const [conditions, first] = layers[0].w.shape,
    widths = [first, ...layers.map(({ b }) => b.shape[1])],
    rooms = () => widths.map((width) => new Float64Array(conditions * steps * width)),
    values = rooms(),
    slopes = rooms();
  const at = (room: Float64Array, l: number, condition: number, step: number) => {
    const begin = (condition * steps + step) * widths[l];
    return room.subarray(begin, begin + widths[l]);
  };
  const last = (condition: number, step: number) => at(values[layers.length], layers.length, condition, step);
  return {
    forward(condition, step, x) {
      at(values[0], 0, condition, step).set(x);
      for (const [l, layer] of layers.entries()) {
        const y = at(values[l + 1], l + 1, condition, step);
        forward(layer, condition, at(values[l], l, condition, step), y);
        if (l + 1 < layers.length) for (let j = 0; j < y.length; j++) y[j] = Math.max(0, y[j]);
      }
      return last(condition, step);
    },
    value: last,
    adjoint(condition, step, dLast) {
      at(slopes[layers.length], layers.length, condition, step).set(dLast);
      for (let l = layers.length - 1; l >= 0; l--) {
        const x = at(values[l], l, condition, step),
          dx = at(slopes[l], l, condition, step);
        backward(layers[l], condition, at(slopes[l + 1], l + 1, condition, step), dx, l === 0 ? undefined : x);
      }
      return at(slopes[0], 0, condition, step);
    },
    gradients: () => layers.map((layer, l) => gradientOf(layer, steps, values[l], slopes[l + 1])),
  };
}

/** `y = b + x w`; entries of x that are 0, as half of those after a relu are, cost nothing. */
function forward({ w, b }: Layer, condition: number, x: Float64Array, y: Float64Array): void {
  const [, before, after] = w.shape,
    offset = condition * before * after;
  y.set(b.data.subarray(condition * after, (condition + 1) * after));
  for (let i = 0; i < before; i++) {
    const value = x[i];
    if (value === 0) continue;
    for (let j = 0, index = offset + i * after; j < after; j++, index++) y[j] += value * w.data[index];
  }
}

/** `dx = w dy`, where the relu that made x let it through; x is undefined where there was none. */
function backward(
  { w }: Layer,
  condition: number,
  dy: Float64Array,
  dx: Float64Array,
  x: Float64Array | undefined,
): void {
  const [, before, after] = w.shape,
    offset = condition * before * after;
  for (let i = 0; i < before; i++) dx[i] = !x || x[i] > 0 ? product(w.data, offset + i * after, dy) : 0;
}

/** `sum of row dy`, in four sums that do not wait for each other. */
function product(data: Float64Array, offset: number, dy: Float64Array): number {
  const { length } = dy,
    whole = length - (length % 4);
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let j = 0, index = offset; j < whole; j += 4, index += 4) {
    s0 += data[index] * dy[j];
    s1 += data[index + 1] * dy[j + 1];
    s2 += data[index + 2] * dy[j + 2];
    s3 += data[index + 3] * dy[j + 3];
  }
  for (let j = whole; j < length; j++) s0 += data[offset + j] * dy[j];
  return s0 + s1 + (s2 + s3);
}

/**
 * `dw = sum over steps of x dy'`, `db = sum of dy`: row by row, so that a row of dw stays where it is quickly reached.
 */
function gradientOf({ w, b }: Layer, steps: number, x: Float64Array, dy: Float64Array): Layer {
  const [conditions, before, after] = w.shape,
    gradient: Layer = { w: zeros(w.shape), b: zeros(b.shape) };
  for (let condition = 0; condition < conditions; condition++) {
    for (let s = condition * steps; s < (condition + 1) * steps; s++)
      for (let j = 0; j < after; j++) gradient.b.data[condition * after + j] += dy[s * after + j];
    for (let i = 0; i < before; i++)
      for (let s = condition * steps; s < (condition + 1) * steps; s++) {
        const value = x[s * before + i];
        if (value === 0) continue;
        for (let j = 0, index = (condition * before + i) * after; j < after; j++, index++)
          gradient.w.data[index] += value * dy[s * after + j];
      }
  }
  return gradient;
}
