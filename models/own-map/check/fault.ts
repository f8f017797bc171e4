/** How a run ends at a violation. */
import type { Property } from '../../../src/core/property.ts';

/** What is wrong. */
export interface Fault {
  readonly rule: Property;
  /** One sentence. */
  readonly message: string;
  readonly expected: string;
  readonly actual: string;
}

/** Ends a run at the first fault. Never leaves `execute`. */
export class Stop extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.message);
    this.fault = fault;
  }
}

/** What an error amounts to: a fault that was found, or a map that threw. */
export function faultOf(error: unknown, noPanic: Property, what: string): Fault {
  if (error instanceof Stop) return error.fault;
  return {
    rule: noPanic,
    message: `${what} threw an error.`,
    expected: 'no error',
    actual: showError(error),
  };
}

function showError(error: unknown): string {
  try {
    return error instanceof Error
      ? `${error.name}: ${error.message}`
      : `${String(error)} was thrown`;
  } catch {
    return 'something was thrown that has no text';
  }
}
