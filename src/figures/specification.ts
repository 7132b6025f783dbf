/** What JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * A figure as a Vega-Lite specification: plain JSON with its data in it. Notebooks, editors and web pages draw it;
 * `toSvg` of `ltrnn/vega` makes SVG of it; and every field can be changed: `{ ...figure, background: "transparent" }`.
 */
export interface Figure {
  readonly $schema: "https://vega.github.io/schema/vega-lite/v6.json";
  /** what is drawn, in words: the text alternative */
  readonly description: string;
  readonly config: Json;
  readonly [name: string]: Json;
}

/** A part of a specification: a view, a layer, an encoding. */
export type Part = { readonly [name: string]: Json };
