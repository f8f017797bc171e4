/** Judges what a test recorded. Loaded with the first history. */
import { UsageError } from '../core/errors.ts';
import type { HistoryVerdict } from '../core/check/linearize/judge.ts';
import {
  type HistoryRecorder,
  judgeHistories,
  mergeRecordings,
  type Recording,
} from '../history/index.ts';
import { formatHistoryReport } from '../report/history-text.ts';
import { PLAIN } from '../report/palette.ts';

/** A history as tests have it. */
export type RecordedHistory =
  | string
  | HistoryRecorder
  | Recording
  | readonly (HistoryRecorder | Recording)[];

/** What a history begins with, where recorders do not know it. */
export interface HistoryOptions {
  /** Entries that were there before, keys and values as JSON values. */
  readonly initial?: Readonly<Record<string, unknown>>;
}

/** The verdict on all histories of a text or of recorders, the worst one, with lines that say why. */
export function judgeRecorded(
  history: RecordedHistory,
  options: HistoryOptions,
): {
  readonly verdict: HistoryVerdict;
  readonly lines: readonly string[];
} {
  const reports = judgeHistories(textOf(history, options));
  if (reports.length === 0) {
    throw new UsageError('there is no history in it', {
      code: 'E-VITEST-002',
      todo: 'A history begins with its header line; see docs/histories.md.',
    });
  }
  const worst =
    reports.find(({ verdict }) => verdict === 'not-linearizable') ??
    reports.find(({ verdict }) => verdict === 'inconclusive') ??
    reports[0]!;
  return { verdict: worst.verdict, lines: formatHistoryReport(worst, 'linearizable', PLAIN) };
}

function textOf(history: RecordedHistory, options: HistoryOptions): string {
  if (typeof history === 'string') return history;
  const parts: readonly unknown[] = Array.isArray(history) ? history : [history];
  return mergeRecordings(parts.map(recordingOf), { name: 'recorded', ...options });
}

function recordingOf(part: unknown): Recording {
  const { recording, ticks, lines } = (part ?? {}) as Partial<HistoryRecorder & Recording>;
  if (typeof recording === 'function') return (part as HistoryRecorder).recording();
  if (Array.isArray(ticks) && Array.isArray(lines)) return part as Recording;
  throw new UsageError('this is no history', {
    code: 'E-VITEST-003',
    todo: 'Give text in the format of docs/histories.md, a HistoryRecorder, a Recording, or a list of those.',
  });
}
