/**
 * The two properties that no target can check for itself: that its code ends, and that it ends by returning or throwing.
 *
 * They are judged from outside, by whoever runs the code in a thread or process that can be ended.
 */
import type { Program } from './program.ts';
import type { Property, Violation } from './property.ts';
import type { Target } from './target.ts';

/** How a run failed to come back. */
export interface NoReturn {
  readonly kind: 'hang' | 'crash';
  /** What was seen, for the report: `no progress for 10 s`, `the worker ended with exit code 3`. */
  readonly seen: string;
}

/** Fingerprints of runs that did not come back, so that they count in digests. */
const FINGERPRINTS = { hang: 0x6861_6e67, crash: 0x6372_6173 } as const;

/** The properties of a target with the two that are judged from outside. */
export function terminationProperties(target: string): Property[] {
  return [
    {
      name: propertyName(target, 'hang'),
      statement: 'Every operation comes to an end: none loops for ever.',
      source: 'judged from outside the worker that runs the code: no progress for the hang timeout',
    },
    {
      name: propertyName(target, 'crash'),
      statement:
        'No operation takes its worker down: by exhausting memory, by ending it, or by a native crash.',
      source: 'judged from outside the worker that runs the code: it ended before the run did',
    },
  ];
}

/** A target that also lists the properties judged from outside. */
export function withTermination(target: Target): Target {
  const more = terminationProperties(target.name).filter(
    ({ name }) => !target.properties.some((property) => property.name === name),
  );
  return { ...target, properties: [...target.properties, ...more] };
}

/** Whether a property is one of the two, so that its violations cannot be looked into on this thread. */
export function isTermination(property: string): boolean {
  return property.endsWith('.terminates') || property.endsWith('.no-crash');
}

/** The violation that a run is which did not come back. */
export function noReturnViolation(target: string, program: Program, how: NoReturn): Violation {
  const operations = Math.max(...program.threads.map((thread) => thread.length), 1);
  return {
    property: propertyName(target, how.kind),
    message:
      how.kind === 'hang'
        ? `The program did not come to an end: ${how.seen}.`
        : `The program took its worker down: ${how.seen}.`,
    expected: 'every operation returns or throws',
    actual: how.seen,
    operationIndex: operations - 1,
    state: [],
    known: null,
  };
}

/** What stands for the fingerprint of a run that did not come back. */
export function noReturnFingerprint(kind: NoReturn['kind']): number {
  return FINGERPRINTS[kind];
}

/** Profiles of one engine share the rule: `go-map@corrected` has `go-map.terminates`. */
function propertyName(target: string, kind: NoReturn['kind']): string {
  return `${target.replace(/@.*$/, '')}.${kind === 'hang' ? 'terminates' : 'no-crash'}`;
}
