import type { ConnectionOptions, Queue } from "bullmq";
import { checksum, fail } from "../base";
import { fromJson, toJson } from "../data";
import type { Tensor } from "../tensor";

/** Where Redis is, as BullMQ takes it. */
export type RedisConnection = ConnectionOptions;

/** The peer, loaded when a queue is first opened: whoever has none may load this entry, and is told what is missing. */
export async function loadBullmq(where: string): Promise<typeof import("bullmq")> {
  try {
    return await import("bullmq");
  } catch (error) {
    return fail(where, {
      expected: "the package bullmq, an optional peer of ltrnn",
      got: String(error instanceof Error ? error.message : error).slice(0, 200),
      fix: "npm install bullmq",
    });
  }
}

/** A queue whose Redis answers; one that does not is refused at once rather than waited for. */
export async function openQueue(
  where: string,
  name: string,
  connection: RedisConnection,
  prefix: string,
): Promise<Queue> {
  const { Queue } = await loadBullmq(where),
    probe = new Queue(name, {
      connection: { ...(connection as object), retryStrategy: () => null, connectTimeout: 5000 },
      prefix,
      skipVersionCheck: true,
    });
  let said = "";
  probe.on("error", (error) => {
    said ||= error.message || String((error as { code?: unknown }).code ?? error);
  });
  try {
    await probe.waitUntilReady();
  } catch (error) {
    fail(where, {
      expected: "a Redis server that answers",
      got: said || (error instanceof Error ? error.message : String(error)),
      fix: 'Start redis-server, or say where it is: connection: { host: "…", port: 6379 }.',
    });
  } finally {
    await probe.close().catch(() => {});
  }
  const queue = new Queue(name, { connection, prefix, skipVersionCheck: true });
  queue.on("error", () => {}); // it connects again by itself; a request that is pending waits
  return queue;
}

/** Where a tensor is kept, by its checksum. */
const keyOf = (queue: Queue, sum: string): string => `${queue.opts.prefix}:${queue.name}:data:${sum}`;

/** What of a client is needed here. */
interface Store {
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<unknown>;
}

const storeOf = async (queue: Queue): Promise<Store> => (await queue.client) as unknown as Store;

/** Put data where workers find them. */
export async function putData(queue: Queue, data: Tensor): Promise<void> {
  await (await storeOf(queue)).set(keyOf(queue, checksum(data.data)), toJson({ shape: data.shape, data: data.data }));
}

/** The data of a checksum. */
export async function getData(queue: Queue, sum: string): Promise<Tensor> {
  const text = await (await storeOf(queue)).get(keyOf(queue, sum));
  if (text === null)
    fail("bullmqWorker", {
      expected: `data of checksum ${sum} in Redis`,
      got: "none",
      fix: "Run the grid again: its executor puts them there.",
    });
  return fromJson<Tensor>(text);
}
