/**
 * The permutation with the largest sum, by successive shortest augmenting paths (Kuhn's method with potentials, O(n³)).
 */
export function bestAssignment(gain: readonly (readonly number[])[]): number[] {
  const n = gain.length;
  const rowPrice = new Float64Array(n + 1),
    columnPrice = new Float64Array(n + 1); // index n: a column that stands for "not yet assigned"
  const rowOf = new Int32Array(n + 1).fill(-1);
  for (let row = 0; row < n; row++) {
    const slack = new Float64Array(n).fill(Infinity),
      from = new Int32Array(n).fill(n),
      done = new Uint8Array(n + 1);
    rowOf[n] = row;
    let column = n;
    do {
      done[column] = 1;
      let next = -1;
      for (let j = 0; j < n; j++) {
        if (done[j]) continue;
        const cost = -gain[rowOf[column]][j] - rowPrice[rowOf[column]] - columnPrice[j];
        if (cost < slack[j]) [slack[j], from[j]] = [cost, column];
        if (next < 0 || slack[j] < slack[next]) next = j;
      }
      const step = slack[next];
      for (let j = 0; j <= n; j++) {
        if (done[j]) {
          rowPrice[rowOf[j]] += step;
          columnPrice[j] -= step;
        } else slack[j] -= step;
      }
      column = next;
    } while (rowOf[column] >= 0);
    for (; column !== n; column = from[column]) rowOf[column] = rowOf[from[column]];
  }
  const assignment = new Array<number>(n);
  for (let j = 0; j < n; j++) assignment[rowOf[j]] = j;
  return assignment;
}
