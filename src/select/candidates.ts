import { fail, isRecord, show } from "../base";
import { baselineCandidates } from "./baseline-candidates";
import type { Candidate, Candidates } from "./candidate";
import { cpCandidate } from "./cp-candidate";
import { cpStructureCandidate } from "./cp-structure-candidate";
import { fitCandidate } from "./fit-candidate";
import { gcpCandidate, gcpStructureCandidate } from "./gcp-candidate";
import { sliceTcaCandidate } from "./slice-tca-candidate";

/** Every candidate of the library, by name. */
const shippedCandidates = (): Candidates => ({
  fit: fitCandidate,
  cp: cpCandidate,
  cpStructure: cpStructureCandidate,
  gcp: gcpCandidate,
  gcpStructure: gcpStructureCandidate,
  sliceTca: sliceTcaCandidate,
  ...baselineCandidates(),
});

/** The candidate of a name: one of the library's, or one of those given. */
export function candidateOf(where: string, model: unknown, given: Candidates = {}): Candidate {
  const all: Candidates = { ...given, ...shippedCandidates() };
  if (typeof model === "string" && Object.hasOwn(all, model)) return all[model];
  return fail(where, {
    expected: `a model out of ${Object.keys(all).join(", ")}`,
    got: show(model),
    fix: "Name one of them, or hand a candidate of your own to the executor.",
  });
}

/** Refuse what is not a table of candidates, or takes a name of the library. */
export function checkCandidates(where: string, name: string, value: unknown): void {
  const wrong = !isRecord(value)
    ? show(value)
    : Object.entries(value).map(([key, one]) =>
        key in shippedCandidates()
          ? `${key}, which is the library's own`
          : isRecord(one) && typeof one.fit === "function" && Array.isArray(one.axes)
            ? undefined
            : `${show(one)} as ${key}`,
      );
  const got = typeof wrong === "string" ? wrong : wrong.find((text) => text !== undefined);
  if (got !== undefined)
    fail(where, {
      expected: `${name} to be a record of candidates { axes, fit }, by names of their own`,
      got,
      fix: "Pass such as { mine: { axes: [], fit: (data, specification, masks) => … } }.",
    });
}
