/** How a run ends at a violation. */
import type { Finding } from '../../properties/tree-bucket-map/finding.ts';
import { NO_PANIC } from '../../properties/tree-bucket-map/rules.ts';
import type { Violation } from '../../src/core/property.ts';
import type { TreeBucketMapView } from '../../src/engines/tree-bucket-map/index.ts';
import { showState } from './show.ts';

/** Ends a run at the first violation. Never leaves `execute`. */
export class Stop extends Error {
  readonly finding: Finding;

  constructor(finding: Finding) {
    super(finding.message);
    this.finding = finding;
  }
}

/** @throws Stop if there is a finding. */
export function stopAt(finding: Finding | null): void {
  if (finding !== null) throw new Stop(finding);
}

/** The violation that something thrown during an operation amounts to. */
export function violationOf(
  error: unknown,
  operationIndex: number,
  view: () => TreeBucketMapView,
): Violation {
  const finding = error instanceof Stop ? error.finding : panic(error);
  const { property, message, expected, actual } = finding;
  return {
    property: property.name,
    message,
    expected,
    actual,
    operationIndex,
    state: stateOf(view),
    known: null,
  };
}

function panic(error: unknown): Finding {
  return {
    property: NO_PANIC,
    message: 'The operation threw an error.',
    expected: 'no error',
    actual: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
  };
}

function stateOf(view: () => TreeBucketMapView): readonly string[] {
  try {
    return showState(view());
  } catch {
    return ['the state cannot be shown: it is too broken'];
  }
}
