import { analyze } from "./analyze";
import type { Reply, Request } from "./messages";
import { readSource } from "./read-source";

/** Reads files and fits, one thing at a time; while it fits it hears "stop". */
const reply = (message: Reply) => postMessage(message);
let running: AbortController | undefined;

addEventListener("message", async ({ data }: MessageEvent<Request>) => {
  try {
    if (data.ask === "stop") running?.abort();
    else if (data.ask === "read") reply({ say: "source", source: await readSource(data.name, data.bytes) });
    else {
      running = new AbortController();
      const { recording, settings, start } = data;
      for await (const progress of analyze(recording, settings, {
        signal: running.signal,
        ...(start ? { start } : {}),
      }))
        reply({ say: "progress", progress });
      reply({ say: "end" });
    }
  } catch (error) {
    reply({ say: "error", message: error instanceof Error ? error.message : String(error) });
  }
});
