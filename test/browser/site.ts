import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { writePages } from "./pages";

const root = fileURLToPath(new URL("../../", import.meta.url));
const types: Record<string, string> = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };

const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};
const policy = (text: string) => ({ "Content-Security-Policy": text });

/** How a page is served, by the first part of its path. */
const headers = {
  plain: {},
  isolated: isolation,
  noWasm: { ...isolation, ...policy("script-src 'self'; worker-src 'self' blob:") },
  wasm: policy("script-src 'self' 'wasm-unsafe-eval'"),
  noWorkers: { ...isolation, ...policy("script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'") },
  workers: { ...isolation, ...policy("script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:") },
  trustedTypes: { ...isolation, ...policy("require-trusted-types-for 'script'") },
  namedPolicy: { ...isolation, ...policy("require-trusted-types-for 'script'; trusted-types ltrnn") },
  noPolicies: { ...isolation, ...policy("require-trusted-types-for 'script'; trusted-types 'none'") },
} satisfies Record<string, Record<string, string>>;
export type Serving = keyof typeof headers;

export interface Site {
  /** Address of `esm.html` (imported as it is) or `vite/index.html` (a Vite build), served in one of the ways. */
  url(how: Serving, file: string): string;
  /** A user's project with the built package, and the file of public numbers as `public-numbers.js`. */
  readonly project: string;
  close(): void;
}

/** A site with the built package. */
export async function openSite(): Promise<Site> {
  const { folder, remove } = await writePages();
  const server = createServer(({ url = "/" }, response) => {
    const [, how, ...rest] = new URL(url, "http://site").pathname.split("/"),
      name = normalize(rest.join("/"));
    const file = name.includes("tfjs-wasm/")
      ? join(root, "node_modules/@tensorflow/tfjs-backend-wasm/dist", name.slice(name.indexOf("tfjs-wasm/") + 10))
      : join(folder, name);
    if (!Object.hasOwn(headers, how) || name.startsWith("..") || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    const type = types[extname(file)] ?? "application/octet-stream";
    response.writeHead(200, { ...headers[how as Serving], "Content-Type": type }).end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: (how, file) => `http://127.0.0.1:${port}/${how}/${file}`,
    project: folder,
    close() {
      server.close();
      remove();
    },
  };
}
