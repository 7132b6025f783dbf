import { readOptions, type FieldsOf } from "../base";
import { checkConnection, type BullmqExecutorOptions } from "./bullmq-executor";
import { openQueue, removeData, type RedisConnection } from "./queue";

/** Which queue is emptied. */
export type EmptyQueueOptions = Pick<BullmqExecutorOptions, "connection" | "queue" | "prefix">;

const fields = {
  connection: { is: "checked", check: checkConnection, fallback: {} },
  queue: { is: "text", fallback: "ltrnn" },
  prefix: { is: "text", fallback: "ltrnn" },
} as const satisfies FieldsOf<EmptyQueueOptions>;

/**
 * Remove a queue from Redis with all that is in it: waiting and finished cells, and the data of grids. For what killed
 * processes left behind: a grid that runs through this queue loses its cells.
 *
 * @throws {@link LtrnnError} where no Redis answers or bullmq is not installed
 * @example
 * ```ts
 * await emptyQueue({ connection: { host: "127.0.0.1", port: 6379 } });
 * ```
 */
export async function emptyQueue(options: EmptyQueueOptions = {}): Promise<void> {
  const where = "emptyQueue",
    { connection, queue: name, prefix } = readOptions(where, options, fields),
    queue = await openQueue(where, name, connection as RedisConnection, prefix);
  try {
    await queue.obliterate({ force: true });
    await removeData(queue);
  } finally {
    await queue.close().catch(() => {});
  }
}
