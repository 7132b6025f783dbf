/** The numbers in memory that all threads see: themselves where they lie there already, else a copy, in the place of `old` where that is as long. */
export function shareArray(data: Float64Array, old?: Float64Array): Float64Array {
  if (data.buffer instanceof SharedArrayBuffer) return data;
  const copy = old?.length === data.length ? old : new Float64Array(new SharedArrayBuffer(data.byteLength));
  copy.set(data);
  return copy;
}
