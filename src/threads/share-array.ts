/**
 * Numbers in memory that all threads see: a copy of `data` as it is now, from entry `first` on, in the place of `old`
 * where that is as long. Entries before `first` are not written. An array in shared memory is used as it is.
 */
export function shareArray(data: Float64Array, old?: Float64Array, first = 0): Float64Array {
  if (typeof SharedArrayBuffer !== "undefined" && data.buffer instanceof SharedArrayBuffer) return data;
  const copy = old?.length === data.length ? old : new Float64Array(new SharedArrayBuffer(data.byteLength));
  copy.set(first === 0 ? data : data.subarray(first), first);
  return copy;
}
