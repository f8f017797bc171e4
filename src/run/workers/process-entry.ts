/** Where a worker process begins: it hears what it is to do, sees to its own end, and becomes the worker. */
import { Worker } from 'node:worker_threads';
import { readFrame, writeFrame } from './frames.ts';
import { PIPE, type ProcessData, type ProcessMessage } from './process-messages.ts';
import { setProcessInput } from './worker-port.ts';

// Ctrl-C goes to every process of a terminal. The one that started this one decides: workers finish what they have begun.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.on('uncaughtException', (thrown: unknown) => {
  const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown));
  const last: ProcessMessage = { kind: 'fatal', error: { name, message } };
  writeFrame(PIPE, last);
  process.exit(1);
});

const first = readFrame(PIPE);
if (first === null) process.exit(1);
const { module, input, parentId } = first.message as ProcessData;
// The checked code may never give this thread back.
const lifeline = new Worker(new URL('./lifeline.js', import.meta.url), { workerData: parentId });
lifeline.unref();
setProcessInput(input);
await import(`../${module}.js`);
