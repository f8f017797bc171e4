/** Traces of program files whose threads were left out, replayed after the failure they were kept for is gone. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { ScheduleTrace } from '../trace/schedule.ts';
import { exploreProgram } from './explore-program.ts';
import { replaySchedule, type ScheduleReplay } from './replay-schedule.ts';

const folder = mkdtempSync(join(tmpdir(), 'mapcheck-replay-schedule-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Explores a program, changes it, and replays the trace. */
async function replayAfter(
  name: string,
  source: string,
  change: readonly [string, string],
): Promise<{ before: ScheduleReplay; after: ScheduleReplay; trace: ScheduleTrace }> {
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, source);
  const options = { strategy: 'exhaustive', preemptions: null, executionsMax: null } as const;
  const report = await exploreProgram(file, { ...options, seed: '1', tracesFolder: folder });
  const trace = JSON.parse(readFileSync(report.failure!.trace!, 'utf8')) as ScheduleTrace;
  const before = await replaySchedule(trace);
  expect(source.split(change[0])).toHaveLength(2);
  writeFileSync(file, source.replace(...change));
  return { before, after: await replaySchedule(trace), trace };
}

/** T1 writes what T2 reads; nothing orders them. */
const RACE = `
const publish = (words) => { words[0] = 1; Atomics.store(words, 1, 1); };
const read = (words) => words[0];
const setup = () => new Int32Array(new SharedArrayBuffer(16));
`;
/** A step before the read, which orders the two. */
const MEND = ['=> words[0];', '=> Atomics.load(words, 1) === 1 ? words[0] : 0;'] as const;

test('a check that needs a thread which was left out does not fail the replay of a race', async () => {
  const { before, after, trace } = await replayAfter(
    'check',
    `${RACE}
    export default {
      name: 'check',
      setup,
      threads: [publish, read, (words) => Atomics.store(words, 2, 1)],
      check: (words) => { if (words[2] !== 1) throw new Error('the third thread did nothing'); },
    };`,
    MEND,
  );
  expect(trace).toMatchObject({ property: 'race', subject: { leftOut: [2] } });
  expect(trace.message).toMatch(
    /^data race: T2's read of words\[0\] \(.*check\.mjs:3:25\) and T1's write of it \(.*check\.mjs:2:30\) are not ordered by happens-before$/,
  );
  expect([before.verdict, before.property]).toEqual(['fails', 'race']);
  expect(after.verdict).toBe('inconclusive');
  expect(after.message).toContain('no longer happens');
});

test('nor does a thread that waits for one which was left out', async () => {
  const { before, after, trace } = await replayAfter(
    'wait',
    `${RACE}
    export default {
      name: 'wait',
      setup,
      threads: [
        publish,
        (words) => { read(words); Atomics.wait(words, 3, 0); },
        (words) => { Atomics.store(words, 3, 1); Atomics.notify(words, 3); },
      ],
    };`,
    MEND,
  );
  expect(trace).toMatchObject({ property: 'race', subject: { leftOut: [2] } });
  expect([before.verdict, before.property]).toEqual(['fails', 'race']);
  expect(after.verdict).toBe('inconclusive');
  expect(after.message).toContain('no longer happens');
});

test('a failed check that was kept without a thread is still a failed check', async () => {
  const { before, after, trace } = await replayAfter(
    'lost',
    `
    const count = (words) => { const seen = Atomics.load(words, 0); Atomics.store(words, 0, seen + 1); };
    export default {
      name: 'lost',
      setup: () => new Int32Array(new SharedArrayBuffer(8)),
      threads: [count, count, (words) => Atomics.load(words, 1)],
      check: (words) => { if (words[0] !== 2) throw new Error('lost'); },
    };`,
    ['const seen', 'Atomics.load(words, 1); const seen'],
  );
  expect(trace).toMatchObject({ property: 'assertion', subject: { leftOut: [2] } });
  expect([before.verdict, after.verdict]).toEqual(['fails', 'fails']);
});
