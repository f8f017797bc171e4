/** Explored program files in the shape that JUnit, SARIF and GitHub reports are written from. */
import type { Property } from '../core/property.ts';
import type { ProgramReport } from '../run/explore-program.ts';
import type { MapFailure } from '../run/operations-failure.ts';
import type { PlacedStep } from '../run/program-failure.ts';
import type { SuiteResult } from '../run/suites.ts';
import { undecidedCases, type CheckFailure, type CheckStep, type CheckSuite } from './document.ts';
import { formatExploration } from './explore-text.ts';
import { formatMapFailure } from './map-failure-text.ts';
import { PLAIN } from './palette.ts';

/** What an exploration looks for, by the kind of failure. */
export const PROGRAM_RULES: readonly Property[] = [
  ['assertion', 'No thread throws, and the check at the end holds.'],
  ['race', 'No two plain accesses to one location, one of them a write, are unordered.'],
  ['deadlock', 'Some thread can move until all have ended.'],
  ['invariant', 'The invariant of the program holds in every state.'],
  ['linearizability', 'Some legal order of the operations explains every result.'],
  ['divergence', 'The same schedule gives the same steps.'],
].map(([name, statement]) => ({ name: name!, statement: statement!, source: 'mapcheck explore' }));

/** A suite for each program file, with one case: that no interleaving of those explored fails. */
export function programSuites(reports: readonly ProgramReport[]): CheckSuite[] {
  return reports.map((report) => {
    const { exploration, strategy } = report;
    const name = `interleavings (${strategy})`;
    return {
      name: report.program,
      facts: {
        file: report.file,
        strategy,
        executions: String(exploration.complete),
        steps: String(exploration.steps),
        exhaustive: String(exploration.isExhaustive),
      },
      cases:
        report.failure === null && report.verdict !== 'holds'
          ? undecidedCases(report.verdict).map((check) => ({ ...check, name }))
          : [{ name, failure: programFailure(report) }],
    };
  });
}

/** A suite for each target whose concurrent programs were explored whole, a case for each suite of programs. */
export function interleavingSuites(results: readonly SuiteResult[]): CheckSuite[] {
  const names = [...new Set(results.map(({ target }) => target))];
  return names.map((name) => {
    const own = results.filter(({ target }) => target === name);
    const executions = own.reduce((sum, { report }) => sum + report.classes, 0);
    return {
      name: `${name}, every interleaving`,
      facts: { executions: String(executions) },
      cases: own.map(({ report, failure }) => ({
        name: report.suite,
        failure: failure === null ? null : mapFailure(name, failure),
      })),
    };
  });
}

function mapFailure(target: string, failure: MapFailure): CheckFailure {
  const { property, message, trace, operations } = failure;
  return {
    property,
    message,
    text: formatMapFailure(target, failure, PLAIN).join('\n'),
    trace,
    steps: failure.steps.map(checkStep),
    essence: JSON.stringify([target, property, operations]),
  };
}

function programFailure(report: ProgramReport): CheckFailure | null {
  if (report.failure === null) return null;
  const { kind, message, trace } = report.failure;
  const steps = report.failure.steps.map(checkStep);
  return {
    property: kind,
    message,
    text: formatExploration(report, PLAIN).join('\n'),
    trace,
    steps,
    essence: JSON.stringify([
      report.program,
      kind,
      steps.map(({ thread, operation }) => [thread, operation]),
    ]),
  };
}

function checkStep(step: PlacedStep): CheckStep {
  const { thread, kind, expression, read, written, place } = step;
  const values = [
    ...(read === undefined ? [] : [`read ${text(read)}`]),
    ...(written === undefined ? [] : [`wrote ${text(written)}`]),
  ];
  return {
    thread,
    operation: expression === '' ? kind : `${kind} ${expression}`,
    result: values.join(', '),
    notes: step.isPreemption ? ['preemption'] : [],
    place,
  };
}

function text(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
