/** Reads mutated inputs one after the other, and says what came of each. Ends with the first thing that must not be. */
import { parentPort, workerData } from 'node:worker_threads';
import { formatError, ModelError, UsageError } from '../../src/core/errors.ts';
import { integersOf, mutate } from './mutate.ts';
import { subjectsIn, type OwnFiles, type Subject } from './subjects.ts';

/** What a worker is asked. */
export interface MutationRange {
  readonly seed: string;
  readonly first: number;
  readonly end: number;
  readonly folder: string;
  readonly files: OwnFiles;
}

/** What it says: that it begins one, or what came of it. */
export type MutationMessage =
  | { readonly begins: number; readonly subject: string; readonly text: string }
  | { readonly outcome: string; readonly defect: string | null };

const VERDICTS = 'holds fails inconclusive nondeterministic linearizable not-linearizable'.split(
  ' ',
);

const { seed, first, end, folder, files } = workerData as MutationRange;
const subjects = subjectsIn(folder, files).flatMap((subject) =>
  Array.from({ length: subject.weight }, () => subject),
);

for (let index = first; index < end; index++) {
  const random = integersOf(seed, index);
  const subject = subjects[random.below(subjects.length)]!;
  const sample = subject.samples[random.below(subject.samples.length)]!;
  const text = (subject.damage ?? mutate)(sample, random);
  send({ begins: index, subject: subject.name, text });
  send(await outcomeOf(subject, text));
}

async function outcomeOf(subject: Subject, text: string): Promise<MutationMessage> {
  try {
    const verdict = await subject.read(text);
    const defect = VERDICTS.includes(verdict) ? null : `a verdict that nobody knows: ${verdict}`;
    return { outcome: verdict, defect };
  } catch (error) {
    const isRefusal = error instanceof UsageError || error instanceof ModelError;
    if (!isRefusal) return { outcome: 'threw', defect: String((error as Error).stack ?? error) };
    const message = formatError(error);
    const isStack = /\n\s+at /.test(message);
    return { outcome: error.code, defect: isStack ? `a stack in the message: ${message}` : null };
  }
}

function send(message: MutationMessage): void {
  parentPort!.postMessage(message);
}
