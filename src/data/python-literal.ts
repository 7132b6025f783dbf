/** The literals of Python that stand in the header of an .npy file. */
export type PythonLiteral =
  | string
  | number
  | boolean
  | null
  | { readonly list: readonly PythonLiteral[] }
  | { readonly tuple: readonly PythonLiteral[] }
  | { readonly dict: ReadonlyMap<string, PythonLiteral> };

/** Headers nest one level for every field of a field; no real one comes near this depth. */
const deepest = 32;

/**
 * The value of a Python literal that fills a whole text: one pass, nothing is evaluated.
 *
 * Strings have no escapes; whole numbers may end in L, as Python 2 wrote them; keys of a dictionary are strings.
 *
 * @param damaged - throws, with what is wrong
 */
export function parsePythonLiteral(text: string, damaged: (got: string) => never): PythonLiteral {
  let position = 0;
  const here = () => damaged(`${JSON.stringify(text.slice(position, position + 20))} at character ${position}`);

  const value = parse(0);
  blanks();
  return position === text.length ? value : here();

  function parse(depth: number): PythonLiteral {
    if (depth > deepest) damaged(`more than ${deepest} levels`);
    blanks();
    const first = text[position];
    if (first === "'" || first === '"') return quoted(first);
    if (first === "u" && (text[position + 1] === "'" || text[position + 1] === '"')) return quoted(text[++position]);
    if (first === "[") return { list: items("]", depth).values };
    if (first === "(") return parentheses(depth);
    if (first === "{") return dictionary(depth);
    if (first === "-" || (first >= "0" && first <= "9")) return whole();
    for (const [word, meaning] of [
      ["True", true],
      ["False", false],
      ["None", null],
    ] as const)
      if (text.startsWith(word, position)) {
        position += word.length;
        return meaning;
      }
    return here();
  }

  function parentheses(depth: number): PythonLiteral {
    const { values, commas } = items(")", depth);
    return values.length === 1 && commas === 0 ? values[0] : { tuple: values };
  }

  /** Values up to the closing bracket, with commas between them and perhaps one after them. */
  function items(close: string, depth: number): { readonly values: PythonLiteral[]; readonly commas: number } {
    const values: PythonLiteral[] = [];
    let commas = 0;
    position++;
    while (!taken(close)) {
      if (commas < values.length) here();
      values.push(parse(depth + 1));
      if (taken(",")) commas++;
    }
    return { values, commas };
  }

  function dictionary(depth: number): PythonLiteral {
    const dict = new Map<string, PythonLiteral>();
    let open = true;
    position++;
    while (!taken("}")) {
      if (!open) here();
      const key = parse(depth + 1);
      if (typeof key !== "string" || !taken(":")) return here();
      if (dict.has(key)) damaged(`two entries '${key.slice(0, 40)}'`);
      dict.set(key, parse(depth + 1));
      open = taken(",");
    }
    return { dict };
  }

  function quoted(quote: string): string {
    const start = position + 1,
      end = text.indexOf(quote, start);
    if (end < 0) return here();
    position = end + 1;
    const content = text.slice(start, end);
    return content.includes("\\") || content.includes("\n") ? damaged("an escape in a string") : content;
  }

  function whole(): number {
    const start = position;
    if (text[position] === "-") position++;
    const digits = position;
    while (text[position] >= "0" && text[position] <= "9") position++;
    const value = Number(text.slice(start, position));
    if (position === digits || (text[digits] === "0" && position > digits + 1)) return here();
    if (text[position] === "L") position++;
    return value;
  }

  function taken(mark: string): boolean {
    blanks();
    if (text[position] !== mark) return false;
    position++;
    return true;
  }

  function blanks(): void {
    while (text[position] === " " || text[position] === "\n" || text[position] === "\t" || text[position] === "\r")
      position++;
  }
}
