/** The checker's check of itself, for people. */
import type { Counts, SelftestRow } from '../core/selftest/selftest.ts';
import type { SelftestReport } from '../run/selftest.ts';
import type { Palette } from './palette.ts';
import { formatCount, formatTable, plural } from './table.ts';

/** Rows that differ in full, rows that were not done by name, then what all of it comes to. */
export function formatSelftest(report: SelftestReport, palette: Palette): string[] {
  const { rows, programs } = report;
  const failed = rows.filter((row) => row.verdict === 'fails');
  const held = rows.filter((row) => row.verdict === 'holds');
  const open = rows.filter((row) => row.verdict === 'inconclusive');
  const compared = held.filter((row) => row.second !== null);
  const classes = compared.reduce((sum, row) => sum + totalOf(row.second!), 0);
  const seconds = (report.elapsedMs / 1000).toFixed(1);
  return [
    ...formatRows(failed, palette),
    ...formatOpen(open, palette),
    ...formatDifference(report, palette),
    `${formatCount(held.length)} of ${formatCount(rows.length)} rows of the ground truth hold, ` +
      `${formatCount(compared.length)} of them derived by two engines and compared class by class ` +
      `(${formatCount(classes)} classes); ${plural(redundantOf(rows), 'blocked execution')}.`,
    `${plural(programs.drawn, 'random program')} of seed ${programs.seed}: ` +
      `${formatCount(programs.comparedWithBruteForce)} compared with brute force, ` +
      `${formatCount(programs.comparedWithGraphs)} with execution graphs, ` +
      `${formatCount(programs.classes)} classes.`,
    `${verdictText(report, palette)} after ${seconds} s.`,
  ];
}

function verdictText({ verdict, isCut }: SelftestReport, palette: Palette): string {
  if (verdict === 'fails') return palette.red('The engines differ');
  if (isCut) return `${palette.yellow('Inconclusive')}: time ended the work`;
  return palette.green('The engines agree');
}

function totalOf({ complete, deadlocks, parked }: Counts): number {
  return complete + deadlocks + parked;
}

function redundantOf(rows: readonly SelftestRow[]): number {
  return rows.reduce((sum, row) => sum + row.redundant, 0);
}

function formatRows(failed: readonly SelftestRow[], palette: Palette): string[] {
  if (failed.length === 0) return [];
  const titles = ['program', 'expected', 'optimal', 'second engine', 'classes of one engine only'];
  const table = formatTable(
    titles.map((title) => ({ title })),
    failed.map((row) => [
      row.program,
      countsText(row.expected),
      countsText(row.optimal) + (row.redundant > 0 ? `, ${row.redundant} blocked` : ''),
      row.second === null ? '' : `${countsText(row.second)} (${row.secondEngine})`,
      [...sides('optimal', row.onlyOptimal), ...sides('second', row.onlySecond)].join('; '),
    ]),
  );
  return [palette.red('FAIL'), ...table, ''];
}

function sides(name: string, hashes: readonly string[]): string[] {
  return hashes.length === 0 ? [] : [`${name}: ${hashes.join(', ')}`];
}

function countsText(counts: Counts | null): string {
  if (counts === null) return '';
  const { complete, deadlocks, parked, readsFrom, preemptions } = counts;
  const parts = [formatCount(complete)];
  if (deadlocks > 0) parts.push(plural(deadlocks, 'deadlock'));
  if (parked > 0) parts.push(`${formatCount(parked)} parked`);
  if (readsFrom !== null) parts.push(`${formatCount(readsFrom)} reads-from`);
  if (preemptions !== null) parts.push(`by preemptions ${preemptions.join(' ')}`);
  return parts.join(', ');
}

/** Rows that were not derived in full, by the reason. */
function formatOpen(open: readonly SelftestRow[], palette: Palette): string[] {
  const reasons = new Map<string, string[]>();
  for (const { reason, program } of open) {
    const names = reasons.get(reason);
    if (names === undefined) reasons.set(reason, [program]);
    else names.push(program);
  }
  return [...reasons].map(
    ([reason, names]) => `${palette.yellow('inconclusive')}  ${reason}: ${names.join(', ')}`,
  );
}

function formatDifference({ programs }: SelftestReport, palette: Palette): string[] {
  const { difference } = programs;
  if (difference === null) return [];
  const { program, instructions, comparison } = difference;
  const { optimal, brute, graphs, redundant, fault } = comparison;
  return [
    `${palette.red('FAIL')}  random program ${program} of seed ${programs.seed}, made small:`,
    ...instructions.map((list) => `  ${list.map(instructionText).join('; ')}`),
    ...(fault === null ? [] : [`  an engine threw: ${fault}`]),
    `  optimal ${JSON.stringify(optimal)}, ${redundant} blocked`,
    `  brute force ${JSON.stringify(brute)}`,
    `  graphs ${JSON.stringify(graphs)}`,
    '',
  ];
}

function instructionText(instruction: {
  readonly op: string;
  readonly place: number;
  readonly a: number;
  readonly ifEven: boolean;
}): string {
  const { op, place, a, ifEven } = instruction;
  return `${ifEven ? 'if even: ' : ''}${op}(${place}, ${a})`;
}
