import { contractionKernels } from "../../src/kernels";
import { polarWork } from "../../src/ragged/polar-factor";
import type { Matrix } from "../../src/tensor";

/** The matrix with orthonormal columns nearest to m, as `polarWork` makes it in the workspace. */
export function polarFactor({ shape, data }: Matrix): Matrix {
  const [rows, columns] = shape,
    { workspace } = contractionKernels();
  return workspace.within(() => {
    const polar = polarWork(columns, rows),
      address = workspace.take(data.length * 8);
    workspace.f64.set(data, address / 8);
    polar(address, rows);
    return { shape, data: workspace.f64.slice(address / 8, address / 8 + data.length) };
  });
}
