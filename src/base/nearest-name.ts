/**
 * The known name nearest to a misspelled one, where at most a third of its letters differ, or one begins with the
 * other.
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const wanted = name.toLowerCase().slice(0, 40);
  const scored = known.map((candidate) => ({ candidate, distance: editDistance(wanted, candidate.toLowerCase()) }));
  const best = scored.sort((p, q) => p.distance - q.distance)[0];
  if (best && best.distance <= Math.max(2, best.candidate.length / 3)) return best.candidate;
  return known.find(
    (candidate) =>
      wanted.length > 2 && (candidate.toLowerCase().startsWith(wanted) || wanted.startsWith(candidate.toLowerCase())),
  );
}

/** Insertions, deletions and substitutions from one text to the other (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length];
}
