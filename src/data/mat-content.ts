import type { Shape, Tensor } from "../tensor";

/**
 * A numeric or logical array of a MAT-file, row-major as all tensors here; MATLAB's vectors stay (1 × n) or (n × 1).
 */
export interface MatArray<S extends Shape = Shape> extends Tensor<S> {
  /** its class in MATLAB, such as "double", "uint8" or "logical" */
  readonly class: string;
}

/** A character array: one text per row, without the blanks that fill short rows. */
export interface MatText {
  readonly class: "char";
  readonly data: readonly string[];
}

/** A cell array, entries row-major. */
export interface MatCells {
  readonly class: "cell";
  readonly shape: Shape;
  readonly data: readonly MatContent[];
}

/** A struct array, entries row-major; an ordinary struct has one. */
export interface MatStruct {
  readonly class: "struct";
  readonly shape: Shape;
  readonly data: readonly Readonly<Record<string, MatContent>>[];
}

/** Whatever of a MAT-file this library reads. */
export type MatContent = MatArray | MatText | MatCells | MatStruct;
