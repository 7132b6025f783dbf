import { fail, failingAs, isRecord, readOptions, show, textChecksum, version, type FieldsOf } from "../base";
import { fromJson, toJson } from "../data";
import { checkTensor, type Tensor } from "../tensor";
import { axisNames, type AxisName, type AxisValues, type Candidates } from "./candidate";
import { candidateOf } from "./candidates";

/** A grid: a cell for every combination of values of its axes, in every fold. Plain data. */
export interface Grid {
  /**
   * "fit" (ltrRNNs, the default), "cp", "conditionMean", "smoothedConditionMean", "trialPca", "cpStructure",
   * "gcp", "gcpStructure", "sliceTca", or a candidate of the executor
   */
  readonly model?: string;
  /**
   * "fit" takes rank, size (units), kernel (a length, a kernel, or the description of a prior), decoder, hypothesis
   * ("nothing", "inputs", "jump", "weights", "shuffled" or "free": what may change over trials) and seed; "cp" and
   * "gcp" rank and seed; "sliceTca" the same, each rank three, such as [1, 0, 2]; default one cell
   */
  readonly axes?: GridAxes;
  /**
   * options that all cells share, as plain data: of the fit, of `cpAls`, of `gcp`, or of the baseline; default: the
   * defaults of that function
   */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** Values along each axis, simplest first. */
export type GridAxes = Readonly<Partial<Record<AxisName, readonly unknown[]>>>;

const fields = {
  model: { is: "text", fallback: "fit" },
  axes: { is: "checked", check: checkAxes, fallback: {} },
  options: { is: "checked", check: checkRecord, fallback: {} },
} as const satisfies FieldsOf<Grid>;

/** A grid after it was read: plain data, and whether its model is fitted to folds. */
export interface ReadGrid {
  readonly model: string;
  readonly axes: GridAxes;
  readonly options: Readonly<Record<string, unknown>>;
  readonly whole: boolean;
}

/** Grids checked: names, values, and every specification that they hold. */
export function readGrids(
  where: string,
  given: Grid | readonly Grid[],
  data: Tensor,
  executor: {
    readonly candidates?: Candidates;
    readonly models?: readonly string[];
  },
): readonly ReadGrid[] {
  const list: readonly Grid[] = Array.isArray(given) ? given : [given as Grid];
  if (list.length === 0)
    fail(where, {
      expected: "a grid, or a list of grids",
      got: "an empty list",
      fix: "Pass such as { axes: { rank: [1, 2] } }.",
    });
  return Array.from(list, (grid, place) => {
    const name = Array.isArray(given) ? `grid[${place}]` : "grid",
      read = readOptions<Grid, typeof fields>(where, grid ?? null, fields, name),
      plain = failingAs(where, () =>
        fromJson<{ axes: GridAxes; options: ReadGrid["options"] }>(toJson({ axes: read.axes, options: read.options })),
      );
    const foreign = executor.models?.includes(read.model) ?? false;
    if (foreign) return { model: read.model, ...plain, whole: false };
    const candidate = candidateOf(where, read.model, executor.candidates),
      whole = candidate.whole ?? false;
    for (const axis of Object.keys(plain.axes))
      if (!candidate.axes.includes(axis as AxisName))
        fail(where, {
          expected:
            `axes that ${read.model} ` +
            `takes${candidate.axes.length > 0 ? `, ${candidate.axes.join(", ")}` : ": none"}`,
          got: axis,
          fix: "Leave that axis out.",
        });
    for (const axes of pointsOf(plain.axes))
      candidate.check?.(where, { model: read.model, axes, options: plain.options }, data);
    return { model: read.model, ...plain, whole };
  });
}

function checkAxes(where: string, name: string, value: unknown): void {
  const axes = readOptions<GridAxes, FieldsOf<GridAxes>>(
    where,
    value as GridAxes,
    Object.fromEntries(axisNames.map((axis) => [axis, { is: "checked", check: checkValues }])) as FieldsOf<GridAxes>,
    name,
  );
  const seeds: readonly unknown[] = axes.seed ?? [];
  const wrong = seeds.find((seed) => !Number.isFinite(seed));
  if (wrong !== undefined) fail(where, { expected: "finite seeds", got: show(wrong), fix: "Pass numbers." });
}

function checkValues(where: string, name: string, value: unknown): void {
  if (Array.isArray(value) && value.length > 0 && value.length <= 1_000_000) {
    const seen = new Set(Array.from(value, (one) => failingAs(where, () => toJson(one))));
    if (seen.size === value.length) return;
    fail(where, { expected: `different values along ${name}`, got: "one of them twice", fix: "Leave it out once." });
  }
  fail(where, {
    expected: `${name} to be a list of values, at least one`,
    got: Array.isArray(value) ? `${value.length} values` : show(value),
    fix: "Pass such as [1, 2, 3], or leave the axis out.",
  });
}

function checkRecord(where: string, name: string, value: unknown): void {
  if (!isRecord(value))
    fail(where, { expected: `${name} to be a record of options`, got: show(value), fix: "Pass plain data." });
}

/** Every combination of values, the last axis fastest. */
export function* pointsOf(axes: GridAxes): Generator<AxisValues> {
  const names = axisNames.filter((name) => axes[name] !== undefined),
    values = names.map((name) => axes[name] as readonly unknown[]),
    count = values.reduce((product, { length }) => product * length, 1);
  for (let at = 0; at < count; at++) {
    let rest = at;
    const point: Partial<Record<AxisName, unknown>> = {};
    for (let k = names.length - 1; k >= 0; k--) {
      point[names[k]] = values[k][rest % values[k].length];
      rest = Math.floor(rest / values[k].length);
    }
    yield point;
  }
}

/** How many points a grid has. */
export const pointCount = (axes: GridAxes): number =>
  Object.values(axes).reduce((product, values) => product * (values?.length ?? 1), 1);

/** The name of a grid on these data, a checksum of the grid, the data and the version. */
export const gridName = (plain: unknown): string => textChecksum(toJson({ version, plain }));

/** Refuse what is not data for a grid. */
export function checkData(where: string, data: Tensor): void {
  checkTensor(where, "data", data);
  const infinite = data.data.findIndex((x) => Math.abs(x) === Number.POSITIVE_INFINITY);
  if (infinite >= 0)
    fail(where, {
      expected: "finite data, NaN where missing",
      got: `${data.data[infinite]} at entry ${infinite}`,
      fix: "Correct that entry, or make it NaN.",
    });
}
