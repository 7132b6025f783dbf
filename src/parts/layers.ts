import { addLeft, addRight, contractionKernels } from "../kernels";
import { zeros, type Matrix, type Tensor3 } from "../tensor";

/** Layer l of a stack in every condition: `y = x w + b`. */
export interface Layer {
  /** (conditions × units before × units after) */
  readonly w: Tensor3;
  /** (conditions × units after) */
  readonly b: Matrix;
}

/** What is made of a vector at a step: a view that holds until the next call. */
export type AtStep = (step: number, x: Float64Array) => Float64Array;

/** A stack of layers, one in every condition, over the steps of a run: it remembers what each of them was at. */
export interface LayerRun {
  /** `run` is given what takes values before the first layer to those after the last; relu between layers */
  forward(condition: number, run: (apply: AtStep) => void): void;
  /** after `forward` of every condition: an adjoint with gradients of its own */
  adjoint(): LayerAdjoint;
}

export interface LayerAdjoint {
  /**
   * `run` is given what takes gradients in the last values to those in the first, in any order of steps, every step
   * once; it may ask what the last values were
   */
  backward(condition: number, run: (pull: AtStep, lastAt: (step: number) => Float64Array) => void): void;
  /** in all layers, after `backward` of every condition */
  readonly gradients: readonly Layer[];
}

/** The layers of one condition in the workspace, by addresses. */
interface Loaded {
  readonly kernels: ReturnType<typeof contractionKernels>;
  readonly memory: Float64Array;
  readonly widths: readonly number[];
  readonly weights: readonly number[];
  readonly biases: readonly Float64Array[];
  /** values before the first layer, between layers and after the last: a row a step */
  readonly rows: readonly number[];
}

/**
 * All products are those of the kernels, in float64: one condition after another is copied into the workspace, where
 * its layers stay in the cache for all steps.
 *
 * What runs often stands in functions of this file, not in those that a run makes: engines forget what they compiled of
 * a function that is gone, and would compile it again at every update of a fit.
 */
export function layerRun(layers: readonly Layer[], steps: number): LayerRun {
  const kernels = contractionKernels(),
    { workspace } = kernels,
    [conditions, first] = layers[0].w.shape,
    widths = [first, ...layers.map(({ b }) => b.shape[1])],
    remembered = widths.map((width) => new Float64Array(conditions * steps * width));

  /** Of a tensor with a block for every condition, that of one. */
  const blockOf = (data: Float64Array, condition: number) =>
    data.subarray((condition * data.length) / conditions, ((condition + 1) * data.length) / conditions);
  const takeRows = () => widths.map((width) => workspace.take(steps * width * 8));
  const load = (condition: number): Loaded => {
    const weights = layers.map(({ w: { data } }) => {
      const block = blockOf(data, condition),
        address = workspace.take(block.length * 8, false);
      workspace.f64.set(block, address / 8);
      return address;
    });
    const biases = layers.map(({ b }) => blockOf(b.data, condition));
    return { kernels, widths, weights, biases, rows: takeRows(), memory: workspace.f64 };
  };

  return {
    forward: (condition, run) =>
      workspace.within(() => {
        const loaded = load(condition);
        run((step, x) => valueAt(loaded, step, x));
        for (const [l, width] of widths.entries())
          blockOf(remembered[l], condition).set(rowsOf(loaded.memory, loaded.rows[l], steps * width));
      }),

    adjoint() {
      const gradients = layers.map(({ w, b }): Layer => ({ w: zeros(w.shape), b: zeros(b.shape) }));
      const backward: LayerAdjoint["backward"] = (condition, run) =>
        workspace.within(() => {
          const before = load(condition),
            slopes = takeRows(),
            sums = workspace.take(Math.max(...layers.map(({ w }) => w.shape[1] * w.shape[2])) * 8, false),
            loaded = { ...before, memory: workspace.f64 };
          for (const l of widths.keys()) loaded.memory.set(blockOf(remembered[l], condition), loaded.rows[l] / 8);
          run(
            (step, dLast) => slopeAt(loaded, slopes, step, dLast),
            (step) => rowAt(loaded, loaded.rows, widths.length - 1, step),
          );
          for (const [l, { w, b }] of gradients.entries())
            addGradients(loaded, { l, steps, sums, slopes }, blockOf(w.data, condition), blockOf(b.data, condition));
        });
      return { backward, gradients };
    },
  };
}

const rowsOf = (memory: Float64Array, address: number, count: number) =>
  memory.subarray(address / 8, address / 8 + count);

const addressAt = (widths: readonly number[], from: readonly number[], l: number, step: number) =>
  from[l] + step * widths[l] * 8;

const rowAt = ({ memory, widths }: Loaded, from: readonly number[], l: number, step: number) =>
  rowsOf(memory, addressAt(widths, from, l, step), widths[l]);

/** Values after the last layer, of those before the first. */
function valueAt(loaded: Loaded, step: number, x: Float64Array): Float64Array {
  const { kernels, memory, widths, weights, biases, rows } = loaded,
    depth = weights.length;
  memory.set(x, addressAt(widths, rows, 0, step) / 8);
  for (let l = 0; l < depth; l++) {
    const y = addressAt(widths, rows, l + 1, step);
    memory.set(biases[l], y / 8);
    addLeft(kernels, y, weights[l], addressAt(widths, rows, l, step), widths[l], widths[l + 1], 1);
    if (l + 1 < depth) rectify(memory, y / 8, widths[l + 1]);
  }
  return rowAt(loaded, rows, depth, step);
}

/** Gradients in the values before the first layer, of those after the last. */
function slopeAt(loaded: Loaded, slopes: readonly number[], step: number, dLast: Float64Array): Float64Array {
  const { kernels, memory, widths, weights, rows } = loaded,
    depth = weights.length;
  memory.set(dLast, addressAt(widths, slopes, depth, step) / 8);
  for (let l = depth - 1; l >= 0; l--) {
    const dx = addressAt(widths, slopes, l, step);
    memory.fill(0, dx / 8, dx / 8 + widths[l]);
    addRight(kernels, dx, weights[l], addressAt(widths, slopes, l + 1, step), widths[l], widths[l + 1], 1);
    if (l > 0) letThrough(memory, dx / 8, addressAt(widths, rows, l, step) / 8, widths[l]);
  }
  return rowAt(loaded, slopes, 0, step);
}

/** In a layer: dw = sum over steps of x dy', db = sum of dy. */
function addGradients(
  { kernels, memory, widths, rows }: Loaded,
  { l, steps, sums, slopes }: { l: number; steps: number; sums: number; slopes: readonly number[] },
  dw: Float64Array,
  db: Float64Array,
): void {
  const [before, after] = [widths[l], widths[l + 1]],
    dy = slopes[l + 1];
  memory.fill(0, sums / 8, sums / 8 + before * after);
  addLeft(kernels, sums, dy, rows[l], steps, after, before);
  dw.set(rowsOf(memory, sums, before * after));
  for (let s = 0, i = dy / 8; s < steps; s++) for (let j = 0; j < after; j++, i++) db[j] += memory[i];
}

/** relu, in place. */
function rectify(m: Float64Array, at: number, count: number): void {
  for (let i = at; i < at + count; i++) if (m[i] < 0) m[i] = 0;
}

/** Gradients stay where the relu let its argument through. */
function letThrough(m: Float64Array, gradient: number, value: number, count: number): void {
  for (let i = 0; i < count; i++) if (!(m[value + i] > 0)) m[gradient + i] = 0;
}
