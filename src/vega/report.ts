import { fail, readOptions, show, type FieldsOf } from "../base";
import type { Figure } from "../figures";
import { describeResult, type Reported } from "./describe-result";
import { escapeText } from "./escape-text";
import { toSvg } from "./to-svg";

/** A table of texts. */
export interface ReportTable {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** what it shows, in a sentence or two; default none */
  readonly note?: string;
}

export interface ReportOptions {
  /** default what the result is */
  readonly title?: string;
  /** figures besides the report's own, such as trialFactorFigure with its uncertainty; default none */
  readonly figures?: readonly Figure[];
  /** tables besides the report's own, such as held-out scores of several fits; default none */
  readonly tables?: readonly ReportTable[];
  /** what the data are and were asked, in a paragraph of yours; default none */
  readonly about?: string;
}

const texts = { is: "list", of: { is: "text" }, needed: true } as const;

const tableFields = {
  caption: { is: "text", needed: true },
  columns: texts,
  rows: { is: "list", of: { is: "list", of: { is: "text" } }, needed: true },
  note: { is: "text", fallback: "" },
} as const satisfies FieldsOf<ReportTable>;

const fields = {
  title: { is: "text", fallback: "" },
  about: { is: "text", fallback: "" },
  figures: { is: "checked", check: checkFigures, fallback: [] },
  tables: { is: "list", of: { is: "record", of: tableFields }, fallback: [] },
} as const satisfies FieldsOf<ReportOptions>;

/**
 * A report of a result as one HTML file, which needs no network: what was asked, what came, how sure that is, what was
 * left out, and code that makes the result again.
 *
 * @param result - of fitLowTensorRank, cpAls, compareRanks, or a snapshot of train
 * @returns the text of the file
 * @throws LtrnnError when it is none of these, or vega and vega-lite are not installed
 * @example (await report(cpAls(tensor([2, 2], [1, 2, 2, 4]), 1))).startsWith("<!doctype html>") // true
 */
export async function report(result: Reported, options?: ReportOptions): Promise<string> {
  const where = "report",
    { title, about, figures, tables } = readOptions(where, options, fields),
    told = describeResult(where, result);
  const drawn = await Promise.all([...told.figures, ...figures].map(toSvg));
  const paragraphs = (texts: readonly string[]) => texts.map((text) => `<p>${escapeText(text)}</p>`).join("\n");
  const row = ([name, value]: readonly [string, string]) =>
    `<tr><th scope="row">${escapeText(name)}</th><td>${escapeText(value)}</td></tr>`;
  const rows = (pairs: readonly (readonly [string, string])[]) => `<table>${pairs.map(row).join("")}</table>`;
  const name = escapeText(title || told.title);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${name}</title>
<style>${style}</style></head>
<body><main><h1>${name}</h1>
${about ? paragraphs([about]) : ""}
<h2>What was asked</h2>${rows(told.asked)}
<h2>What came</h2>${rows(told.came)}
${(tables as readonly ReportTable[]).map(tableOf).join("\n")}
<div class="figures">${drawn.map((svg) => `<figure>${svg}</figure>`).join("\n")}</div>
<h2>How sure</h2>${paragraphs(told.sure)}
<h2>What was left out</h2>${paragraphs(told.leftOut)}
<h2>Make it again</h2><pre><code>${escapeText(told.again)}</code></pre>
</main></body></html>
`;
}

function tableOf({ caption, columns, rows, note = "" }: ReportTable): string {
  const head = columns.map((column) => `<th scope="col">${escapeText(column)}</th>`).join(""),
    body = rows.map((row) => `<tr>${row.map((cell) => `<td>${escapeText(cell)}</td>`).join("")}</tr>`).join("\n");
  return `<table><caption>${escapeText(caption)}</caption><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>
${note ? `<p>${escapeText(note)}</p>` : ""}`;
}

/** Figures are on white, also where the page is dark. */
const style =
  ":root{color-scheme:light dark}" +
  "body{font:15px/1.5 system-ui,sans-serif;color:light-dark(#222,#e6e8ea);background:light-dark(#fff,#16191c);" +
  "margin:2rem auto;padding:0 1rem;max-width:64rem}" +
  "h2{margin-top:2rem}table{border-collapse:collapse}th,td{padding:.15rem .8rem .15rem 0;text-align:left;" +
  "vertical-align:top;border-bottom:1px solid light-dark(#ddd,#444);font-weight:normal;overflow-wrap:anywhere}" +
  "caption{text-align:left;padding:1rem 0 .3rem}" +
  "th{color:light-dark(#555,#a9b1b8);min-width:7rem}figure{margin:1rem 0}" +
  "figure svg{max-width:100%;height:auto}pre{white-space:pre-wrap;overflow-wrap:anywhere;padding:1rem;" +
  "background:light-dark(#f4f4f4,#24292e)}";

function checkFigures(where: string, name: string, value: unknown): void {
  if (!Array.isArray(value))
    fail(where, {
      expected: `${name} to be a list of figures`,
      got: show(value),
      fix: "Pass what figure functions gave.",
    });
}
