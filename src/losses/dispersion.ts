import { exp, fail, log, show } from "../base";

/** A dispersion, one for each output, or which to learn: one for each output, or one for all. */
export type DispersionOption = number | readonly number[] | "neuron" | "shared";

const [least, most] = [1e-10, 1e10];

/** Refuse what is no {@link DispersionOption}. */
export function checkDispersion(where: string, name: string, value: unknown): void {
  const isOne = (x: unknown) => typeof x === "number" && x >= least && x <= most;
  if (isOne(value) || value === "neuron" || value === "shared") return;
  if (Array.isArray(value) && value.length > 0 && Array.from(value).every(isOne)) return;
  fail(where, {
    expected: `${name} to be a number from ${least} to ${most}, a list of such, "neuron" or "shared"`,
    got: Array.isArray(value) ? show(Array.from(value).find((x) => !isOne(x)) ?? value) : show(value),
    fix: `Pass one for all outputs, one for each, or "neuron" to learn one for each.`,
  });
}

/** Dispersions s, one or one for each output, and the logarithms that stand for learned ones. */
export function dispersionsOf(
  where: string,
  {
    dispersion,
    logDispersion,
  }: { readonly dispersion: DispersionOption; readonly logDispersion?: readonly number[] | undefined },
): { readonly s: readonly number[]; readonly logs?: readonly number[] } {
  checkDispersion(where, "dispersion", dispersion);
  const learned = dispersion === "neuron" || dispersion === "shared";
  if (
    logDispersion &&
    (!learned || logDispersion.length === 0 || (dispersion === "shared" && logDispersion.length > 1))
  )
    fail(where, {
      expected: learned
        ? `logDispersion of ${dispersion === "shared" ? "one number" : "one number, or one for each output"}`
        : 'logDispersion with a dispersion to learn, "neuron" or "shared"',
      got: learned ? `${logDispersion.length}` : `dispersion ${show(dispersion)}`,
      fix: learned ? "Say where dispersions start, or leave logDispersion out." : "Leave logDispersion out.",
    });
  if (!learned) return { s: typeof dispersion === "number" ? [dispersion] : dispersion };
  const logs = logDispersion ?? [log(0.1)];
  return { s: logs.map(dispersionAt), logs };
}

/** The dispersion that a logarithm stands for: above that of a Poisson's counts by what can be computed. */
export const dispersionAt = (logarithm: number): number => least + exp(logarithm);
