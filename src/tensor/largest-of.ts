/** The largest magnitude of the numbers that are not NaN, and whose mask is not 0. */
export function largestOf(data: Float64Array, mask?: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < data.length; i++) {
    if (mask && mask[i] === 0) continue;
    const magnitude = Math.abs(data[i]);
    if (magnitude > largest) largest = magnitude;
  }
  return largest;
}
