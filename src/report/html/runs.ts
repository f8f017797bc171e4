/** Runs of every kind in the shape of a page. */
import type { CheckFailure, CheckStep, CheckSuite } from '../document.ts';
import type { ReplayReport } from '../../run/replay.ts';
import type { ScheduleReplay } from '../../run/replay-schedule.ts';
import { waitText, type ShownOperation, type ShownRun } from '../../run/program-failure.ts';
import type { StepRecord } from '../../core/target.ts';
import { linearizationPoints, orderingText } from '../interleaving.ts';
import { stepValues } from '../step-values.ts';
import type { PageDocument, PageRun, PageStep } from './document.ts';

/** The page of a replayed interleaving. */
export function interleavingPage(file: string, name: string, replay: ScheduleReplay): PageDocument {
  const { verdict, property, message, shown, added, missing } = replay;
  const changes = [
    ...(added === 0 ? [] : [`${added} new`]),
    ...(missing === 0 ? [] : [`${missing} gone`]),
  ];
  const run: PageRun = {
    title: name,
    verdict,
    property,
    message: message.split('\n'),
    facts: [
      ['trace', file],
      ...(changes.length === 0
        ? []
        : [['steps since the trace was kept', changes.join(', ')] as const]),
    ],
    isSequential: false,
    steps: shownSteps(shown),
    orderings: (shown.orderings?.necessary ?? []).map((ordering) => orderingText(shown, ordering)),
    blocks: [{ title: 'Judgement', lines: shown.details }],
  };
  return { title: `${name}: ${property}`, tables: [], runs: [run] };
}

function shownSteps({ steps, race, stuck, thrown, history }: ShownRun): PageStep[] {
  const points = linearizationPoints(history);
  const values = stepValues(steps);
  const rows = steps.flatMap((step, index): PageStep[] => {
    const isSwitch = index > 0 && steps[index - 1]!.thread !== step.thread;
    const isRacing = race?.includes(index) === true;
    const kind = step.isPreemption ? 'preemption' : isSwitch ? 'switch' : '';
    const { thread, place, expression } = step;
    const text = expression === '' ? step.kind : expression;
    const ranks = (points.get(index) ?? []).map((rank) => `◆${rank + 1}`);
    const note = [...(isRacing ? ['race'] : []), ...ranks].join(' ');
    const calls = history.filter(({ first }) => first === index).map(callStep);
    const mark = isRacing && kind === '' ? 'bad' : kind;
    return [...calls, { thread, text, value: values[index]!, note, mark, place, expression }];
  });
  for (const step of stuck) {
    const { thread, place, expression } = step;
    const text = expression === '' ? step.kind : expression;
    const value = waitText(step);
    rows.push({ thread, text, value, note: '', mark: 'stuck', place, expression });
  }
  if (thrown !== null) {
    const thread = thrown.thread < 0 ? (steps.at(-1)?.thread ?? 0) : thrown.thread;
    const who = thrown.thread < 0 ? 'the check at the end throws' : 'throws';
    const text = `${who} ${thrown.text}`;
    rows.push({ thread, text, value: '', note: '', mark: 'thrown', place: '', expression: '' });
  }
  return rows;
}

function callStep({ thread, call, result, isLeftOver }: ShownOperation): PageStep {
  const value = result === '' ? '' : `returns ${result}`;
  const note = isLeftOver ? 'fits nowhere' : '';
  return { thread, text: call, value, note, mark: 'call', place: '', expression: '' };
}

/** The page of a replayed program of one thread. */
export function operationsPage(replay: ReplayReport): PageDocument {
  const { file, target, verdict, property, message, steps, violation } = replay;
  const run: PageRun = {
    title: target,
    verdict,
    property: violation?.property ?? property,
    message: [message],
    facts: [
      ['trace', file],
      ...(violation === null
        ? []
        : ([
            ['expected', violation.expected],
            ['actual', violation.actual],
          ] as const)),
      ...(violation?.known == null ? [] : [['known defect', violation.known] as const]),
    ],
    isSequential: true,
    steps: recordSteps(steps, violation !== null),
    orderings: [],
    blocks: [{ title: 'State around the fault', lines: violation?.state ?? [] }],
  };
  return { title: `${target}: ${property}`, tables: [], runs: [run] };
}

function recordSteps(steps: readonly (StepRecord | CheckStep)[], isFailing: boolean): PageStep[] {
  return steps.map((step, index) => ({
    thread: step.thread,
    text: step.operation,
    value: step.result,
    note: step.notes.filter((note) => note !== 'preemption').join('; '),
    mark: step.notes.includes('preemption')
      ? 'preemption'
      : isFailing && index === steps.length - 1
        ? 'bad'
        : '',
    ...placeOf(step),
  }));
}

/** Steps with a place begin with the name of what they do, and go on with the source text. */
function placeOf(step: StepRecord | CheckStep): Pick<PageStep, 'place' | 'expression'> {
  const place = ('place' in step ? step.place : undefined) ?? '';
  const { operation } = step;
  return { place, expression: place === '' ? '' : operation.slice(operation.indexOf(' ') + 1) };
}

/** The page of a command's report: a table of what was checked, and every failure. */
export function suitesPage(
  suites: readonly CheckSuite[],
  verdict: PageRun['verdict'],
): PageDocument {
  const rows = suites.map(({ name, facts, cases }) => [
    name,
    String(cases.length),
    String(cases.filter(({ failure }) => failure !== null).length),
    String(cases.filter(({ undecided }) => undecided !== undefined).length),
    Object.entries(facts)
      .map(([fact, value]) => `${fact} ${value}`)
      .join(', '),
  ]);
  const columns = ['suite', 'checks', 'failed', 'undecided', 'facts'];
  return {
    title: `mapcheck: ${verdict}`,
    tables: [{ title: 'What was checked', columns, rows }],
    runs: suites.flatMap((suite) =>
      suite.cases.flatMap(({ failure }) =>
        failure === null ? [] : [failureRun(suite.name, failure)],
      ),
    ),
  };
}

function failureRun(suite: string, failure: CheckFailure): PageRun {
  const { property, message, trace, steps, text } = failure;
  const threads = new Set(steps.map((step) => step.thread));
  return {
    title: suite,
    verdict: 'fails',
    property,
    message: message.split('\n'),
    facts: trace === null ? [] : [['replay', `npx mapcheck replay ${trace}`]],
    isSequential: threads.size <= 1 && steps.every((step) => (step.place ?? '') === ''),
    steps: recordSteps(steps, true),
    orderings: [],
    blocks: [{ title: 'As printed', lines: text.split('\n') }],
  };
}
