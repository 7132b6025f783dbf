import { saveResult, toJson, type ScoredRow } from "ltrnn";
import { report } from "ltrnn/vega";
import type { Findings, Settings } from "./analyze";
import type { Shown } from "./figures-of";
import { byId, element } from "./page";

/** Links to all that was found, as files. */
export async function offerDownloads(
  findings: Findings,
  {
    shown,
    svgs,
    scores,
    settings,
  }: {
    readonly shown: readonly Shown[];
    readonly svgs: readonly string[];
    readonly scores: readonly ScoredRow[];
    readonly settings: Settings;
  },
): Promise<void> {
  const { fit, insight } = findings,
    drawn = shown.flatMap(({ name, figure }, i) =>
      typeof figure === "string" ? [] : [{ name, figure, svg: svgs[i] }],
    );
  const result = { fit, insight, scores, settings };
  const page = await report(fit, { figures: drawn.map(({ figure }) => figure) });
  const files: (readonly [name: string, type: string, content: BlobPart])[] = [
    ["report.html", "text/html", page],
    ["result.json", "application/json", toJson(result)],
    ["result.npz", "application/octet-stream", saveResult(result)],
    ...drawn.flatMap(({ name, figure, svg }) => [
      [`${name}.svg`, "image/svg+xml", svg] as const,
      [`${name}.vl.json`, "application/json", JSON.stringify(figure, null, 2)] as const,
    ]),
  ];
  withdrawDownloads();
  byId("downloads").replaceChildren(
    ...files.map(([name, type, content]) =>
      element(
        "li",
        {},
        element("a", { download: name, href: URL.createObjectURL(new Blob([content], { type })) }, name),
      ),
    ),
  );
}

/** Take links away, and free what they led to. */
export function withdrawDownloads(): void {
  const list = byId("downloads");
  for (const link of Array.from(list.querySelectorAll("a"))) URL.revokeObjectURL(link.href);
  list.replaceChildren();
}
