import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** One tab of a headless Firefox. */
export interface Firefox {
  readonly version: string;
  /** Open an address, and wait until its module scripts have run. */
  goto(url: string): Promise<void>;
  /** The text that an expression in the page promises. */
  evaluate(expression: string): Promise<string>;
  close(): Promise<void>;
}

/** No first-run page, and nothing that looks for a network. */
const preferences = `
user_pref("app.update.enabled", false);
user_pref("app.normandy.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.startup.homepage_override.mstone", "ignore");
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("extensions.update.enabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("services.settings.server", "data:,");
user_pref("toolkit.telemetry.enabled", false);
`;

/** Start Firefox with a new profile, and open a session of WebDriver BiDi (https://w3c.github.io/webdriver-bidi). */
export async function openFirefox(executable: string): Promise<Firefox> {
  const profile = mkdtempSync(join(tmpdir(), "ltrnn-firefox-"));
  writeFileSync(join(profile, "user.js"), preferences);
  const browser = spawn(
    executable,
    ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0", "about:blank"],
    { env: { ...process.env, HOME: profile }, stdio: ["ignore", "ignore", "pipe"] },
  );
  const ended = new Promise<void>((resolve) => browser.on("exit", () => resolve()));
  const remove = () => rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  try {
    const address = await announced(browser.stderr);
    const connection = await connect(`${address}/session`);
    const { capabilities } = await connection.send("session.new", { capabilities: {} });
    const { contexts } = await connection.send("browsingContext.getTree", {});
    const { context } = contexts[0];
    return {
      version: capabilities.browserVersion,
      async goto(url) {
        await connection.send("browsingContext.navigate", { context, url, wait: "complete" });
      },
      async evaluate(expression) {
        const answer = await connection.send("script.evaluate", {
          expression,
          target: { context },
          awaitPromise: true,
        });
        if (answer.type !== "success") throw new Error(`Firefox: ${answer.exceptionDetails?.text}`);
        return answer.result.value;
      },
      async close() {
        await connection.send("browser.close", {}).catch(() => browser.kill());
        connection.close();
        await ended;
        remove();
      },
    };
  } catch (error) {
    browser.kill("SIGKILL");
    await ended;
    remove();
    throw error;
  }
}

/** The address that Firefox says it listens on. */
function announced(stderr: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const timer = setTimeout(() => reject(new Error(`Firefox opened no remote connection in 60 s: ${text}`)), 60_000);
    stderr.on("data", (chunk) => {
      text += chunk;
      const address = /WebDriver BiDi listening on (ws:\/\/\S+)/.exec(text)?.[1];
      if (!address) return;
      clearTimeout(timer);
      resolve(address);
    });
    stderr.on("end", () => reject(new Error(`Firefox ended: ${text}`)));
  });
}

/** Results of commands, as the protocol defines them; only what is used here. */
interface Commands {
  "session.new": { readonly capabilities: { readonly browserVersion: string } };
  "browsingContext.getTree": { readonly contexts: readonly { readonly context: string }[] };
  "browsingContext.navigate": unknown;
  "browser.close": unknown;
  "script.evaluate": {
    readonly type: "success" | "exception";
    readonly result: { readonly value: string };
    readonly exceptionDetails?: { readonly text: string };
  };
}

/** A connection that numbers its commands, and gives each the answer of its number. */
async function connect(address: string) {
  const socket = new WebSocket(address),
    pending = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve();
    socket.onerror = () => reject(new Error(`No connection to ${address}`));
  });
  const lost = () => {
    for (const { reject } of pending.values()) reject(new Error("Firefox closed the connection"));
    pending.clear();
  };
  socket.onclose = lost;
  socket.onerror = lost;
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(String(data)) as { id?: number; result?: unknown; error?: string; message?: string };
    const waiting = message.id === undefined ? undefined : pending.get(message.id);
    if (!waiting) return; // an event
    pending.delete(message.id as number);
    if (message.error === undefined) waiting.resolve(message.result);
    else waiting.reject(new Error(`Firefox: ${message.error}: ${message.message}`));
  };
  let last = 0;
  return {
    send: <M extends keyof Commands>(method: M, params: Readonly<Record<string, unknown>>) =>
      new Promise<Commands[M]>((resolve, reject) => {
        const id = ++last;
        pending.set(id, { resolve: (result) => resolve(result as Commands[M]), reject });
        socket.send(JSON.stringify({ id, method, params }));
      }),
    close: () => socket.close(),
  };
}
