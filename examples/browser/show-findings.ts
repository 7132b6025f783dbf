import type { ScoredRow } from "ltrnn";
import { toSvg } from "ltrnn/vega";
import type { Findings } from "./analyze";
import type { Shown } from "./figures-of";
import { byId, element } from "./page";

/** Draw figures and scores where earlier ones were. @returns the SVG text of each figure */
export async function showFindings(
  shown: readonly Shown[],
  scores: readonly ScoredRow[],
  explains: Findings["explains"],
): Promise<string[]> {
  const texts = await Promise.all(shown.map(({ figure }) => (typeof figure === "string" ? "" : toSvg(figure))));
  const views = shown.map(({ title, figure, note }, i) => {
    const view = element("figure", {});
    if (typeof figure === "string") view.append(element("p", {}, `No figure: ${figure}.`));
    else view.innerHTML = texts[i];
    view.prepend(element("h3", {}, title));
    view.append(element("figcaption", {}, note));
    return view;
  });
  byId("findings").replaceChildren(...views, scoreTable(scores, explains));
  byId("results").hidden = false;
  return texts;
}

const percent = (share: number | null) => (share === null ? "" : `${(100 * share).toFixed(1)} %`);

function scoreTable(rows: readonly ScoredRow[], explains: Findings["explains"]): HTMLTableElement {
  const header = ["model", "validation", "test"].map((text) => element("th", { scope: "col" }, text));
  const lines = rows.map(({ model, axes, validation, test }) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, axes.rank === undefined ? model : `${model}, rank ${axes.rank}`),
      element("td", {}, percent(validation)),
      element("td", {}, percent(test)),
    ),
  );
  return element(
    "table",
    { id: "scores" },
    element(
      "caption",
      {},
      `${explains === "deviance" ? "Poisson deviance" : "Variance"} explained on held-out boxes. Choose a rank by ` +
        "validation; test is for the last look.",
    ),
    element("thead", {}, element("tr", {}, ...header)),
    element("tbody", {}, ...lines),
  );
}
