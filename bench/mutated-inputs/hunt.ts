/** Feeds mutated inputs to every reader, in a thread that is watched: a hang and a lack of memory are findings too. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { OwnFiles } from './subjects.ts';
import type { MutationMessage, MutationRange } from './worker.ts';

export interface HuntOptions {
  readonly seed: string;
  readonly count: number;
  /** Texts of files that mapcheck wrote, with the code as it is. */
  readonly files: OwnFiles;
  /** An input that takes longer hangs. */
  readonly limitMs: number;
  /** The built worker. */
  readonly worker: URL;
}

/** An input that brought out what must not be. */
export interface Defect {
  readonly index: number;
  readonly subject: string;
  readonly text: string;
  readonly message: string;
}

export interface HuntReport {
  /** How often each outcome came, by kind of input. */
  readonly outcomes: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly defects: readonly Defect[];
  readonly longestMs: number;
}

/** Runs all mutations of a seed. */
export async function hunt(options: HuntOptions): Promise<HuntReport> {
  const outcomes: Record<string, Record<string, number>> = {};
  const defects: Defect[] = [];
  let longestMs = 0;
  for (let first = 0; first < options.count;) {
    const stretch = await runStretch(options, first, (subject, outcome, elapsedMs) => {
      const counts = (outcomes[subject] ??= {});
      counts[outcome] = (counts[outcome] ?? 0) + 1;
      longestMs = Math.max(longestMs, elapsedMs);
    });
    defects.push(...stretch.defects);
    first = stretch.next;
  }
  return { outcomes, defects, longestMs };
}

type OnOutcome = (subject: string, outcome: string, elapsedMs: number) => void;

/** Runs mutations until they are done or their thread is lost. */
function runStretch(
  { seed, count, files, limitMs, worker: url }: HuntOptions,
  first: number,
  onOutcome: OnOutcome,
): Promise<{ next: number; defects: Defect[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'mapcheck-mutated-'));
  const workerData: MutationRange = { seed, first, end: count, folder, files };
  const worker = new Worker(url, { workerData, resourceLimits: { maxOldGenerationSizeMb: 1_024 } });
  const defects: Defect[] = [];
  let current = { index: first - 1, subject: 'start', text: '' };
  let isOpen = false;
  let sinceMs = performance.now();
  return new Promise((resolve) => {
    const lose = (message: string): void => void defects.push({ ...current, message });
    let death: string | null = null;
    const timer = setInterval(() => {
      if (performance.now() - sinceMs < limitMs) return;
      lose(`no answer in ${limitMs} ms`);
      isOpen = false;
      void worker.terminate();
    }, 250);
    worker.on('message', (message: MutationMessage) => {
      const elapsedMs = performance.now() - sinceMs;
      sinceMs = performance.now();
      if ('begins' in message) {
        current = { index: message.begins, subject: message.subject, text: message.text };
        isOpen = true;
        return;
      }
      isOpen = false;
      onOutcome(current.subject, message.outcome, elapsedMs);
      if (message.defect !== null) defects.push({ ...current, message: message.defect });
    });
    // The error may overtake the last messages, which say what the thread died of; its end does not.
    worker.on('error', (error) => {
      death = `the thread died: ${error.message}`;
    });
    worker.on('exit', () => {
      clearInterval(timer);
      if (isOpen || death !== null) lose(death ?? 'the thread ended');
      rmSync(folder, { recursive: true, force: true });
      resolve({ next: current.index + 1, defects });
    });
  });
}
