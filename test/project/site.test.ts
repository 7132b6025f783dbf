import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { problemsOfPages } from "../../docs/site/check";
import { short } from "../../docs/site/short-svg";
import { mathematics, typeset, type Parser } from "../../docs/site/mathematics";
import { readmeOfSite } from "../../docs/site/readme-of-site";
import { rooms, sentenceOf } from "../../docs/site/rooms";

test("a page that declares no UTF-8, a link to no page and one to no heading are found", () => {
  const folder = mkdtempSync(join(tmpdir(), "site-"));
  mkdirSync(join(folder, "guides"));
  writeFileSync(
    join(folder, "index.html"),
    '<meta charset="utf-8"/><h1 id="top">x</h1><a href="guides/a.html#b">a</a>',
  );
  writeFileSync(
    join(folder, "guides/a.html"),
    '<h1 id="a">a</h1><a href="../index.html#top">up</a><a href="c.html">c</a><a href="https://x.org/y">y</a>',
  );
  expect(problemsOfPages(folder)).toEqual([
    "index.html: guides/a.html#b leads to no place in the page",
    "guides/a.html: declares no UTF-8",
    "guides/a.html: c.html leads nowhere",
  ]);
  rmSync(folder, { recursive: true });
});

test("TeX is typeset for eyes and for ears, and what is no TeX ends the build", () => {
  const html = typeset("W^{(k)} = \\sum_r c_{kr} a_r b_r^\\top", false);
  expect(html).toContain('<math xmlns="http://www.w3.org/1998/Math/MathML">');
  expect(html).toContain('class="katex-html" aria-hidden="true"');
  expect(() => typeset("\\frac{1", false)).toThrow(/KaTeX parse error/);
});

/** What the plugin reads as mathematics in a line, and where it stops. */
function inlineOf(src: string): string[] {
  let run: Parameters<Parser["inline"]["ruler"]["before"]>[2] = () => false;
  const rules: Parser = {
    inline: {
      ruler: {
        before: (_rule, _name, rule) => {
          run = rule;
        },
      },
    },
    block: { ruler: { before: () => undefined } },
    renderer: { rules: {} },
  };
  mathematics(rules);
  const found: string[] = [];
  for (let pos = 0; pos < src.length; pos++) {
    const state = {
      src,
      pos,
      push: () => ({
        block: false,
        set content(text: string) {
          found.push(text);
        },
      }),
    };
    if (run(state, false)) pos = state.pos - 1;
  }
  return found;
}

test("dollars enclose mathematics where nothing but mathematics is between them", () => {
  expect(inlineOf("rank $R$ of $W^{(k)}$, and $a\\$b$")).toEqual(["R", "W^{(k)}", "a\\$b"]);
  expect(inlineOf("of $\\dim\\{x_0\\}$ and $d$")).toEqual(["\\dim\\{x_0\\}", "d"]);
  expect(inlineOf("it costs $5 or $6")).toEqual([]);
  expect(inlineOf('a key "$": `{ "$": 1 }`, $ x $')).toEqual([]);
});

test("every room has its sentence in the sidebar's page", () => {
  expect(rooms().slice(0, 2)).toEqual(["base", "tensor"]);
  expect(rooms().filter((room) => sentenceOf(room).length < 20)).toEqual([]);
});

test("figures of the guides lose decimals of pixels, and none of what they say", () => {
  const svg =
    '<svg aria-label="0.0012345"><g transform="translate(0.5,1.23456)"><text x="2.0049">0.001</text></g></svg>';
  expect(short(svg)).toBe(
    '<svg aria-label="0.0012345"><g transform="translate(0.5,1.23)"><text x="2">0.001</text></g></svg>',
  );
});

test("the README's pages and figures are the site's own", () => {
  const page = readmeOfSite(readFileSync(new URL("../../README.md", import.meta.url), "utf8"));
  expect(page).toContain("](docs/figures/first-result.svg)");
  expect(page).toContain("](docs/start.md)");
  expect(page).not.toMatch(/^# |img\.shields\.io|raw\.githubusercontent/m);
});

test("all mathematics in the guides is TeX, and no dollar stands alone", () => {
  const folder = new URL("../../docs/", import.meta.url);
  let formulas = 0;
  for (const guide of readdirSync(folder).filter((file) => file.endsWith(".md"))) {
    const text = readFileSync(new URL(guide, folder), "utf8").replace(/^```[\s\S]*?^```/gm, "");
    const inText = text.replace(/^\$\$\n([\s\S]*?)\n\$\$$/gm, (_, tex: string) => {
      expect(typeset(tex, true), guide).toContain("<math");
      formulas++;
      return "";
    });
    const words = inText.replace(/`[^`\n]*`/g, "code"),
      found = inlineOf(words);
    for (const tex of found) expect(typeset(tex, false), guide).toContain("<math");
    formulas += found.length;
    expect(words.split("$").length - 1 - found.join("").split("$").length + 1, guide).toBe(2 * found.length);
  }
  expect(formulas).toBeGreaterThan(150);
});
