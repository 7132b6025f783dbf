/** bullmq: grids through a queue in Redis, for workers on many machines; the only door to BullMQ. */
export type { RedisConnection } from "./queue";
export { bullmqExecutor, type BullmqExecutorOptions } from "./bullmq-executor";
export { bullmqWorker, type BullmqWorker, type BullmqWorkerOptions } from "./bullmq-worker";
export { emptyQueue, type EmptyQueueOptions } from "./empty-queue";
