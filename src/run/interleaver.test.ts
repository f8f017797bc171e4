/** The concurrent share of campaigns: counted, repeatable, and its failures reported small. */
import { expect, test } from 'vitest';
import { goMapTargets } from '../../models/go-map/target.ts';
import { interleavedRun } from '../../models/sync-map/concurrent/campaign.ts';
import { steppedEngine } from '../../models/sync-map/concurrent/engine.ts';
import { syncMapTargets } from '../../models/sync-map/target.ts';
import { loadEngine } from '../instrument/load-program.ts';
import { interleaverOf } from './interleaver.ts';
import { runTicket } from './ticket.ts';

const ticket = { targetIndex: 0, firstRun: 0, runCount: 11 };

test('every fifth run of sync.Map is made with several threads too', async () => {
  const interleave = await interleaverOf(syncMapTargets[0]!, '7');
  const work = (): ReturnType<typeof runTicket> =>
    runTicket(syncMapTargets[0]!, '7', 0, ticket, false, { interleave });
  const { violations, steps, interleavings, runs } = work();
  expect([violations, runs, interleavings]).toEqual([[], 11, 60]);
  expect(steps).toBeGreaterThan(600);
  expect(work().steps).toBe(steps);
});

test('targets without concurrent programs have none', async () => {
  expect(await interleaverOf(goMapTargets[0]!, '7')).toBeNull();
});

test('what is drawn finds bugs that only several callers see', async () => {
  const broken = steppedEngine(
    await loadEngine('sync-map', {
      patch: (path, code) =>
        path.endsWith('entry.ts')
          ? code.replace(
              'if (this.pointer.compareAndSwap(pointer, null)) return pointer;',
              'this.pointer.store(null); return pointer;',
            )
          : code,
    }),
  );
  const runs = Array.from({ length: 60 }, (_, index) => index * 5);
  const outcomes = runs.map((run) => interleavedRun(broken, 'go1.23', '7', run));
  const at = outcomes.findIndex(({ failure }) => failure !== null);
  const { property, schedule } = outcomes[at]!.failure!;
  expect(property).toBe('sync-map.linearizable');
  // The same run gives the same failure again: that is what reports rely on.
  const again = interleavedRun(broken, 'go1.23', '7', runs[at]!);
  expect(again.failure!.schedule).toEqual(schedule);
});
