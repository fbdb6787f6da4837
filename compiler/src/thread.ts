// The other thread of the compiler. It takes as long to load as this one, so it is started before the rest is loaded:
// main.ts imports this file first.

import { isMainThread, Worker } from "node:worker_threads";

/** From its sources, through tsx, a program cannot be started in a thread. */
export const isBundled = process.argv[1]?.endsWith(".ts") === false;

/** V8's default collects young objects too often for a compiler, which makes many that stay. */
const YOUNG_MEGABYTES = 128;

/** This program, once more. */
export const startThread = (): Worker =>
  new Worker(process.argv[1] ?? "", { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES } });

export const isOtherThread = !isMainThread;

/** The first one. As long as it has nothing to do, the process does not wait for it. */
export const startedThread = isMainThread && isBundled ? startThread() : undefined;
startedThread?.unref();
