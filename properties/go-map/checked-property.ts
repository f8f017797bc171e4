/** A property together with its check. */
import type { Property } from '../../src/core/property.ts';

/** What a failed check has to say. */
export interface Finding {
  /** One sentence that a newcomer understands. */
  readonly message: string;
  readonly expected: string;
  readonly actual: string;
}

/** A rule with a name and a check over facts that were gathered once for all rules. */
export interface CheckedProperty<Facts> extends Property {
  /** Tells whether the rule holds. Called after every operation, so it allocates nothing. */
  holds(facts: Facts): boolean;
  /** What was due and what was there. Called only when `holds` said no. */
  explain(facts: Facts): Finding;
}
