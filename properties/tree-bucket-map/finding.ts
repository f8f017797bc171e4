import type { Property } from '../../src/core/property.ts';

/** What a check found: the rule that does not hold, and the evidence. */
export interface Finding {
  readonly property: Property;
  readonly message: string;
  readonly expected: string;
  readonly actual: string;
}
