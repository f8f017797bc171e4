/** What the numbers were measured on. No date: two reports of one machine differ in their numbers alone. */
import { cpus, loadavg, totalmem } from 'node:os';

/** Facts about this machine and this moment. */
export interface MachineFacts {
  readonly processor: string;
  readonly processorCount: number;
  readonly memoryGibibytes: number;
  readonly node: string;
  readonly v8: string;
  /** Load average of the last minute: above 0.3 or so, something else was running. */
  readonly loadAverage: number;
}

/** Reads the facts now. */
export function machineFacts(): MachineFacts {
  const processors = cpus();
  return {
    processor: processors[0]?.model ?? 'unknown',
    processorCount: processors.length,
    memoryGibibytes: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    v8: process.versions.v8,
    loadAverage: loadavg()[0]!,
  };
}

/** The facts as one line. */
export function machineLine(facts: MachineFacts): string {
  return (
    `${facts.processor}, ${facts.processorCount} processors, ${facts.memoryGibibytes} GiB; ` +
    `Node ${facts.node}, V8 ${facts.v8}; load average at the start ${facts.loadAverage.toFixed(2)}`
  );
}
