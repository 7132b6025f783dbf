import { checksum, fail, isRecord, readOptions, schemaField, show, type FieldsOf, type Provenance } from "../base";
import { checkFactors, type Matrix, type Tensor } from "../tensor";
import type { ConstraintDescription, CpConstraint } from "./constraint";
import { constraintOf } from "./constraint-from";
import { cpTable, methodTable, type CpOptions } from "./cp-options";

/** The data of a run: its provenance has only their checksums and names. */
export interface CpData {
  /** the mask of the run, if it had one; absent where it had none */
  readonly mask?: Tensor;
  /** the start of the run, if one was given; default a start that the run drew */
  readonly start?: Exclude<CpOptions["start"], string>;
  /** the custom constraints of the run, by mode; default none */
  readonly constraints?: readonly (CpConstraint | undefined)[];
}

/** Tables that refer to those of cpAls are functions: what refers to another record stays in every bundle. */
const dataTable = () =>
  ({
    mask: cpTable.mask,
    start: cpTable.start,
    constraints: cpTable.constraints,
  }) as const satisfies FieldsOf<CpData>;

/** The options in the provenance of a decomposition. */
interface Recorded
  extends Pick<Required<CpOptions>, "starts" | "sweeps" | "tolerance" | "missing" | "fixed" | "method"> {
  /** absent where `starts` were compared */
  readonly start?: "random" | "hosvd" | "nndsvd";
  readonly constraints: readonly (ConstraintDescription | null)[];
}

/** The facts in it: checksums of the start that was given, and of the mask. */
interface Facts {
  readonly rank: number;
  readonly start: readonly string[] | null;
  readonly mask: string | null;
  readonly kernels: string;
}

const recordedTable = () =>
  ({
    start: { is: "name", of: ["random", "hosvd", "nndsvd"] },
    starts: { ...cpTable.starts, needed: true },
    sweeps: { ...cpTable.sweeps, needed: true },
    tolerance: { ...cpTable.tolerance, needed: true },
    missing: { ...cpTable.missing, needed: true },
    fixed: { ...cpTable.fixed, needed: true },
    constraints: { is: "list", of: { is: "checked", check: checkDescription }, needed: true },
    method: { is: "record", of: methodTable, needed: true },
  }) as const satisfies FieldsOf<Recorded>;

const factsTable = {
  rank: { is: "whole number", least: 1, needed: true },
  start: { is: "checked", check: checkSums, needed: true },
  mask: { is: "checked", check: checkSums, needed: true },
  kernels: { is: "text", needed: true },
} as const satisfies FieldsOf<Facts>;

const provenanceTable = () =>
  ({
    by: { is: "name", of: ["cpAls"], needed: true },
    version: { is: "text", needed: true },
    schema: schemaField,
    seed: { is: "seed", needed: true },
    options: { is: "record", of: recordedTable(), needed: true },
    facts: { is: "record", of: factsTable, needed: true },
  }) as const satisfies FieldsOf<Provenance>;

/**
 * The options of a run, from the provenance of its result: `cpAls(x, rank, cpOptionsFrom(result.provenance))` gives the
 * same bits.
 *
 * @param data - the mask, the start and the custom constraints of the run, where it had them
 * @throws {@link LtrnnError} when the provenance is not that of `cpAls`, or data are missing or not those of the run
 * @example cpOptionsFrom(cpAls(tensor([2, 2], [1, 2, 2, 4]), 1, { seed: 3 }).provenance).seed // 3
 */
export function cpOptionsFrom(provenance: Provenance, data: CpData = {}): CpOptions {
  const read = readOptions("cpOptionsFrom", provenance, provenanceTable(), "provenance"),
    recorded = read.options as unknown as Recorded,
    facts = read.facts as unknown as Facts,
    { mask, start = recorded.start, constraints = [] } = readOptions("cpOptionsFrom", data, dataTable(), "data");
  checkData("start", facts.start, factorsOf(start));
  checkData("mask", facts.mask === null ? null : [facts.mask], mask ? [mask] : undefined);
  const { starts, sweeps, tolerance, missing, fixed, method } = recorded;
  return {
    seed: read.seed as number,
    starts,
    sweeps,
    tolerance,
    missing,
    fixed,
    method,
    constraints: recorded.constraints.map((description, mode) => constraintAgain(description, constraints[mode], mode)),
    ...(start ? { start } : {}),
    ...(mask ? { mask } : {}),
  };
}

/** The factors whose checksums provenance has: of an earlier result those of its last sweep. */
function factorsOf(start: CpOptions["start"]): readonly Matrix[] | undefined {
  if (start === undefined || typeof start === "string") return undefined;
  const factors = "raw" in start ? start.raw : "factors" in start ? start.factors : start;
  checkFactors("cpOptionsFrom", factors);
  return factors;
}

/** Refuse data that are missing, that the run did not have, or whose checksum differs. */
function checkData(name: string, checksums: readonly string[] | null, tensors: readonly Tensor[] | undefined): void {
  const got = tensors?.map(({ data }) => checksum(data));
  if (checksums === null ? got === undefined : got && checksums.join() === got.join()) return;
  fail("cpOptionsFrom", {
    expected: checksums === null ? `no data.${name}, as the run had none` : `data.${name} to be that of the run`,
    got: got ? "another one" : "none",
    fix: checksums === null ? `Leave ${name} out.` : `Pass the ${name} that the run was given, in { ${name} }.`,
  });
}

/** A constraint of the run: made from its description, or, if it is custom, the one that is given. */
function constraintAgain(
  description: ConstraintDescription | null,
  given: CpConstraint | undefined,
  mode: number,
): CpConstraint | undefined {
  if (description === null) return undefined;
  if (description.kind !== "custom") return constraintOf("cpOptionsFrom", description);
  if (given?.name === description.name) return given;
  return fail("cpOptionsFrom", {
    expected: `the custom constraint ${show(description.name)} as data.constraints[${mode}]`,
    got: given ? `the constraint ${show(given.name)}` : "none",
    fix: "Pass it: its code must come from where it was written.",
  });
}

function checkDescription(where: string, name: string, value: unknown): void {
  if (value === null || isRecord(value)) return;
  refuse(where, `${name} to be the description of a constraint, or null`, value);
}

function checkSums(where: string, name: string, value: unknown): void {
  if (value === null || typeof value === "string") return;
  if (Array.isArray(value) && value.every((sum) => typeof sum === "string")) return;
  refuse(where, `${name} to be checksums, or null`, value);
}

function refuse(where: string, expected: string, value: unknown): never {
  return fail(where, { expected, got: show(value), fix: "Pass the provenance of a result of cpAls as it was." });
}
