/** node: what grids need of Node.js: kept pools of worker threads, and journals in files. */
export { gridPool, type GridPool } from "./grid-pool";
export { threadExecutor, type ThreadExecutor, type ThreadExecutorOptions } from "./thread-executor";
export { fileJournal } from "./file-journal";
