import { toJson, writeNpz, type ScoredRow, type Tensor } from "ltrnn";
import { report } from "ltrnn/vega";
import type { Findings, Settings } from "./analyse";
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
  const page = await report(fit, { figures: drawn.map(({ figure }) => figure) });
  const files: (readonly [name: string, type: string, content: BlobPart])[] = [
    ["report.html", "text/html", page],
    ["result.json", "application/json", toJson({ fit, insight, scores, settings })],
    ["result.npz", "application/octet-stream", writeNpz(arraysOf(findings)) as Uint8Array<ArrayBuffer>],
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

function arraysOf({ fit, insight: { uncertainty } }: Findings): Record<string, Tensor> {
  const params = Object.entries(fit.model.params).flatMap(([name, x]): [string, Tensor][] => (x ? [[name, x]] : []));
  return {
    ...Object.fromEntries(params),
    prediction: fit.prediction,
    inputs: fit.inputs,
    ...(typeof uncertainty === "string" ? {} : { factors: uncertainty.factors, deviations: uncertainty.deviations }),
  };
}
