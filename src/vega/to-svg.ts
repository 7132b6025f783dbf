import type { TopLevelSpec } from "vega-lite";
import { LtrnnError, fail, isRecord, show } from "../base";
import type { Figure } from "../figures";
import { escapeText, writable } from "./escape-text";
import { textWidth } from "./text-widths";

/**
 * A figure as SVG text, in Node and in browsers, without a canvas: one document that stands alone, with the figure's
 * description as its text alternative. Nothing is fetched: a figure has its data in it.
 *
 * @param figure - of a function of this library, or any Vega-Lite specification with its data inside
 * @throws LtrnnError when it is no specification, names data elsewhere, or vega and vega-lite are not installed
 * @see https://vega.github.io/vega-lite/
 * @example (await toSvg(lineFigure([{ x: [0, 1], y: [1, 2] }]))).startsWith("<svg") // true
 */
export async function toSvg(figure: Figure): Promise<string> {
  const where = "toSvg";
  if (!isRecord(figure) || typeof figure.$schema !== "string")
    fail(where, {
      expected: "a figure, a Vega-Lite specification { $schema, … }",
      got: show(figure),
      fix: "Pass what a figure function gave, such as lineFigure([{ x: [0, 1], y: [1, 2] }]).",
    });
  const [vega, { compile }] = await packages(where);
  const said: string[] = [];
  try {
    // vega marks rows of data as its own: a copy, so that the figure stays as it is
    const own = structuredClone(figure) as unknown as TopLevelSpec,
      { spec } = compile(own, { logger: loggerTo([]) });
    const refused = () => {
      said.push("data from elsewhere, which is not fetched");
      return Promise.reject(new Error(said[0]));
    };
    const loader = { ...vega.loader(), load: refused, sanitize: refused, http: refused, file: refused };
    const view = new vega.View(vega.parse(spec), { renderer: "none", loader: loader as never, logger: loggerTo(said) });
    const svg = await measured(vega, () => view.toSVG());
    view.finalize();
    if (said.length > 0) throw new Error(said.join("; "));
    return labeled(writable(svg), figure.description);
  } catch (error) {
    if (error instanceof LtrnnError) throw error;
    return fail(where, {
      expected: "a Vega-Lite specification that can be drawn, with its data inside",
      got: `a failure: ${(error as Error).message}`,
      fix: "Pass what a figure function gave; see what was changed in it.",
    });
  }
}

type Vega = typeof import("vega");
/** What vega measures texts by; its types do not name it. */
interface Metrics {
  width: (item: { readonly fontSize?: number; readonly fontWeight?: string | number }, text: unknown) => number;
}
const drawing: { count: number; before: Metrics["width"] | undefined } = { count: 0, before: undefined };

/** While figures are drawn texts are measured by one table, so that they are laid out the same everywhere. */
async function measured(vega: Vega, draw: () => Promise<string>): Promise<string> {
  const metrics = (vega as unknown as { readonly textMetrics: Metrics }).textMetrics;
  if (drawing.count++ === 0) {
    drawing.before = metrics.width;
    metrics.width = ({ fontSize = 11, fontWeight = 400 }, text) =>
      textWidth(String(text ?? ""), fontSize, fontWeight === "bold" || Number(fontWeight) > 500);
  }
  try {
    return await draw();
  } finally {
    if (--drawing.count === 0 && drawing.before) metrics.width = drawing.before;
  }
}

/** A logger that keeps errors, and prints nothing. */
function loggerTo(said: string[]): never {
  const keep = (...words: readonly unknown[]) => {
    said.push(words.join(" "));
    return logger;
  };
  const drop = () => logger;
  const logger = { level: () => logger, error: keep, warn: drop, info: drop, debug: drop };
  return logger as never;
}

/** The peers, loaded when the first figure is drawn. */
async function packages(where: string) {
  try {
    return await Promise.all([import("vega"), import("vega-lite")]);
  } catch (error) {
    return fail(where, {
      expected: "the packages vega and vega-lite to be there",
      got: (error as Error).message,
      fix: "Install them: npm install vega vega-lite.",
    });
  }
}

/** The document as one image with a name, which screen readers say; its marks have no roles of their own. */
const labeled = (svg: string, description: unknown): string =>
  typeof description === "string"
    ? svg
        .replace(/ role="graphics-\w+" aria-roledescription="[^"]*"/g, "")
        .replace("<svg ", () => `<svg role="img" aria-label="${escapeText(description)}" `)
    : svg;
