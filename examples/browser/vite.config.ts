import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const path = (to: string) => fileURLToPath(new URL(to, import.meta.url));

/** Everything in one HTML file: pages that are opened from a disk may load no other script. */
const oneFile: Plugin = {
  name: "one-file",
  enforce: "post",
  generateBundle(_, bundle) {
    const all = Object.values(bundle),
      page = all.find(({ fileName }) => fileName.endsWith(".html"));
    if (page?.type !== "asset") throw new Error("Expected a page in the bundle, got none.");
    let html = String(page.source);
    // what a module would preload: nothing, as there are no others
    const script = (code: string) => code.replaceAll("__VITE_PRELOAD__", "void 0").replace(/<\/script/gi, "<\\/script");
    const put = (tag: RegExp, text: string) => {
      if (!tag.test(html)) throw new Error(`Expected ${tag} in the page, got none.`);
      html = html.replace(tag, () => text);
    };
    for (const file of all) {
      if (file === page) continue;
      // no text may end the element that it stands in
      if (file.type === "chunk")
        put(/<script type="module"[^>]* src=[^>]*><\/script>/, `<script type="module">${script(file.code)}</script>`);
      else if (file.fileName.endsWith(".css"))
        put(/<link rel="stylesheet"[^>]*>/, `<style>${String(file.source)}</style>`);
      else throw new Error(`Expected scripts and styles only, got ${file.fileName}.`);
      delete bundle[file.fileName];
    }
    page.source = html;
  },
};

/** `ltrnn` is the source of this repository; elsewhere leave `alias` out, and install the package. */
export default defineConfig({
  root: path("."),
  base: "./",
  logLevel: "warn",
  resolve: {
    alias: [
      { find: /^ltrnn$/, replacement: path("../../src/index.ts") },
      { find: /^ltrnn\/(vega|hdf5)$/, replacement: `${path("../../src")}/$1/index.ts` },
    ],
  },
  plugins: [oneFile],
  worker: { format: "iife" },
  build: {
    outDir: "dist",
    target: "es2022",
    modulePreload: false,
    chunkSizeWarningLimit: 10_000,
    rolldownOptions: { output: { codeSplitting: false } },
  },
});
