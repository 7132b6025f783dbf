/** One entry of a wedge product: `e_i ∧ e_I = sign e_J` with J = I ∪ {i}; sets are numbered. */
export interface WedgeEntry {
  readonly i: number;
  /** number of I among the sets of p indices */
  readonly from: number;
  /** number of J among the sets of p + 1 indices */
  readonly to: number;
  readonly sign: 1 | -1;
}

/** Binomial coefficient, exact below 2^53. */
export function binomial(n: number, k: number): number {
  if (k < 0 || k > n) return 0;
  let value = 1;
  for (let i = 1; i <= Math.min(k, n - k); i++) value = Math.round((value * (n - i + 1)) / i);
  return value;
}

/** All entries of the wedge product R^n × Λ^p R^n → Λ^(p+1) R^n, for n up to 30. */
export function wedgeEntries(n: number, p: number): WedgeEntry[] {
  const numbers = numbered(n, p + 1),
    entries: WedgeEntry[] = [];
  for (const [set, from] of numbered(n, p))
    for (let i = 0; i < n; i++) {
      const to = numbers.get(set | (1 << i));
      if ((set >> i) & 1 || to === undefined) continue;
      entries.push({ i, from, to, sign: countBits(set & ((1 << i) - 1)) % 2 === 0 ? 1 : -1 });
    }
  return entries;
}

/** The sets of `size` of n indices, as bits, by number. */
function numbered(n: number, size: number): Map<number, number> {
  const sets = new Map<number, number>();
  const add = (set: number, next: number, left: number): void => {
    if (left === 0) sets.set(set, sets.size);
    else for (let i = next; i <= n - left; i++) add(set | (1 << i), i + 1, left - 1);
  };
  add(0, 0, size);
  return sets;
}

function countBits(set: number): number {
  let count = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) count++;
  return count;
}
