import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import type { Site } from "../browser/site";
import type { Engine, Way } from "./command-line";
import { openFirefox } from "./firefox";
import type { Answer } from "./public-numbers";

const found = (candidates: readonly (string | undefined)[]) => candidates.find((path) => path && existsSync(path));

/** Where Chromium is; the environment variable CHROMIUM names another. */
export const chromiumPath = found([
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
]);

/** Where Firefox is; the environment variable FIREFOX names another. */
export const firefoxPath = found([process.env.FIREFOX, "/usr/bin/firefox-esr", "/usr/bin/firefox"]);

/** Chromium without what looks for a network. */
export const launchChromium = () =>
  chromium.launch({
    executablePath: chromiumPath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  });

/** The functions that a page of the site has. */
export interface PageFunctions {
  inPage(threads: number): Promise<Answer>;
  ready?: boolean;
}

const ways = ["WebAssembly", "no WebAssembly"] as const;
/** A policy without 'wasm-unsafe-eval' takes WebAssembly away. */
const servingOf = (way: Way) => (way === "WebAssembly" ? "isolated" : "noWasm");

export async function chromiumEngine(site: Site): Promise<Engine> {
  const browser = await launchChromium();
  return {
    name: `Chromium ${browser.version()}`,
    ways,
    async answer(way, threads) {
      const page = await browser.newPage();
      await page.goto(site.url(servingOf(way), "esm.html"));
      await page.waitForFunction(() => (globalThis as unknown as PageFunctions).ready);
      const answer = await page.evaluate((count) => (globalThis as unknown as PageFunctions).inPage(count), threads);
      await page.close();
      return answer;
    },
    close: () => browser.close(),
  };
}

export async function firefoxEngine(site: Site, executable: string): Promise<Engine> {
  const firefox = await openFirefox(executable);
  return {
    name: `Firefox ${firefox.version}`,
    ways,
    async answer(way, threads) {
      await firefox.goto(site.url(servingOf(way), "esm.html"));
      return JSON.parse(await firefox.evaluate(`inPage(${threads}).then(JSON.stringify)`)) as Answer;
    },
    close: () => firefox.close(),
  };
}
