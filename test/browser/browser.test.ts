import { existsSync } from "node:fs";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as ltrnn from "../../src/index";
import { computations } from "./computations";
import { openSite } from "./site";

const executable = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find((path) => path && existsSync(path));
if (!executable)
  console.log("No Chromium is found (the environment variable CHROMIUM names one): tests in a browser are left out.");

type InPage = {
  inPage(threads: number): Promise<object>;
  inWorker(threads: number): Promise<object>;
  throughTfjs(backend: string): Promise<object>;
  ready: boolean;
};

describe.skipIf(!executable)(
  "in Chromium",
  () => {
    let browser: Browser, site: Awaited<ReturnType<typeof openSite>>;
    const pages: Record<string, Page> = {};

    beforeAll(async () => {
      [site, browser] = await Promise.all([
        openSite(),
        chromium.launch({
          executablePath: executable,
          args: [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
          ],
        }),
      ]);
    }, 120_000);
    afterAll(async () => {
      await browser?.close();
      site?.close();
    });

    /** What a function of a page gives; an error is its text. */
    async function run(
      how: string,
      file: string,
      name: "inPage" | "inWorker" | "throughTfjs",
      argument: number | string,
    ): Promise<Record<string, unknown> | string> {
      const address = site.url(how, file),
        page = (pages[address] ??= await browser.newPage());
      if (page.url() !== address) {
        await page.goto(address);
        await page.waitForFunction(() => (globalThis as unknown as InPage).ready);
      }
      return JSON.parse(
        await page.evaluate(
          async ([name, argument]) => {
            const call = (globalThis as unknown as Record<string, (x: unknown) => Promise<object>>)[name];
            return JSON.stringify(await call(argument).catch((error: unknown) => String(error))); // numbers go through JSON and back to the same bits
          },
          [name, argument] as const,
        ),
      );
    }

    const ways = [
      ["esm.html", "inPage"],
      ["esm.html", "inWorker"],
      ["vite/index.html", "inPage"],
      ["vite/index.html", "inWorker"],
    ] as const;

    test.each(ways)("numbers are those of Node, bit for bit: %s, %s", async (file, name) => {
      const here = await computations(ltrnn);
      expect(here.kernels).toBe("WebAssembly SIMD");
      expect(await run("plain", file, name, 1)).toEqual(here);
    });

    test.each(ways)(
      "two threads on an isolated page give the bits of two threads in Node: %s, %s",
      async (file, name) => {
        expect(await run("isolated", file, name, 2)).toEqual(await computations(ltrnn, 2));
      },
    );

    test("threads on a page that is not isolated are refused, with what to do", async () => {
      for (const [file, name] of ways)
        expect(await run("plain", file, name, 2)).toMatch(
          /LtrnnError: train: expected an engine with shared memory for threads, got none\. Serve the page with Cross-Origin-Opener-Policy/,
        );
    });

    test("a policy without 'wasm-unsafe-eval' makes the page run the twins, and the result says so; with it, it runs the kernels", async () => {
      const here = await computations(ltrnn),
        twins = (await run("noWasm", "vite/index.html", "inPage", 1)) as typeof here;
      expect(twins.kernels).toBe("TypeScript");
      expect(Math.abs((twins.loss as number) / (here.loss as number) - 1)).toBeLessThan(1e-12);
      expect(await run("wasm", "vite/index.html", "inPage", 1)).toEqual(here);
    });

    test("a policy that forbids workers of blobs refuses threads, with what to do", async () => {
      expect(await run("noWorkers", "vite/index.html", "inPage", 2)).toMatch(/worker-src blob:/);
      expect(((await run("workers", "vite/index.html", "inPage", 2)) as Record<string, unknown>).kernels).toBe(
        "WebAssembly SIMD",
      );
    });

    test.each(["cpu", "wasm"])(
      "networks and losses train through tfjs in a Vite build, on the %s backend",
      async (backend) => {
        expect(await run("plain", "vite/index.html", "throughTfjs", backend)).toEqual({
          backend,
          falls: true,
          trains: true,
        });
      },
    );
  },
  120_000,
);
