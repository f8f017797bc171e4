/** A thread of a worker process that ends it when the process that started it is gone, whatever the worker is at. */
import { workerData } from 'node:worker_threads';

/** Looks at this interval, in milliseconds. */
const LOOK_MS = 500;

const parentId = workerData as number;

// Orphans get another parent.
setInterval(() => {
  if (process.ppid !== parentId) process.kill(process.pid, 'SIGKILL');
}, LOOK_MS);
