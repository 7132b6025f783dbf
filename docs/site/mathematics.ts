import katex from "katex";

/** What the plugin needs of markdown-it: its rules, and how they are rendered. */
interface Token {
  content: string;
  block: boolean;
}
interface Inline {
  src: string;
  pos: number;
  push(type: string, tag: string, nesting: 0): Token;
}
interface Block {
  src: string;
  line: number;
  bMarks: number[];
  tShift: number[];
  eMarks: number[];
  push(type: string, tag: string, nesting: 0): Token;
}
export interface Parser {
  inline: { ruler: { before(rule: string, name: string, run: (state: Inline, silent: boolean) => boolean): void } };
  block: {
    ruler: {
      before(
        rule: string,
        name: string,
        run: (state: Block, from: number, to: number, silent: boolean) => boolean,
        options: { alt: string[] },
      ): void;
    };
  };
  renderer: { rules: Record<string, ((tokens: Token[], index: number) => string) | undefined> };
}

/** TeX as HTML to be seen and MathML to be heard. @throws where it is no TeX, which ends the build */
export const typeset = (tex: string, displayMode: boolean): string =>
  katex.renderToString(tex, { displayMode, throwOnError: true, strict: "error", output: "htmlAndMathml" });

/** `$...$` in a line: no space beside the dollars, no digit after them, no code inside. */
const inLine = /\$(?![\s$])((?:\\.|[^$\\`])*?(?:\\.|[^\s\\$`]))\$(?!\d)/y;

/** A plugin of markdown-it: mathematics in `$...$`, and in paragraphs of their own between `$$` and `$$`. */
export function mathematics(parser: Parser): void {
  parser.inline.ruler.before("escape", "mathematics", (state, silent) => {
    inLine.lastIndex = state.pos;
    const found = inLine.exec(state.src);
    if (found === null) return false;
    if (!silent) state.push("mathematics", "math", 0).content = found[1];
    state.pos += found[0].length;
    return true;
  });
  parser.block.ruler.before(
    "fence",
    "displayed",
    (state, from, to, silent) => {
      const lineAt = (i: number) => state.src.slice(state.bMarks[i] + state.tShift[i], state.eMarks[i]).trimEnd();
      if (!lineAt(from).startsWith("$$")) return false;
      let end = from;
      const closed = (i: number) => lineAt(i).endsWith("$$") && (i > from || lineAt(i).length > 3);
      while (!closed(end)) if (++end >= to) return false;
      if (silent) return true;
      const text = Array.from({ length: end + 1 - from }, (_, i) => lineAt(from + i)).join("\n");
      const token = state.push("displayed", "math", 0);
      token.block = true;
      token.content = text.slice(2, -2).trim();
      state.line = end + 1;
      return true;
    },
    { alt: ["paragraph", "reference", "blockquote", "list"] },
  );
  parser.renderer.rules.mathematics = (tokens, i) => typeset(tokens[i].content, false);
  parser.renderer.rules.displayed = (tokens, i) => `<p>${typeset(tokens[i].content, true)}</p>\n`;
}
