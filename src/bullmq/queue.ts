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
  on(event: "ready", listener: () => void): unknown;
  off(event: "ready", listener: () => void): unknown;
  exists(key: string): Promise<number>;
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<unknown>;
  sadd(key: string, member: string): Promise<unknown>;
  pexpire(key: string, milliseconds: number): Promise<unknown>;
  eval(script: string, keys: number, ...rest: readonly string[]): Promise<unknown>;
  scan(cursor: string, match: "MATCH", pattern: string): Promise<readonly [cursor: string, keys: readonly string[]]>;
  del(...keys: readonly string[]): Promise<unknown>;
}

const storeOf = async (queue: Queue): Promise<Store> => (await queue.client) as unknown as Store;

/** Call `run` whenever Redis answers again after an outage. @returns a function that stops this */
export async function whenBack(queue: Queue, run: () => void): Promise<() => void> {
  const store = await storeOf(queue);
  store.on("ready", run);
  return () => void store.off("ready", run);
}

/** Data, jobs and rows that no grid waits for any more are gone after a day, in milliseconds. */
export const keptFor = 86_400_000;

/** Takes a grid off the list of those that need the data; the last one takes the data along. */
const release = `redis.call("srem", KEYS[2], ARGV[1])
if redis.call("scard", KEYS[2]) == 0 then redis.call("del", KEYS[1], KEYS[2]) end`;

/** Data in Redis, for as long as a grid needs them. */
export interface KeptData {
  /** put them there again, if Redis lost them */
  renew(): Promise<void>;
  /** none needs them here any more */
  release(): Promise<void>;
}

/**
 * Put data where workers find them. Grids on the same data share them, and the last that ends takes them away; where
 * its process dies instead, they are gone after a day.
 *
 * @param holder - names the run of a grid
 */
export async function putData(queue: Queue, data: Tensor, holder: string): Promise<KeptData> {
  const store = await storeOf(queue),
    key = keyOf(queue, checksum(data.data)),
    holders = `${key}:grids`;
  const keep = () => Promise.all([key, holders].map((one) => store.pexpire(one, keptFor)));
  const put = async () => {
    await store.sadd(holders, holder); // first, so that no other grid takes them away in between
    if ((await store.exists(key)) === 0) await store.set(key, toJson({ shape: data.shape, data: data.data }));
    await keep();
  };
  await put();
  const timer = setInterval(() => void keep().catch(() => {}), keptFor / 4);
  timer.unref?.();
  return {
    renew: put,
    async release() {
      clearInterval(timer);
      await store.eval(release, 2, key, holders, holder);
    },
  };
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

/** Whether a cell failed because {@link getData} found none: the error comes through Redis as text. */
export const isWithoutData = (reason: string): boolean => /data of checksum \w+ in Redis, got none/.test(reason);

/** Remove the data of all grids of a queue. */
export async function removeData(queue: Queue): Promise<void> {
  const store = await storeOf(queue),
    pattern = keyOf(queue, "").replace(/[\\*?[\]]/g, "\\$&");
  for (let cursor = "0", first = true; first || cursor !== "0"; first = false) {
    const [next, keys] = await store.scan(cursor, "MATCH", `${pattern}*`);
    if (keys.length > 0) await store.del(...keys);
    cursor = next;
  }
}
