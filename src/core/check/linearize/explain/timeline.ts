/** Operations of one key as bars over the events, for fixed-width text. */
import { NEVER, type History } from '../history.ts';
import { operationText } from './operation-text.ts';

/** Columns of events at most; longer histories have no timeline. */
const EVENTS_MAX = 60;

/**
 * A line for each operation: process, call and result, and its interval; `>` means that it never returned. The first line
 * numbers the events by their lines in the file, or from 0 where the history has no file. Empty for histories of more
 * than 60 events.
 */
export function timeline(history: History): string[] {
  const { eventCount, eventLine, operationCount, process, call, ret } = history;
  if (eventCount > EVENTS_MAX || operationCount === 0) return [];
  const hasLines = eventLine.length > 0 && eventLine[0] !== 0;
  const marks = Array.from({ length: eventCount }, (_, event) =>
    String(hasLines ? eventLine[event] : event),
  );
  const width = Math.max(3, ...marks.map((mark) => mark.length + 1));
  const labels = Array.from(
    { length: operationCount },
    (_, row) => `P${process[row]} ${operationText(history, row)}`,
  );
  const title = hasLines ? 'line' : 'event';
  const labelWidth = Math.max(title.length, ...labels.map((label) => label.length)) + 2;
  const lines = [
    title.padStart(labelWidth - 2).padEnd(labelWidth) +
      marks.map((mark) => mark.padEnd(width)).join(''),
  ];
  for (const [row, label] of labels.entries()) {
    const start = call[row]! * width;
    const isOpen = ret[row] === NEVER;
    const length = (isOpen ? eventCount * width - 1 : ret[row]! * width) - start;
    const bar = `|${'-'.repeat(Math.max(0, length - 1))}${isOpen ? '>' : '|'}`;
    lines.push(label.padEnd(labelWidth) + ' '.repeat(start) + bar);
  }
  return lines.map((line) => line.trimEnd());
}
