/** The rules for a map of the user's own, named after its target. */
import type { Property } from '../../src/core/property.ts';
import { linearizable, noDeadlock } from '../sync-map/concurrent.ts';

/** The rules of one target. Those that its model has no use for are left out of `all`. */
export interface OwnMapRules {
  readonly matchesModel: Property;
  readonly contents: Property;
  readonly size: Property;
  readonly iteration: Property;
  readonly persistence: Property;
  readonly capacity: Property;
  readonly range: Property;
  readonly noPanic: Property;
}

const SOURCE = 'models/own-map, and the documentation of the map itself';

/** Makes the rules of a target. */
export function ownMapRules(target: string, modelSummary: string): OwnMapRules {
  const rule = (name: string, statement: string): Property =>
    Object.freeze({ name: `${target}.${name}`, statement, source: SOURCE });
  return {
    matchesModel: rule('matches-model', `Every operation returns what ${modelSummary} returns.`),
    contents: rule(
      'contents',
      'Lookups find every entry of the model, with its value, and no other.',
    ),
    size: rule('size', 'The size is the number of entries.'),
    iteration: rule(
      'iteration',
      'Iteration gives every entry once, with its value, in the order that the model promises.',
    ),
    persistence: rule('persistence', 'A map that was written to stays as it was.'),
    capacity: rule('capacity', 'There are never more entries than the capacity.'),
    range: rule(
      'range',
      'Range reports no key twice, each key that stays, no key that is absent throughout, and only values the key had meanwhile.',
    ),
    noPanic: rule('no-panic', 'No operation throws.'),
  };
}

/** The rules of a map that threads share, for programs of several threads. */
export function concurrentRules(target: string): readonly Property[] {
  return [linearizable, noDeadlock].map((rule) => ({
    name: rule.name.replace(/^sync-map/, target),
    statement: rule.statement,
    source: SOURCE,
  }));
}
