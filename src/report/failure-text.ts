/** A failure as a person reads it: what, expected against actual, the steps, the state, how to see it again. */
import type { Violation } from '../core/property.ts';
import { isTermination } from '../core/termination.ts';
import type { StepRecord } from '../core/target.ts';
import type { FailureReport } from '../run/failure.ts';
import { formatTrace } from '../trace/write.ts';
import { formatSteps } from './interleaving-table.ts';
import { indent, plural } from './table.ts';
import type { Palette } from './palette.ts';

/** Lines of one failure of a campaign. */
export function formatFailure(target: string, failure: FailureReport, palette: Palette): string[] {
  const shrunk =
    failure.operationsLeft < failure.operationsFound
      ? `, shrunk from ${failure.operationsFound}`
      : '';
  const origin = `run ${failure.run} of seed ${JSON.stringify(failure.savedTrace.origin?.seed)}`;
  const lines = [
    `${palette.red('FAIL')}  ${target} / ${palette.bold(failure.property)}`,
    ...indent(formatViolation(failure.violation, failure.steps)),
    `  Program:  ${plural(failure.operationsLeft, 'operation')}${shrunk} (${origin})`,
  ];
  if (!failure.isMinimal) lines.push(`            ${whyNotMinimal(failure.property)}`);
  return [...lines, ...indent(formatReplay(failure)), ''];
}

/** Lines that say what failed, with the steps that led there and the state around the fault. */
export function formatViolation(
  violation: Violation | null,
  steps: readonly StepRecord[],
): string[] {
  const lines = [];
  if (violation !== null) {
    lines.push(violation.message);
    lines.push(`expected  ${violation.expected}`, `actual    ${violation.actual}`);
    if (violation.known !== null) lines.push(`known     ${violation.known} (a defect of Go's)`);
  }
  lines.push('', ...indent(formatSteps(steps)), '');
  if (violation !== null && violation.state.length > 0) {
    lines.push('State around the fault:', ...indent(violation.state), '');
  }
  return lines;
}

function whyNotMinimal(property: string): string {
  return isTermination(property)
    ? 'cut after the operation that does not return, and not made smaller: each try may last as long'
    : 'the budget of the shrinker ended before it was minimal';
}

function formatReplay(failure: FailureReport): string[] {
  if (failure.trace !== null) return [`Replay:   npx mapcheck replay ${failure.trace}`];
  return [
    `The trace could not be written: ${failure.writeError}`,
    'Here it is; save it in a file and run `npx mapcheck replay FILE`:',
    ...formatTrace(failure.savedTrace).trimEnd().split('\n'),
  ];
}
