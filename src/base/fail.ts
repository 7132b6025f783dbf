/** The facts behind an error message, for programs that do not parse prose. */
export interface Failure {
  /** what the function needs */
  readonly expected: string;
  /** what it was given */
  readonly got: string;
  /** how to go on */
  readonly fix: string;
  /** where numbers stopped being finite, when a run on finite data did: training turns it into a status */
  readonly divergence?: Divergence;
}

/** Where a run stopped being finite. */
export interface Divergence {
  readonly trial?: number;
  /** time step within the trial */
  readonly step?: number;
  readonly reason: string;
}

/** The one error this library throws: it says where, what was expected, what was given, and how to go on. */
export class LtrnnError extends Error {
  override readonly name = "LtrnnError";
  /** the public function that refused */
  readonly where: string;
  readonly expected: string;
  readonly got: string;
  readonly fix: string;
  /** set where finite data overflowed in a run: not a wrong call, but a hard problem */
  declare readonly divergence?: Divergence;

  /** @param failure - what was expected, what was given, and how to go on */
  constructor(where: string, { expected, got, fix, divergence }: Failure) {
    super(`${where}: expected ${expected}, got ${got}. ${fix}`);
    this.where = where;
    this.expected = expected;
    this.got = got;
    this.fix = fix;
    if (divergence) this.divergence = divergence;
  }
}

/** Throw a {@link LtrnnError}. */
export function fail(where: string, failure: Failure): never {
  throw new LtrnnError(where, failure);
}
