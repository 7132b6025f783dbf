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

/**
 * All products are those of the kernels, in float64: one condition after another is copied into the workspace, where
 * its layers stay in the cache for all steps.
 */
export function layerRun(layers: readonly Layer[], steps: number): LayerRun {
  const kernels = contractionKernels(),
    { workspace } = kernels,
    [conditions, first] = layers[0].w.shape,
    widths = [first, ...layers.map(({ b }) => b.shape[1])],
    depth = layers.length,
    remembered = widths.map((width) => new Float64Array(conditions * steps * width));

  /** Of a tensor with a block for every condition, that of one. */
  const blockOf = (data: Float64Array, condition: number) =>
    data.subarray((condition * data.length) / conditions, ((condition + 1) * data.length) / conditions);
  const rowsOf = () => widths.map((width) => workspace.take(steps * width * 8));
  /** The weights of a condition in the workspace. */
  const weightsOf = (condition: number) =>
    layers.map(({ w: { data } }) => {
      const block = blockOf(data, condition),
        address = workspace.take(block.length * 8, false);
      workspace.f64.set(block, address / 8);
      return address;
    });

  return {
    forward: (condition, run) =>
      workspace.within(() => {
        const weights = weightsOf(condition),
          rows = rowsOf(),
          m = workspace.f64;
        const at = (l: number, step: number) => rows[l] + step * widths[l] * 8;
        run((step, x) => {
          m.set(x, at(0, step) / 8);
          for (let l = 0; l < depth; l++) {
            const y = at(l + 1, step);
            m.set(blockOf(layers[l].b.data, condition), y / 8);
            addLeft(kernels, y, weights[l], at(l, step), widths[l], widths[l + 1], 1);
            if (l + 1 < depth) rectify(m, y / 8, widths[l + 1]);
          }
          const last = at(depth, step) / 8;
          return m.subarray(last, last + widths[depth]);
        });
        for (const [l, width] of widths.entries())
          blockOf(remembered[l], condition).set(m.subarray(rows[l] / 8, rows[l] / 8 + steps * width));
      }),

    adjoint() {
      const gradients = layers.map(({ w, b }): Layer => ({ w: zeros(w.shape), b: zeros(b.shape) }));
      const backward: LayerAdjoint["backward"] = (condition, run) =>
        workspace.within(() => {
          const weights = weightsOf(condition),
            rows = rowsOf(),
            slopes = rowsOf(),
            sums = workspace.take(Math.max(...layers.map(({ w }) => w.shape[1] * w.shape[2])) * 8, false),
            m = workspace.f64;
          for (const l of widths.keys()) m.set(blockOf(remembered[l], condition), rows[l] / 8);
          const at = (from: readonly number[], l: number, step: number) => from[l] + step * widths[l] * 8;
          run(
            (step, dLast) => {
              m.set(dLast, at(slopes, depth, step) / 8);
              for (let l = depth - 1; l >= 0; l--) {
                const dx = at(slopes, l, step);
                m.fill(0, dx / 8, dx / 8 + widths[l]);
                addRight(kernels, dx, weights[l], at(slopes, l + 1, step), widths[l], widths[l + 1], 1);
                if (l > 0) letThrough(m, dx / 8, at(rows, l, step) / 8, widths[l]);
              }
              const start = at(slopes, 0, step) / 8;
              return m.subarray(start, start + first);
            },
            (step) => m.subarray(at(rows, depth, step) / 8, at(rows, depth, step + 1) / 8),
          );
          for (const [l, { w, b }] of gradients.entries()) {
            // dw = sum over steps of x dy', db = sum of dy
            const [before, after] = [widths[l], widths[l + 1]],
              dy = slopes[l + 1],
              db = blockOf(b.data, condition);
            m.fill(0, sums / 8, sums / 8 + before * after);
            addLeft(kernels, sums, dy, rows[l], steps, after, before);
            blockOf(w.data, condition).set(m.subarray(sums / 8, sums / 8 + before * after));
            for (let s = 0, i = dy / 8; s < steps; s++) for (let j = 0; j < after; j++, i++) db[j] += m[i];
          }
        });
      return { backward, gradients };
    },
  };
}

/** relu, in place. */
function rectify(m: Float64Array, at: number, count: number): void {
  for (let i = at; i < at + count; i++) if (m[i] < 0) m[i] = 0;
}

/** Gradients stay where the relu let its argument through. */
function letThrough(m: Float64Array, gradient: number, value: number, count: number): void {
  for (let i = 0; i < count; i++) if (!(m[value + i] > 0)) m[gradient + i] = 0;
}
