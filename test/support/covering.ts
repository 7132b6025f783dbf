/** Choices by name, with the names of their levels. */
export type Choices = Readonly<Record<string, readonly string[]>>;

/** A level of every choice, or of some. */
export type Chosen = Readonly<Record<string, string>>;

/** Levels that are refused together, for a reason. */
export interface Refusal {
  readonly of: Chosen;
  readonly because: string;
}

const refused = (chosen: Chosen, refusals: readonly Refusal[]): boolean =>
  refusals.some(({ of }) => Object.entries(of).every(([name, level]) => chosen[name] === level));

/** All sets of so many items, each in the order of the items. */
function subsets<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  if (size === 0) return [[]];
  return items.flatMap((item, i) => subsets(items.slice(i + 1), size - 1).map((rest) => [item, ...rest]));
}

/** Every tuple of levels of `strength` choices that no refusal is in. */
export const tuplesOf = (choices: Choices, strength: number, refusals: readonly Refusal[]): readonly Chosen[] =>
  subsets(Object.keys(choices), strength)
    .flatMap((names) =>
      names.reduce<readonly Chosen[]>(
        (tuples, name) => tuples.flatMap((tuple) => choices[name].map((level) => ({ ...tuple, [name]: level }))),
        [{}],
      ),
    )
    .filter((tuple) => !refused(tuple, refusals));

/** Tuples that are in none of the rows. */
export function missingFrom(rows: readonly Chosen[], tuples: readonly Chosen[]): readonly Chosen[] {
  const seen = new Map<string, Set<string>>();
  return tuples.filter((tuple) => {
    const names = Object.keys(tuple),
      key = names.join(),
      there = seen.get(key) ?? new Set(rows.map((row) => names.map((name) => row[name]).join()));
    seen.set(key, there);
    return !there.has(Object.values(tuple).join());
  });
}

/**
 * Rows of choices in which every tuple of levels of `strength` choices occurs that is not refused. Each row begins with
 * a tuple that is still missing and takes, choice by choice, the level that completes most of those that are: the
 * greedy design of Cohen, Dalal, Fredman & Patton (1997), The AETG system.
 *
 * @param order - of the choices that are still to be made in a row
 */
export function coveringRows(
  choices: Choices,
  strength: 2 | 3,
  refusals: readonly Refusal[],
  order: (names: readonly string[]) => readonly string[],
): readonly Chosen[] {
  const names = Object.keys(choices),
    levels = names.flatMap((name) => choices[name].map((level) => `${name} ${level}`)),
    numbers = new Map(levels.map((key, i) => [key, i])),
    numberOf = (name: string, level: string) => numbers.get(`${name} ${level}`) as number,
    place = (ids: readonly number[]) => [...ids].sort((p, q) => p - q).reduce((at, id) => at * levels.length + id, 0),
    placeIn = (chosen: Chosen) => place(Object.entries(chosen).map(([name, level]) => numberOf(name, level)));
  const tuples = tuplesOf(choices, strength, refusals),
    missing = new Uint8Array(levels.length ** strength),
    rows: Chosen[] = [];
  for (const tuple of tuples) missing[placeIn(tuple)] = 1;
  for (const tuple of tuples) {
    if (missing[placeIn(tuple)] === 0) continue;
    const row: Record<string, string> = { ...tuple };
    for (const name of order(names.filter((other) => !(other in tuple)))) {
      const others = subsets(
          Object.entries(row).map(([key, level]) => numberOf(key, level)),
          strength - 1,
        ),
        allowed = choices[name].filter((level) => !refused({ ...row, [name]: level }, refusals)),
        gains = allowed.map((level) => {
          const id = numberOf(name, level);
          return others.reduce((sum, ids) => sum + missing[place([id, ...ids])], 0);
        });
      if (allowed.length === 0) throw new Error(`no level of ${name} goes with ${JSON.stringify(row)}`);
      row[name] = allowed[gains.indexOf(Math.max(...gains))];
    }
    rows.push(Object.fromEntries(names.map((name) => [name, row[name]])));
    for (const ids of subsets(
      names.map((name) => numberOf(name, row[name])),
      strength,
    ))
      missing[place(ids)] = 0;
  }
  return rows;
}
