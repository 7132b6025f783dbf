/** A run of entries that share one value. */
interface Block {
  count: number;
  sum: number;
  squares: number;
  /** the squared error of this block and of those before it */
  error: number;
}

/** Blocks of the nearest column that does not fall, and the squared error of every prefix of it. */
interface Isotonic {
  readonly blocks: readonly Block[];
  readonly errors: Float64Array;
}

/**
 * The nearest column that does not fall, by pooling adjacent violators, prefix by prefix.
 *
 * @param least - values below it become it: 0 for non-negative columns, or -Infinity
 * @see Stout (2008), Unimodal regression via prefix isotonic regression, Comput. Stat. Data Anal. 53
 */
function pooled(column: Float64Array, least: number): Isotonic {
  const blocks: Block[] = [],
    errors = new Float64Array(column.length + 1);
  for (let i = 0; i < column.length; i++) {
    let next: Block = { count: 1, sum: column[i], squares: column[i] * column[i], error: 0 };
    for (let last = blocks.at(-1); last && last.sum * next.count >= next.sum * last.count; last = blocks.at(-1)) {
      next = {
        count: last.count + next.count,
        sum: last.sum + next.sum,
        squares: last.squares + next.squares,
        error: 0,
      };
      blocks.pop();
    }
    const value = Math.max(least, next.sum / next.count);
    next.error = (blocks.at(-1)?.error ?? 0) + next.squares - 2 * value * next.sum + next.count * value * value;
    blocks.push(next);
    errors[i + 1] = next.error;
  }
  return { blocks, errors };
}

/** Entries that do not fall from one to the next, nearest to those given, in place. */
export function raise(column: Float64Array, least = -Infinity): void {
  let at = 0;
  for (const { count, sum } of pooled(column, least).blocks) {
    column.fill(Math.max(least, sum / count), at, at + count);
    at += count;
  }
}

/** Entries that do not fall up to some place and do not rise after it, nearest to those given, in place. */
export function peak(column: Float64Array, least = -Infinity): void {
  const n = column.length,
    rising = pooled(column, least).errors,
    falling = pooled(column.slice().reverse(), least).errors;
  let split = 0;
  for (let k = 1; k <= n; k++) if (rising[k] + falling[n - k] < rising[split] + falling[n - split]) split = k;
  raise(column.subarray(0, split), least);
  const after = column.slice(split).reverse();
  raise(after, least);
  column.set(after.reverse(), split);
}
