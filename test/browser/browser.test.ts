import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as ltrnn from "../../src/index";
import { chromiumPath, launchChromium, type PageFunctions } from "../engines/browsers";
import { differences, inWords } from "../engines/compare";
import { answerOf, decodeNumbers, type Answer } from "../engines/public-numbers";
import { openSite, type Serving, type Site } from "./site";

if (!chromiumPath)
  console.log("No Chromium is found (the environment variable CHROMIUM names one): tests in a browser are left out.");

const answers = new Map<number, Promise<Answer>>();
/** What this Node gives on so many threads, computed once. */
function inNode(threads: number): Promise<Answer> {
  const known = answers.get(threads) ?? answerOf(ltrnn, threads);
  answers.set(threads, known);
  return known;
}

describe.skipIf(!chromiumPath)(
  "in Chromium",
  () => {
    let browser: Browser, site: Site;
    const pages: Record<string, Page> = {};

    beforeAll(async () => {
      [site, browser] = await Promise.all([openSite(), launchChromium()]);
    }, 120_000);
    afterAll(async () => {
      await browser?.close();
      site?.close();
    });

    /** What a function of a page gives; an error is its text. */
    async function run(
      how: Serving,
      file: string,
      name: "inPage" | "inWorker" | "throughTfjs",
      argument: number | string,
    ): Promise<Record<string, unknown> | string> {
      const address = site.url(how, file),
        page = pages[address] ?? (await browser.newPage());
      pages[address] = page;
      if (page.url() !== address) {
        await page.goto(address);
        await page.waitForFunction(() => (globalThis as unknown as PageFunctions).ready);
      }
      return JSON.parse(
        await page.evaluate(
          async ([name, argument]) => {
            const call = (globalThis as unknown as Record<string, (x: unknown) => Promise<object>>)[name];
            // numbers go through JSON and back to the same bits
            return JSON.stringify(await call(argument).catch((error: unknown) => String(error)));
          },
          [name, argument] as const,
        ),
      );
    }

    /** The page's answer is the one wanted, to the bit, by the kernels wanted. */
    function expectSame(got: unknown, want: Answer, kernels = want.kernels): void {
      expect(got, String(got)).toHaveProperty("numbers");
      const answer = got as Answer;
      expect(answer.kernels).toBe(kernels);
      expect(differences(decodeNumbers(want.numbers), decodeNumbers(answer.numbers)).map(inWords)).toEqual([]);
    }

    const ways = [
      ["esm.html", "inPage"],
      ["esm.html", "inWorker"],
      ["vite/index.html", "inPage"],
      ["vite/index.html", "inWorker"],
    ] as const;

    test.each(ways)("numbers are those of Node, bit for bit: %s, %s", async (file, name) => {
      const here = await inNode(1);
      expect(here.kernels).toBe("WebAssembly SIMD");
      expectSame(await run("plain", file, name, 1), here);
    });

    test.each(ways)(
      "two threads on an isolated page give the bits of two threads in Node: %s, %s",
      async (file, name) => {
        expectSame(await run("isolated", file, name, 2), await inNode(2));
      },
    );

    test("threads on a page that is not isolated are refused, with what to do", async () => {
      for (const [file, name] of ways)
        expect(await run("plain", file, name, 2)).toMatch(
          /LtrnnError: train: expected an engine with shared memory for threads, got none\. Serve the page with/,
        );
    });

    test("without 'wasm-unsafe-eval' a page runs the twins, to the same bits, and says so", async () => {
      const here = await inNode(1);
      expectSame(await run("noWasm", "vite/index.html", "inPage", 1), here, "TypeScript");
      expectSame(await run("wasm", "vite/index.html", "inPage", 1), here);
    });

    test("a page that requires Trusted Types runs threads by its policy ltrnn, or says what forbids it", async () => {
      const here = await inNode(2);
      for (const how of ["trustedTypes", "namedPolicy"] as const)
        expectSame(await run(how, "vite/index.html", "inPage", 2), here);
      expect(await run("noPolicies", "vite/index.html", "inPage", 2)).toMatch(
        /LtrnnError: train: expected a page that lets threads start .* let it say trusted-types ltrnn/,
      );
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
