/** What the concurrent share of a user's campaign leaves alone. */
import { expect, test } from 'vitest';
import type { SteppedEngine } from '../../sync-map/concurrent/engine.ts';
import { ownInterleavedRun } from './campaign.ts';

test('programs whose operations share nothing in steps tell nothing, however wrong they look', () => {
  const found = { value: 1, ok: true };
  class Stubborn {
    load = (): unknown => found;
    store = (): void => {};
    range = (): void => {};
  }
  const engine = {
    SyncMap: Stubborn,
    forms: {
      // oxlint-disable-next-line require-yield -- an operation without a step
      *load() {
        return found;
      },
      *store() {},
    },
  } as unknown as SteppedEngine;
  for (let run = 0; run < 10; run++) {
    const { failure, interleavings, program } = ownInterleavedRun('own', engine, [1, 2], '1', run);
    expect(failure).toBeNull();
    expect(interleavings).toBeGreaterThan(0);
    expect(program.threads.length).toBeGreaterThan(1);
  }
});
