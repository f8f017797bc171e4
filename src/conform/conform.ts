/** Compares the engines with recordings of the real Go runtime, file by file. */
import { UsageError } from '../core/errors.ts';
import { readLines } from './files.ts';
import { ConformInputError } from './input-error.ts';
import { replayMapTrace } from './map/replay.ts';
import type { Mismatch } from './mismatch.ts';
import { replaySyncMapTrace } from './sync-map/replay.ts';

/** What the comparison of some recordings came to. */
export interface ConformReport {
  readonly verdict: 'holds' | 'fails';
  /** Files compared. */
  readonly traces: number;
  /** Operations replayed. */
  readonly records: number;
  /** Whole layouts compared. */
  readonly dumps: number;
  readonly mismatches: readonly Mismatch[];
  /** What was not compared, and why; a sentence each, with the file. */
  readonly skipped: readonly string[];
}

/** What one recording came to. */
type FileReport = Omit<ConformReport, 'verdict' | 'traces'>;

/**
 * Replays each file and compares result and state after every operation.
 *
 * @throws UsageError E-CONFORM-001 to 004 for a file that cannot be read or is not a recording; the message names file
 *   and line.
 */
export function conform(
  files: readonly string[],
  onFile: (file: string, index: number) => void = () => {},
): ConformReport {
  const reports = files.map((file, index) => {
    onFile(file, index);
    return conformFile(file);
  });
  const report = mergeConformReports(reports);
  if (report.records > 0) return report;
  throw new UsageError('the recordings hold no operations, so nothing was compared', {
    code: 'E-CONFORM-005',
    place: files.join(', '),
    todo: 'Name recordings with operations, such as those in traces/golden.',
  });
}

/** Adds up the reports of files. */
export function mergeConformReports(reports: readonly FileReport[]): ConformReport {
  const mismatches = reports.flatMap((report) => report.mismatches);
  return {
    verdict: mismatches.length === 0 ? 'holds' : 'fails',
    traces: reports.length,
    records: reports.reduce((total, report) => total + report.records, 0),
    dumps: reports.reduce((total, report) => total + report.dumps, 0),
    mismatches,
    skipped: reports.flatMap((report) => report.skipped),
  };
}

function conformFile(file: string): FileReport {
  const lines = readLines(file);
  try {
    const kind = kindOf(lines[0] ?? '', file);
    return kind === 'map'
      ? withFile(file, replayMapTrace(lines, file))
      : withFile(file, { skipped: [], ...replaySyncMapTrace(lines, file) });
  } catch (error) {
    if (!(error instanceof ConformInputError)) throw error;
    throw new UsageError(error.message.slice(`${error.file}:${error.line}: `.length), {
      code: 'E-CONFORM-004',
      place: `${error.file}:${error.line}`,
      todo: 'Copy the recording again, or record it anew.',
      cause: error,
    });
  }
}

function withFile(file: string, report: FileReport): FileReport {
  return { ...report, skipped: report.skipped.map((sentence) => `${file}: ${sentence}`) };
}

/** The kind that a recording's first line names. */
function kindOf(header: string, file: string): 'map' | 'syncmap' {
  let kind: unknown;
  try {
    kind = (JSON.parse(header) as { kind?: unknown } | null)?.kind;
  } catch (error) {
    throw new ConformInputError(
      file,
      1,
      `the first line is not JSON, expected a header such as {"kind": "map", …} (${(error as Error).message})`,
    );
  }
  if (kind === 'map' || kind === 'syncmap') return kind;
  throw new ConformInputError(
    file,
    1,
    `the header has kind ${JSON.stringify(kind)}, expected "map" or "syncmap"`,
  );
}
