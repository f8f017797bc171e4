/** When the mutex is taken, and that it is given back. */
import { showStage } from './observation/rule.ts';
import type { Transition, TransitionRule } from './observation/rule.ts';

const WRITING = new Set(['store', 'swap', 'loadOrStore']);

/** How often an operation must take the mutex. */
export function expectedLocks({ stage, place, before }: Transition): number {
  switch (stage) {
    case 'rangeStart':
      return before.amended ? 1 : 0;
    case 'rangeEnd':
      return 0;
    case 'clear':
      return before.amended || before.readSize > 0 ? 1 : 0;
    default:
      if (place === 'readLive') return 0;
      if (WRITING.has(stage)) return 1;
      return place !== 'readExpunged' && before.amended ? 1 : 0;
  }
}

/** A mutex that stays held stops the next operation that needs it, and with it everything. */
export const unlocked: TransitionRule = {
  name: 'sync-map.unlocked',
  statement: 'The mutex is free after every operation, and while the function given to Range runs.',
  source:
    'sync/map.go: every Lock has its Unlock; Range holds nothing while it calls, golang/go issue 46399',
  check: ({ after, stage }) =>
    after.isLocked
      ? {
          message: `The mutex is held after ${showStage(stage)}, so the next operation that needs it waits for ever.`,
          expected: 'free',
          actual: 'held',
        }
      : null,
};

/** What the design is for: operations on settled keys take no lock, the others take it once. */
export const lockFreeHits: TransitionRule = {
  name: 'sync-map.lock-count',
  statement:
    'An operation on a key that read has takes no lock unless it writes to an expunged entry; the others take one at most.',
  source: 'sync/map.go: the fast path of each operation',
  check: (transition) => {
    const expected = expectedLocks(transition);
    return transition.lockCount === expected
      ? null
      : {
          message: `${showStage(transition.stage)} took the mutex a wrong number of times.`,
          expected: `${expected}`,
          actual: `${transition.lockCount}`,
        };
  },
};

/** All rules of this family. */
export const lockingRules: readonly TransitionRule[] = [unlocked, lockFreeHits];
