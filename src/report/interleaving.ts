/**
 * A failing interleaving for people: a column for each thread, a row for each step, what is stuck or
 * thrown at the end, and the orders that the failure needs.
 */
import type { Ordering } from '../core/shrink/necessary-orderings.ts';
import { waitText, type ShownOperation, type ShownRun } from '../run/program-failure.ts';
import { objectOf, stepWords } from '../run/step-words.ts';
import { printable, widthOf } from './characters.ts';
import type { Palette } from './palette.ts';
import { stepValues } from './step-values.ts';
import { clip, formatTable, indent, plural, wrap, type Column } from './table.ts';

/** Rows of a table shown at most, but for what stands for those left out. */
const ROWS_MAX = 60;
/** Columns a thread takes at most, and at least where a terminal is narrow. */
const THREAD_WIDTH_MAX = 44;
const THREAD_WIDTH_MIN = 14;

/** One row before it is fitted to a width. */
interface Row {
  /** `*` for a preemption, `-` for another switch. */
  readonly mark: string;
  readonly number: string;
  readonly thread: number;
  readonly text: string;
  readonly value: string;
  readonly place: string;
}

/** The table, its legend and the necessary orderings. `indentation` is what the caller will put before each line. */
export function formatShownRun(shown: ShownRun, palette: Palette, indentation = 2): string[] {
  const rows = rowsOf(shown);
  const columns = palette.columns === null ? null : palette.columns - indentation;
  const width = columns ?? Infinity;
  return [
    ...formatRows(rows, width),
    ...legend(rows, palette),
    ...formatOrderings(shown, palette).flatMap((line) => wrap(line, columns, '      ')),
    ...shown.details.flatMap((line) => wrap(printable(line), columns)),
  ];
}

function rowsOf(shown: ShownRun): Row[] {
  const { steps, stuck, thrown, history } = shown;
  const points = linearizationPoints(history);
  const values = stepValues(steps);
  const rows = steps.flatMap((step, index): Row[] => [
    ...history.flatMap((operation) => (operation.first === index ? [callRow(operation)] : [])),
    stepRow(shown, index, values[index]!, points.get(index) ?? []),
  ]);
  for (const step of stuck) {
    const text = printable(step.expression === '' ? step.kind : step.expression);
    rows.push({
      ...PLAIN_ROW,
      thread: step.thread,
      text,
      value: waitText(step),
      place: step.place,
    });
  }
  if (thrown !== null && thrown.thread >= 0) {
    rows.push({ ...PLAIN_ROW, thread: thrown.thread, text: `throws ${printable(thrown.text)}` });
  }
  return elide(rows, shown);
}

const PLAIN_ROW = { mark: '', number: '', value: '', place: '' } as const;

function stepRow(
  { steps, race }: ShownRun,
  index: number,
  value: string,
  points: readonly number[],
): Row {
  const step = steps[index]!;
  const isSwitch = index > 0 && steps[index - 1]!.thread !== step.thread;
  const notes = [
    ...(race?.includes(index) === true ? ['<- race'] : []),
    ...points.map((rank) => `◆${rank + 1}`),
  ];
  return {
    mark: step.isPreemption ? '*' : isSwitch ? '-' : '',
    number: String(index),
    thread: step.thread,
    text: printable(step.expression === '' ? step.kind : step.expression),
    value: [value, ...notes].join('  ').trimStart(),
    place: step.place,
  };
}

/** An operation begins: its call, and what it is going to return. */
function callRow({ thread, call, result, isLeftOver }: ShownOperation): Row {
  const parts = result === '' ? [] : [`returns ${printable(result)}`];
  if (isLeftOver) parts.push('fits nowhere');
  return { ...PLAIN_ROW, thread, text: `[${printable(call)}]`, value: parts.join('  ') };
}

/**
 * By step, the operations that may act there in the longest legal order: each as early as its own steps and the
 * operations before it allow.
 */
export function linearizationPoints(history: readonly ShownOperation[]): Map<number, number[]> {
  const points = new Map<number, number[]>();
  let at = 0;
  const ranked = history.filter(({ rank }) => rank !== null);
  for (const { first, rank } of ranked.toSorted((a, b) => a.rank! - b.rank!)) {
    at = Math.max(at, first);
    points.set(at, [...(points.get(at) ?? []), rank!]);
  }
  return points;
}

/**
 * Leaves out stretches in which nothing but more of the same happens: what is near a switch, a race, a necessary order,
 * the beginning or the end stays.
 */
function elide(rows: readonly Row[], shown: ShownRun): Row[] {
  if (rows.length <= ROWS_MAX) return [...rows];
  const weights = rows.map((row, index) => (row.mark !== '' || row.number === '' ? index : -1));
  const { race, orderings } = shown;
  const steps = [...(race ?? []), ...(orderings?.necessary ?? []).flatMap(bothSteps)].map(String);
  const named = steps.map((step) => rows.findIndex((row) => row.number === step));
  const centres = [...new Set([0, rows.length - 1, ...named, ...weights])].filter((at) => at >= 0);
  let kept = new Set<number>();
  for (let around = 0; around < ROWS_MAX; around++) {
    const wider = new Set(centres.flatMap((centre) => span(centre - around, centre + around)));
    if (wider.size > ROWS_MAX && around > 0) break;
    kept = wider;
  }
  return withGaps(rows, kept.size > ROWS_MAX ? new Set([...kept].slice(0, ROWS_MAX)) : kept);
}

function bothSteps({ earlier, later }: Ordering): number[] {
  return [earlier, later];
}

