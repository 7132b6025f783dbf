import { checksum, fail, isRecord, readOptions, schemaField, show, type FieldsOf, type Provenance } from "../base";
import type { Tensor } from "../tensor";
import type { GcpLoss, GcpLossDescription } from "./gcp-loss";
import { gcpTable, type GcpBounds, type GcpMethod, type GcpOptions, type GcpPenalties } from "./gcp-options";
import { startVariables } from "./gcp-start";
import { readGcpLoss } from "./loss-from";

/** The data of a run of gcp: its provenance has only their checksums and names. */
export interface GcpRunData {
  /** the mask of the run, if it had one; absent where it had none */
  readonly mask?: Tensor;
  /** the start of the run, if one was given; absent where it was drawn */
  readonly start?: Exclude<GcpOptions["start"], string>;
  /** the custom loss of the run; absent where it has a name */
  readonly loss?: GcpLoss;
}

interface Recorded {
  readonly loss: GcpLossDescription | { readonly kind: "custom"; readonly name: string };
  /** absent where `starts` were compared */
  readonly start?: "random" | "hosvd" | "nndsvd";
  readonly starts: number;
  readonly steps: number;
  readonly tolerance: number;
  readonly bounds: readonly (GcpBounds | null)[];
  readonly penalties: GcpPenalties;
  readonly method: GcpMethod;
}

interface Facts {
  readonly rank: number;
  readonly start: string | null;
  readonly mask: string | null;
  readonly kernels: string;
}

const known = () => {
  const { starts, steps, tolerance, penalties, method } = gcpTable();
  return {
    loss: { is: "checked", check: checkRecord, needed: true },
    start: { is: "name", of: ["random", "hosvd", "nndsvd"] },
    starts: { ...starts, fallback: undefined, needed: true },
    steps: { ...steps, needed: true },
    tolerance: { ...tolerance, needed: true },
    bounds: { is: "list", of: { is: "checked", check: () => {} }, needed: true },
    penalties: { is: "record", of: penalties.of, needed: true },
    method: { is: "record", of: method.of, needed: true },
  } as const satisfies FieldsOf<Recorded>;
};

const provenanceTable = () =>
  ({
    by: { is: "name", of: ["gcp"], needed: true },
    version: { is: "text", needed: true },
    schema: schemaField,
    seed: { is: "seed", needed: true },
    options: { is: "record", of: known(), needed: true },
    facts: {
      is: "record",
      of: {
        rank: { is: "whole number", least: 1, needed: true },
        start: { is: "checked", check: checkSum, needed: true },
        mask: { is: "checked", check: checkSum, needed: true },
        kernels: { is: "text", needed: true },
      },
      needed: true,
    },
  }) as const satisfies FieldsOf<Provenance>;

const dataTable = () => {
  const { mask, start, loss } = gcpTable();
  return { mask, start, loss: { is: "checked", check: loss.check } } as const satisfies FieldsOf<GcpRunData>;
};

/**
 * The options of a run of gcp, from the provenance of its result: `gcp(x, rank, gcpOptionsFrom(result.provenance))`
 * gives the same bits.
 *
 * @param data - the mask, the start and the custom loss of the run, where it had them
 * @throws {@link LtrnnError} when the provenance is not that of `gcp`, or data are missing or not those of the run
 * @example gcpOptionsFrom(gcp(tensor([2, 2], [1, 2, 2, 4]), 1, { loss: "poisson", seed: 3 }).provenance).seed // 3
 */
export function gcpOptionsFrom(provenance: Provenance, data: GcpRunData = {}): GcpOptions {
  const where = "gcpOptionsFrom",
    read = readOptions(where, provenance, provenanceTable(), "provenance"),
    recorded = read.options as unknown as Recorded,
    facts = read.facts as unknown as Facts,
    given = readOptions<GcpRunData, ReturnType<typeof dataTable>>(where, data, dataTable(), "data"),
    { mask, start } = given as GcpRunData;
  compare("start", facts.start, start && startVariables(where, start));
  compare("mask", facts.mask, mask?.data);
  const { starts, steps, tolerance, bounds, penalties, method } = recorded;
  return {
    seed: read.seed as number,
    loss: lossAgain(recorded.loss, given.loss),
    ...{ starts, steps, tolerance, penalties, method },
    bounds: bounds.map((bound) => bound ?? undefined),
    ...(recorded.start ? { start: recorded.start } : {}),
    ...(start ? { start } : {}),
    ...(mask ? { mask } : {}),
  };
}

/** The loss of the run: made from its description, or, if it is custom, the one that is given. */
function lossAgain(recorded: Recorded["loss"], given: unknown): GcpLossDescription | GcpLoss {
  if (recorded.kind !== "custom") return readGcpLoss("gcpOptionsFrom", recorded);
  const loss = given === undefined ? undefined : readGcpLoss("gcpOptionsFrom", given);
  if (loss?.name === recorded.name) return loss;
  return fail("gcpOptionsFrom", {
    expected: `the custom loss ${show(recorded.name)} as data.loss`,
    got: loss ? `the loss ${show(loss.name)}` : "none",
    fix: "Pass it: its code must come from where it was written.",
  });
}

/** Refuse data that are missing, that the run did not have, or whose checksum differs. */
function compare(name: string, sum: string | null, numbers: Float64Array | undefined): void {
  const got = numbers ? checksum(numbers) : null;
  if (sum === got) return;
  fail("gcpOptionsFrom", {
    expected: sum === null ? `no data.${name}, as the run had none` : `data.${name} to be that of the run`,
    got: got ? "another one" : "none",
    fix: sum === null ? `Leave ${name} out.` : `Pass the ${name} that the run was given, in { ${name} }.`,
  });
}

function checkRecord(where: string, name: string, value: unknown): void {
  if (!isRecord(value)) refuse(where, `${name} to be the description of a loss`, value);
}

function checkSum(where: string, name: string, value: unknown): void {
  if (value !== null && typeof value !== "string") refuse(where, `${name} to be a checksum, or null`, value);
}

function refuse(where: string, expected: string, value: unknown): never {
  return fail(where, { expected, got: show(value), fix: "Pass the provenance of a result of gcp as it was." });
}
