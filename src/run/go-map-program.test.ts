/** Failures of several threads on GoMap: made small, shown, kept, replayed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { goMapThreads } from '../../models/go-map/concurrent/program.ts';
import { formatMapFailure } from '../report/map-failure-text.ts';
import { PLAIN } from '../report/palette.ts';
import { readAnyTrace } from '../trace/read.ts';
import { exploreGoMapProgram, goMapEngine, goMapShape } from './go-map-program.ts';
import { describeMapFailure } from './operations-failure.ts';
import { replaySchedule } from './replay-schedule.ts';

const folder = mkdtempSync(join(tmpdir(), 'mapcheck-go-map-program-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** More than the bug needs: an operation, and keys, that have nothing to do with it. */
const LARGE = goMapThreads(
  'misuse',
  [1, 2],
  [
    [
      ['get', 2],
      ['set', 1, 11],
    ],
    [['set', 2, 22]],
  ],
  true,
);

describe('two writers that mark by OR', async () => {
  const shape = goMapShape('go-map', await goMapEngine('A21'));
  const { failure } = exploreGoMapProgram(LARGE, shape);
  const subject = { target: 'go-map', operations: LARGE, mutant: 'A21' };
  const small = describeMapFailure(subject, shape, failure!, folder);
  const loaded = readAnyTrace(small.trace!, []);
  if (!('schedule' in loaded)) throw new Error('not a schedule');
  const trace = loaded.schedule;

  test('are made small', () => {
    expect(small.property).toBe('map.writers-notice-each-other');
    expect(small.operations.threads.map((calls) => calls.length)).toEqual([1, 1]);
    expect(small.operations.setup['keys']).toHaveLength(1);
  });

  test('are shown with the flags that each saw', () => {
    const text = formatMapFailure('go-map', small, PLAIN).join('\n');
    expect(text).toMatch(/^FAIL {2}go-map \/ map\.writers-notice-each-other\n/);
    expect(text).toMatch(/start: keys \d\n {2}T1: set\(1, 11\)\n {2}T2: set\(2, 22\)\n/);
    expect(text).toMatch(/this\.#cells\[\/\* flags \*\/ \d+\] .*= 4/);
    expect(text).toContain('actual    ');
  });

  test('fail whenever the trace is replayed, and hold on the engine as it is, in every profile', async () => {
    const { verdict, property } = await replaySchedule(trace);
    expect([verdict, property]).toEqual(['fails', 'map.writers-notice-each-other']);
    for (const target of ['go-map', 'go-map@corrected', 'go-map@go1.19']) {
      const subjectOf = { target, operations: small.operations, mutant: null };
      const replay = await replaySchedule({ ...trace, subject: subjectOf });
      expect([target, replay.verdict]).not.toEqual([target, 'fails']);
    }
  });

  test('are refused among readers, and of a mutant that there is not', async () => {
    const setup = { ...small.operations.setup, asks: 'readers' };
    const operations = { ...small.operations, setup };
    await expect(
      replaySchedule({ ...trace, subject: { ...subject, operations } }),
    ).rejects.toMatchObject({ code: 'E-TRACE-008' });
    await expect(
      replaySchedule({ ...trace, subject: { ...subject, mutant: 'C12' } }),
    ).rejects.toMatchObject({ code: 'E-TRACE-009' });
  });
});
