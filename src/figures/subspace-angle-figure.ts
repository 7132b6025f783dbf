import { fail, readOptions, show, type FieldsOf } from "../base";
import { colors } from "./config";
import { checkCount, numbersField, readRecords } from "./fields";
import { inWords } from "./figure-of";
import { columnsOf, panelFields, panelFigure, panelTitle, plotSize, type PanelOptions } from "./panels";
import type { Figure, Json, Part } from "./specification";

/** Principal angles between two spaces, beside those of random spaces. */
export interface AnglesShown {
  /** which spaces */
  readonly label: string;
  /** in radians, as principalAngles gives them */
  readonly angles: readonly number[];
  /** the angles of random spaces of equal dimension, one list for each */
  readonly chance: readonly (readonly number[])[];
}

const rowFields = {
  label: { is: "text", needed: true },
  angles: numbersField,
  chance: { is: "checked", check: checkChance, needed: true },
} as const satisfies FieldsOf<AnglesShown>;

/**
 * Principal angles of spaces compared with chance, one panel for each pair of spaces: points are the angles, smallest
 * first, and bars reach from the 5th to the 95th percentile of random spaces.
 *
 * @param spaces - angles in radians; drawn in degrees
 * @returns a Vega-Lite specification, plain JSON
 * @throws {@link LtrnnError} when lists differ in length, or there are none
 * @example subspaceAngleFigure([{ label: "columns", angles: [0.1, 0.5], chance: [[0.9, 1.2], [1,
 * 1.3]] }]).description // "Principal angles beside chance, in degrees. columns: 5.73,
 * 28.6; 2 of 2 below the 5th percentile of chance."
 */
export function subspaceAngleFigure(spaces: readonly AnglesShown[], options?: PanelOptions): Figure {
  const where = "subspaceAngleFigure",
    read = readRecords<AnglesShown, typeof rowFields>(
      where,
      "spaces",
      spaces,
      rowFields,
      "Pass [{ label, angles, chance }].",
    );
  const { title, ...size } = readOptions(where, options, panelFields);
  checkCount(where, "pairs of spaces", read.length, 24, "Draw fewer at once.");
  read.forEach(({ angles, chance }, i) => {
    const other = chance.find((list) => list.length !== angles.length);
    if (other || angles.length === 0 || chance.length === 0)
      fail(where, {
        expected: `at least one angle, and as many in every list of chance, in spaces[${i}]`,
        got: other ? `${angles.length} and ${other.length}` : `${angles.length} angles, ${chance.length} lists`,
        fix: "Draw random spaces of the dimension of yours.",
      });
  });
  const columns = columnsOf(size.width, Math.min(read.length, 4), 150),
    plot = plotSize(size, columns, Math.ceil(read.length / columns), 230, { titles: 1 });
  const degrees = 180 / Math.PI;
  const rows = read.map(({ angles, chance }) =>
    Array.from(angles, (angle, i) => {
      const sorted = chance.map((list) => list[i]).sort((a, b) => a - b),
        at = (share: number) => degrees * sorted[Math.floor(share * (sorted.length - 1))];
      return { number: i + 1, angle: degrees * angle, low: at(0.05), high: at(0.95) };
    }),
  );
  const views = read.map(({ label }, panel): Part => {
    const values: Json[] = rows[panel].map((row) => ({ ...row }));
    const x: Part = { field: "number", type: "ordinal", title: "angle number", axis: { labelAngle: 0, grid: false } };
    const y = (field: string): Part => ({
      field,
      type: "quantitative",
      title: panel % columns === 0 ? "angle (degrees)" : null,
      scale: { domain: [0, 90], nice: false },
      axis: { values: [0, 15, 30, 45, 60, 75, 90] },
    });
    return {
      ...plot,
      title: panelTitle(label, plot.width),
      layer: [
        {
          data: { values },
          mark: { type: "bar", color: "#c0c0c0", width: { band: 0.6 } },
          encoding: { x, y: y("low"), y2: { field: "high" } },
        },
        {
          data: { values },
          mark: { type: "point", color: colors[0], size: 60, opacity: 1 },
          encoding: { x, y: y("angle") },
        },
      ],
    };
  });
  const said = read.map(({ label }, i) => {
    const below = rows[i].filter(({ angle, low }) => angle < low).length;
    return (
      `${label}: ${rows[i].map(({ angle }) => inWords(angle)).join(", ")}; ${below} of ` +
      `${rows[i].length} below the 5th percentile of chance.`
    );
  });
  const description = [`${title || "Principal angles beside chance, in degrees"}.`, ...said].join(" ");
  const named = title || "Principal angles, beside bars from the 5th to the 95th percentile of random spaces";
  return panelFigure(description, views, { title: named, width: size.width, columns });
}

function checkChance(where: string, name: string, value: unknown): void {
  if (!Array.isArray(value))
    fail(where, {
      expected: `${name} to be a list of lists of angles`,
      got: show(value),
      fix: "Pass one list for each random space.",
    });
  Array.from(value as unknown[]).forEach((list, i) => {
    numbersField.check(where, `${name}[${i}]`, list);
  });
}
