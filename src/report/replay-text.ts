import type { ReplayReport } from '../run/replay.ts';
import { isAsExpected } from '../run/saved-traces.ts';
import { formatViolation } from './failure-text.ts';
import type { Palette } from './palette.ts';
import { indent, plural } from './table.ts';

/** Lines about saved traces: those that did not come out as expected in full, then how many did. */
export function formatReplays(
  noun: string,
  replays: readonly ReplayReport[],
  palette: Palette,
): string[] {
  if (replays.length === 0) return [];
  const broken = replays.filter((replay) => !isAsExpected(replay));
  const lines = broken.flatMap((replay) => [
    `${palette.red('FAIL')}  ${replay.target} / ${palette.bold(replay.property)}   ${replay.file}`,
    ...(replay.expect === 'fails' ? ['  It was expected to fail, and holds.'] : []),
    ...indent(formatViolation(replay.violation, replay.steps)),
    `  Replay:   npx mapcheck replay ${replay.file}`,
    '',
  ]);
  const asExpected = replays.length - broken.length;
  return [...lines, `${plural(replays.length, noun)}: ${asExpected} as expected.`];
}
