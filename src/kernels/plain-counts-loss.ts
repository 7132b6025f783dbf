/** The definition of `countsLoss`, on places in m. Products run in the order of the SIMD kernel. */
export function plainCountsLoss(
  m: Float64Array,
  y: number,
  x: number,
  count: number,
  sums: number,
  rest: number,
): number {
  const number = new Float64Array(1),
    words = new Uint32Array(number.buffer), // the high word comes second on every machine that has an engine
    total = [0, 0],
    product = [1, 1],
    exponents = [0, 0];
  let left = 0;
  for (let k = 0; k < count; k++) if (!(m[y + k] + 1e-10 >= 1e-11 && m[y + k] + 1e-10 <= 1e19)) return -1;
  for (let k = 0; k < count; k++) {
    const entry = m[x + k],
      model = m[y + k],
      lane = k % 2,
      raised = model + 1e-10,
      seen = entry >= 0;
    m[y + k] = seen ? 1 - entry / raised : 0;
    if (seen) total[lane] += model;
    if (!(entry <= 15)) {
      m[rest + 2 * left] = entry;
      m[rest + 2 * left + 1] = raised;
      left++;
    }
    if (!seen || entry > 15) continue;
    const second = raised * raised,
      fourth = second * second;
    let power = (entry & 1 ? raised : 1) * (entry & 2 ? second : 1) * (entry & 4 ? fourth : 1);
    if (entry & 8) power *= fourth * fourth;
    number[0] = product[lane] * power;
    exponents[lane] += (words[1] >>> 20) - 1023;
    words[1] = (words[1] & 0xfffff) | 0x3ff00000;
    product[lane] = number[0];
  }
  m.set([...total, ...product, ...exponents], sums);
  return left;
}
