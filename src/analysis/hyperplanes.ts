/** Hyperplanes `normals_i · z + offsets_i = 0` in d dimensions; the normals have length 1 and span the space. */
export interface Hyperplanes {
  readonly count: number;
  readonly dimension: number;
  /** (count × d) */
  readonly normals: Float64Array;
  readonly offsets: Float64Array;
}
