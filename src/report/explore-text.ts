/** The exploration of a program file, for people. */
import type { BoundReached } from '../core/explore/report.ts';
import type { ProgramReport } from '../run/explore-program.ts';
import type { ProgramFailure } from '../run/program-failure.ts';
import { printable } from './characters.ts';
import { formatShownRun } from './interleaving.ts';
import type { Palette } from './palette.ts';
import { formatCount, indent, plural, wrap } from './table.ts';

/** Lines of one report: the failure, if there is one, then what was explored and what it is worth. */
export function formatExploration(report: ProgramReport, palette: Palette): string[] {
  const lines = report.failure === null ? [] : formatFailureOf(report, palette);
  return [...lines, ...formatWork(report, palette)];
}

function formatFailureOf(report: ProgramReport, palette: Palette): string[] {
  const failure = report.failure!;
  const { kind, message, trace, writeError } = failure;
  const program = printable(report.program);
  const width = palette.columns === null ? null : palette.columns - 2;
  const fit = (line: string): string[] => wrap(printable(line), width);
  return [
    `${palette.red('FAIL')}  ${program} / ${palette.bold(kind)}   ${report.file}`,
    ...indent([...message.split('\n'), ...formatSize(failure)].flatMap(fit)),
    '',
    ...indent(formatShownRun(failure, palette)),
    '',
    ...replayLines(trace, writeError),
  ];
}

function replayLines(trace: string | null, writeError: string | null): string[] {
  if (trace !== null) return [`  Replay:   npx mapcheck replay ${trace}`, ''];
  return writeError === null ? [] : [`  The trace could not be written: ${writeError}`, ''];
}

/** How small the failure is, what it was made from, and what was left out. */
function formatSize(failure: ProgramFailure): string[] {
  const { steps, preemptions, isFewest, before, leftOut } = failure;
  const few = preemptions > 0 && isFewest ? ', and no fewer will do' : '';
  const isShrunk = before.steps > steps.length || before.preemptions > preemptions;
  const from = isShrunk
    ? `; found with ${plural(before.steps, 'step')} and ${plural(before.preemptions, 'preemption')}`
    : '';
  const size = `${plural(steps.length, 'step')}, ${plural(preemptions, 'preemption')}${few}${from}`;
  if (leftOut.length === 0) return [size];
  const names = leftOut.map((thread) => `T${thread + 1}`).join(', ');
  const [verb, them] = leftOut.length === 1 ? ['is', 'it'] : ['are', 'them'];
  return [size, `${names} ${verb} left out: it fails without ${them}`];
}

/** The first step that differed, and where to look. */
function formatDivergence(report: ProgramReport, palette: Palette): string[] {
  const { stepIndex, thread, first, second } = report.exploration.divergence!;
  const where = report.place === '' ? '' : ` at ${report.place}`;
  return [
    `${report.program}: ${palette.red('nondeterministic')}: step ${stepIndex}, of thread ${thread + 1},${where} came out differently when it was repeated:`,
    `  the first time  ${printable(first)}`,
    `  the second time ${printable(second)}`,
    '  The usual causes: Math.random, a clock, state outside of `setup`, the order of a Map that outlives an execution.',
  ];
}

/** How far the work was; for a sampled failure also how to see its schedule alone. */
function formatStop(report: ProgramReport): string[] {
  const { program, file, exploration, sampling, preemptions, failure } = report;
  if (sampling === null) {
    const { complete } = exploration;
    const when = complete === 0 ? 'in the first run' : `after ${plural(complete, 'class')}`;
    const isBeyond = preemptions !== null && failure !== null && failure.preemptions > preemptions;
    return [
      `${program}: stopped at the first failure, ${when}.`,
      ...(isBeyond
        ? [`  The bound was ${plural(preemptions, 'preemption')}: this takes more.`]
        : []),
    ];
  }
  const { strategy, seed, failedSchedule } = sampling;
  return [
    `${program}: schedule ${failedSchedule} of ${strategy} failed, after ${plural(sampling.schedules, 'schedule')}.`,
    `  Alone:    npx mapcheck explore ${file} --strategy ${strategy} --seed ${JSON.stringify(seed)} --schedule ${failedSchedule}`,
  ];
}

function boundText({ bound, limit }: BoundReached): string {
  if (bound === 'executions') return `the bound on executions (${formatCount(limit)})`;
  if (bound === 'steps') return `the bound of ${formatCount(limit)} steps an execution`;
  return 'a loop that reaches no step';
}

function formatWork(report: ProgramReport, palette: Palette): string[] {
  const { exploration, histogram, preemptions, sampling } = report;
  const { bound, complete, deadlocks, divergence } = exploration;
  const name = `${report.program}: `;
  if (divergence !== null) return formatDivergence(report, palette);
  if (report.verdict === 'fails') return formatStop(report);
  if (report.isInterrupted) {
    const done =
      sampling === null ? plural(complete, 'class') : plural(sampling.schedules, 'schedule');
    return [`${name}${palette.yellow('interrupted')} after ${done}; no failure until then.`];
  }
  if (sampling !== null) {
    const share = `unseen share about ${(100 * sampling.unseenShare).toFixed(1)} %`;
    return [
      `${name}${palette.green('no failure')} in ${plural(sampling.schedules, 'schedule')} of ${sampling.strategy}, ${formatCount(sampling.classes)} different; ${share}.`,
    ];
  }
  if (bound !== null) {
    const where = report.place === '' ? '' : ` Last place reached: ${report.place}.`;
    return [
      `${name}${palette.yellow('inconclusive')}: ${boundText(bound)} ended the work after ${plural(complete, 'class')}.${where}`,
    ];
  }
  const all = formatCount(complete + deadlocks);
  const lines = [
    `${name}${palette.green('holds')} in all ${all} classes of interleavings, each run once.`,
  ];
  if (histogram !== null) {
    const within = histogram.slice(0, preemptions! + 1).reduce((total, count) => total + count, 0);
    lines.push(
      `  ${formatCount(within)} of them need at most ${plural(preemptions!, 'preemption')}; by preemptions: ${histogram.join(', ')}.`,
    );
  }
  return lines;
}
