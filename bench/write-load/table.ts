/** The counts of the write loads as a table. */
import { formatCount } from '../../src/report/table.ts';
import { formatNumber, markdownTable } from '../report/markdown.ts';
import type { LoadPoint, LoadSize } from './measure.ts';
import { LOADS, READ_PERCENTS } from './measure.ts';

/** The loads in which dirty is ever copied; overwrites never need it. */
const COPYING: readonly LoadPoint['load'][] = ['new keys', 'churn'];

/** One row for each share of reads. */
export function writeLoadMarkdown(points: readonly LoadPoint[], size: LoadSize): string {
  const rows = READ_PERCENTS.map((readPercent) => {
    const at = (name: string): LoadPoint['counts'] =>
      points.find((point) => point.load === name && point.readPercent === readPercent)!.counts;
    const perOperation = (count: number): string => formatNumber(count / size.operationCount);
    const locks = LOADS.map(({ name }) => perOperation(at(name).lockAcquisitions));
    const copies = COPYING.flatMap((name) => [
      formatCount(at(name).dirtyCopies),
      perOperation(at(name).entriesCopied),
    ]);
    return [`${readPercent} %`, ...locks, ...copies];
  });
  const explanation = LOADS.map(({ name, title }) => `- ${name}: ${title}.\n`).join('');
  return (
    markdownTable(
      [
        'reads',
        ...LOADS.map(({ name }) => `${name}: locks per operation`),
        ...COPYING.flatMap((name) => [`${name}: dirty copies`, 'entries copied per operation']),
      ],
      rows,
    ) +
    `\n${explanation}\n` +
    `${formatCount(size.operationCount)} operations in each row, on a map of ` +
    `${formatCount(size.keyCount)} keys at the start; profile \`go1.23\`. A read looks up any key that is in the map.\n` +
    `Overwrites caused ${formatCount(copiesOfOverwrites(points))} dirty copies in all rows together.\n`
  );
}

function copiesOfOverwrites(points: readonly LoadPoint[]): number {
  return points
    .filter(({ load }) => !COPYING.includes(load))
    .reduce((sum, { counts }) => sum + counts.dirtyCopies, 0);
}
