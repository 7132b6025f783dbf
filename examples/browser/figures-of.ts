import {
  componentsFigure,
  lineFigure,
  rankScoreFigure,
  trialFactorFigure,
  vectorFieldFigure,
  type Figure,
  type Line,
  type FieldPanel,
  type ScoredRow,
} from "ltrnn";
import type { Findings } from "./analyze";
import type { Recording } from "./select-recording";

/** A figure with its name in files, or the reason why there is none. */
export interface Shown {
  readonly name: string;
  readonly title: string;
  readonly figure: Figure | string;
  readonly note: string;
}

/** Findings as figures of this width; `scores` has those of ranks that were fitted before, too. */
export function figuresOf(
  { fit, insight, explains }: Findings,
  scores: readonly ScoredRow[],
  { conditions, epochs }: Recording,
  width: number,
): Shown[] {
  const labels = { ...(conditions ? { conditions } : {}), ...(epochs ? { epochs } : {}) },
    { uncertainty, components, field } = insight;
  const far = typeof uncertainty !== "string" && uncertainty.status === "exhausted";
  return [
    {
      name: "trial-factors",
      title: "Trial factors",
      figure: trialFactorFigure(typeof uncertainty === "string" ? fit : uncertainty, { ...labels, width }),
      note:
        typeof uncertainty === "string"
          ? `Without standard errors: ${uncertainty}.`
          : `Bands are two standard errors.${far ? " They are a guess: the fit is not at its best yet." : ""}`,
    },
    {
      name: "components",
      title: "Components",
      figure: componentsFigure(components, { ...labels, width }),
      note:
        "How neurons follow each component, its mean course over the trial, and its " +
        "trial factors. Signs, scales and order are a choice.",
    },
    {
      name: "vector-field",
      title: fit.rank === 1 ? "Latent velocity" : "Vector field",
      figure: typeof field === "string" ? field : fieldFigure(field, width),
      note:
        fit.rank === 1
          ? "How fast the latent variable changes, in the middle trial of each epoch under " +
            "its mean input: it rests where the line crosses 0."
          : "Latent dynamics of the first two components in the middle trial of each " +
            "epoch, under its mean input; the others at their mean.",
    },
    {
      name: "scores",
      title: "Held-out score",
      figure: rankScoreFigure(scores, { width, yLabel: `share of ${explains} explained` }),
      note: `Share of ${explains} explained in the boxes that chose the step. Fit other ranks to compare them here.`,
    },
  ];
}

const isLine = (part: FieldPanel | Line): part is Line => "x" in part;

function fieldFigure(field: readonly FieldPanel[] | readonly Line[], width: number): Figure {
  const lines = (field as readonly (FieldPanel | Line)[]).filter(isLine);
  if (lines.length > 0) return lineFigure(lines, { xLabel: "latent variable", yLabel: "its change per bin", width });
  const panels = field as readonly FieldPanel[];
  if (width >= 500) return vectorFieldFigure(panels, { width });
  // one below the other
  return { ...vectorFieldFigure(panels, { width: width * Math.min(3, panels.length) }), columns: 1 };
}
