/** Replays a saved trace of either kind. Loaded with the first trace. */
import { builtInTargets } from '../../models/targets.ts';
import { formatShownRun } from '../report/interleaving.ts';
import { PLAIN } from '../report/palette.ts';
import { formatViolation } from '../report/failure-text.ts';
import { indent } from '../report/table.ts';
import { mutantTarget } from '../run/mutant-target.ts';
import { replaySchedule } from '../run/replay-schedule.ts';
import { replayTrace } from '../run/replay.ts';
import { readAnyTrace } from '../trace/read.ts';

/** What a replay came to. */
export interface FileReplay {
  /** Whether the verdict is the one the trace, or the caller, names, and every step is the one recorded. */
  readonly isAsExpected: boolean;
  readonly lines: readonly string[];
}

/**
 * Replays a trace once.
 *
 * @throws UsageError for a file that is no trace, or whose program cannot be loaded.
 */
export async function replayFile(file: string, verdict?: 'holds' | 'fails'): Promise<FileReplay> {
  const loaded = readAnyTrace(file, builtInTargets);
  if ('schedule' in loaded) {
    const report = await replaySchedule(loaded.schedule);
    const expected = verdict ?? loaded.schedule.expect;
    const head = headline(file, loaded.schedule.property, expected, report);
    return {
      isAsExpected:
        report.verdict === expected && (expected === 'holds' || isSame(report, loaded.schedule)),
      lines: [...head, '', ...indent(formatShownRun(report.shown, PLAIN))],
    };
  }
  const { mutant } = loaded.trace;
  const target = mutant === null ? null : await mutantTarget(mutant, loaded.target.name);
  const report = replayTrace(target === null ? loaded : { ...loaded, target });
  const expected = verdict ?? report.expect;
  const head = headline(file, report.property, expected, report);
  return {
    isAsExpected: report.verdict === expected,
    lines: [...head, '', ...indent(formatViolation(report.violation, report.steps))],
  };
}

/** A failure counts as the recorded one if it is of its kind and no step has changed. */
function isSame(
  report: { readonly property: string; readonly divergedAt: number | null },
  recorded: { readonly property: string },
): boolean {
  return report.property === recorded.property && report.divergedAt === null;
}

function headline(
  file: string,
  property: string,
  expected: string,
  report: {
    readonly verdict: string;
    readonly message: string;
    readonly divergedAt: number | null;
  },
): string[] {
  const diverged =
    report.divergedAt === null
      ? []
      : [`  Step ${report.divergedAt} is no longer the one recorded.`];
  return [
    `${file}: ${property} was expected to ${expected === 'holds' ? 'hold' : 'fail'}; the replay: ${report.verdict}`,
    `  ${report.message}`,
    ...diverged,
  ];
}
