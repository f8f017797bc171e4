/** Small families of programs that are run whole. */
import type { Operation } from '../../../src/core/program.ts';
import type { ProgramFamily } from '../../../src/core/target.ts';
import type { OperationName, SyncMapRules } from '../rules.ts';

const SETUP = { keys: 'sameValueZero', order: 'insertion' } as const;

/** Key 1 is in read after a promotion; key 2 is new; key 9 never exists. */
const ALPHABET: readonly Operation[] = [
  { op: 'load', k: 9 },
  { op: 'store', k: 1, v: 1 },
  { op: 'store', k: 2, v: 1 },
  { op: 'delete', k: 1 },
  { op: 'loadOrStore', k: 2, v: 2 },
  { op: 'loadAndDelete', k: 2 },
  { op: 'swap', k: 1, v: 2 },
  { op: 'compareAndSwap', k: 2, old: 1, v: 2 },
  { op: 'compareAndDelete', k: 2, old: 1 },
  { op: 'range', nested: [{ at: 0, op: 'delete', k: 1 }] },
  { op: 'clear' },
];

/** From an empty map. */
const FROM_EMPTY: readonly Operation[] = [];

/** Key 1 expunged in read, keys 3 and 4 in dirty alone. */
const FROM_EXPUNGED: readonly Operation[] = [
  { op: 'store', k: 1, v: 1 },
  { op: 'load', k: 9 },
  { op: 'delete', k: 1 },
  { op: 'store', k: 3, v: 1 },
  { op: 'store', k: 4, v: 1 },
];

/** Operations of each program after its prelude: 11 ** 4 programs are about 100,000 operations. */
const LENGTH = 4;

/** The families of a profile. */
export function familiesOf(rules: SyncMapRules): readonly ProgramFamily[] {
  const alphabet = ALPHABET.filter(({ op }) => rules.operations.includes(op as OperationName));
  const family = { setup: SETUP, draws: [], alphabet, length: LENGTH };
  return [
    { name: 'sync-map from empty', prelude: FROM_EMPTY, ...family },
    { name: 'sync-map with an expunged entry', prelude: FROM_EXPUNGED, ...family },
  ];
}