function span(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, offset) => from + offset);
}

function withGaps(rows: readonly Row[], kept: ReadonlySet<number>): Row[] {
  const result: Row[] = [];
  for (let index = 0; index < rows.length; index++) {
    if (kept.has(index)) {
      result.push(rows[index]!);
      continue;
    }
    let end = index;
    while (end < rows.length && !kept.has(end)) end++;
    const text = `… ${end - index} ${end - index === 1 ? 'step' : 'steps'} …`;
    result.push({ mark: '', number: '', thread: rows[index]!.thread, text, value: '', place: '' });
    index = end - 1;
  }
  return result;
}

function formatRows(rows: readonly Row[], width: number): string[] {
  const threads = [...new Set(rows.map((row) => row.thread))].sort((a, b) => a - b);
  const natural = Math.max(0, ...rows.map((row) => widthOf(row.text)));
  const threadWidthMax = Math.max(THREAD_WIDTH_MIN, Math.min(natural, THREAD_WIDTH_MAX));
  const fits = (lines: readonly string[]): boolean => lines.every((line) => widthOf(line) <= width);
  const whole = formatWide(rows, threads, threadWidthMax, false);
  if (fits(whole)) return whole;
  // The folders of files go first, then the columns of the threads shrink.
  for (let threadWidth = threadWidthMax; threadWidth >= THREAD_WIDTH_MIN; threadWidth--) {
    const lines = formatWide(rows, threads, threadWidth, true);
    if (fits(lines)) return lines;
  }
  return formatNarrow(rows, width);
}

function formatWide(
  rows: readonly Row[],
  threads: readonly number[],
  threadWidth: number,
  isShort: boolean,
): string[] {
  const columns: Column[] = [
    { title: '' },
    { title: '#', align: 'right' },
    ...threads.map((thread) => ({ title: `T${thread + 1}` })),
    { title: 'value' },
    { title: 'place' },
  ];
  const cells = rows.map((row) => [
    row.mark,
    row.number,
    ...threads.map((thread) => (thread === row.thread ? clip(row.text, threadWidth) : '')),
    row.value,
    isShort ? shortPlace(row.place) : row.place,
  ]);
  const lines = formatTable(columns, cells);
  // A table without a switch has nothing to mark.
  return rows.some((row) => row.mark !== '') ? lines : lines.map((line) => line.slice(2));
}

/** Two lines for each step, for terminals that have no room for columns. */
function formatNarrow(rows: readonly Row[], width: number): string[] {
  // An ellipsis is three characters wide where there is only ASCII.
  const room = Math.max(width - 2, 20);
  return rows.flatMap((row) => {
    const head = `${row.mark.padEnd(1)} ${row.number.padStart(3)}  T${row.thread + 1}  `;
    const more = [row.value, shortPlace(row.place)].filter((text) => text !== '').join('  ');
    const lines = [clip(head + row.text, room)];
    if (more !== '') lines.push(clip(' '.repeat(widthOf(head)) + more, room));
    return lines;
  });
}

function shortPlace(place: string): string {
  return place.slice(place.lastIndexOf('/') + 1);
}

function legend(rows: readonly Row[], palette: Palette): string[] {
  const hasPreemption = rows.some((row) => row.mark === '*');
  const hasSwitch = rows.some((row) => row.mark === '-');
  const parts = [
    ...(hasPreemption ? ['* preemption: the thread before could have gone on'] : []),
    ...(hasSwitch ? ['- switch: it had ended, or could not'] : []),
  ];
  if (rows.some((row) => row.value.includes('◆'))) {
    parts.push('◆ linearization points tried, in their order');
  }
  const isNarrow = palette.columns !== null && palette.columns < 90;
  if (parts.length === 0) return [];
  const lines = isNarrow
    ? parts.flatMap((part) => wrap(part, palette.columns! - 2))
    : [parts.join('   ')];
  return ['', ...lines.map((line) => palette.dim(line))];
}

function formatOrderings(shown: ShownRun, palette: Palette): string[] {
  const { orderings } = shown;
  if (orderings === null || orderings.tried === 0) return [];
  const { necessary, undecided } = orderings;
  const open = undecided === 0 ? [] : [`${plural(undecided, 'order')} could not be turned round.`];
  if (necessary.length === 0) {
    const count = orderings.tried - Math.min(undecided, orderings.tried);
    if (count === 0) return [];
    const turned = count === 1 ? 'the one order' : `each of ${count} orders`;
    return ['', `No order is necessary: with ${turned} of steps turned round, it fails still.`];
  }
  return [
    '',
    palette.bold('Necessary orderings') + ' (turn any of them round, and the failure is gone):',
    ...indent(necessary.map((ordering) => orderingText(shown, ordering))),
    ...indent(open),
  ];
}

/** `T2's store of flag[0] (a.ts:3:5) came before T1's load of it (a.ts:9:7)`. */
export function orderingText(shown: ShownRun, { earlier, later, thread }: Ordering): string {
  const first = shown.steps[earlier]!;
  const second =
    later < 0 ? shown.stuck.find((step) => step.thread === thread) : shown.steps[later];
  if (second === undefined) return '';
  const object = objectOf(first);
  const isSame = object === objectOf(second);
  const stuck = later < 0 ? ', which waits' : '';
  const [one, other] = [
    stepWords(first, object),
    stepWords(second, isSame ? 'it' : objectOf(second)),
  ].map(printable);
  return `${one} came before ${other}${stuck}`;
}
