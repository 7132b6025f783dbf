import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { version, type Figure } from "ltrnn";
import { toSvg } from "ltrnn/vega";
import type { Table } from "./terminal";

/** One part of the report: what was asked, what was seen. */
export interface Section {
  readonly title: string;
  readonly text: string;
  readonly tables: readonly Table[];
  readonly figures: readonly Figure[];
}

/** Write the report, one HTML file that needs no network, and give its path. */
export async function writeReport(
  folder: string,
  title: string,
  seed: number,
  sections: readonly Section[],
): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "report.html");
  const body = sections.map(async ({ title: head, text, tables, figures }) =>
    [
      `<section><h2>${escaped(head)}</h2><p>${escaped(text)}</p>${tables.map(tableHtml).join("")}`,
      `<div class="figures">${(await Promise.all(figures.map(toSvg))).join("")}</div></section>`,
    ].join(""),
  );
  writeFileSync(
    path,
    `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>body{font:15px/1.5 system-ui,sans-serif;color:#222;max-width:64rem;margin:2rem auto;padding:0 1rem}
h2{margin-top:2.5rem}
table{border-collapse:collapse;margin:1rem 0}
caption{text-align:left;font-weight:600;padding-bottom:.3rem}
th,td{padding:.15rem .8rem;text-align:right;border-bottom:1px solid #ddd}
th:first-child,td:first-child{text-align:left}
.figures{display:flex;flex-wrap:wrap;gap:1rem}
.figures svg{max-width:100%;height:auto}
.note{color:#555;margin-top:-.5rem}</style></head>
<body><h1>${escaped(title)}</h1><p>Made by ltrnn ${version} from seed ${seed}.</p>
${(await Promise.all(body)).join("\n")}
</body></html>
`,
  );
  return path;
}

const rowHtml = (row: readonly string[]) => `<tr>${row.map((cell) => `<td>${escaped(cell)}</td>`).join("")}</tr>`;

const tableHtml = ({ caption, columns, rows, note }: Table) =>
  [
    `<table><caption>${escaped(caption)}</caption>`,
    `<thead><tr>${columns.map((c) => `<th>${escaped(c)}</th>`).join("")}</tr></thead>`,
    `<tbody>${rows.map(rowHtml).join("")}</tbody>`,
    `</table>${note ? `<p class="note">${escaped(note)}</p>` : ""}`,
  ].join("");

const escaped = (text: string) => text.replace(/[&<>]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c]!);
