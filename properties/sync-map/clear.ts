import type { TransitionRule } from './observation/rule.ts';

/** A Clear forgets keys and counts alike; a rest of either would come back with the next promotion. */
export const clearState: TransitionRule = {
  name: 'sync-map.clear-state',
  statement: 'After Clear read is empty and not amended, misses is 0, and dirty is nil or empty.',
  source: 'Y21; sync/map.go of Go 1.23, Clear',
  appliesTo: (rules) => rules.operations.includes('clear'),
  check: ({ stage, after }) =>
    stage === 'clear' &&
    (after.readSize > 0 || after.amended || after.misses !== 0 || after.dirtySize > 0)
      ? {
          message: 'Clear left something behind.',
          expected: 'read of 0 keys, not amended, misses 0, dirty nil or of 0',
          actual:
            `read of ${after.readSize} keys, ${after.amended ? 'amended' : 'not amended'}, ` +
            `misses ${after.misses}, dirty ${after.dirtySize < 0 ? 'nil' : `of ${after.dirtySize}`}`,
        }
      : null,
};

/** All rules of this family. */
export const clearRules: readonly TransitionRule[] = [clearState];
