/** From a failing concurrent program to a small trace that replays: on the engine with the bug, and on the one without. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { concurrentProgram } from '../../models/sync-map/concurrent/program.ts';
import { exploreMapProgram } from '../../models/sync-map/concurrent/explore.ts';
import type { Operation } from '../core/program.ts';
import { formatMapFailure } from '../report/map-failure-text.ts';
import { PLAIN } from '../report/palette.ts';
import { readAnyTrace } from '../trace/read.ts';
import { mapEngine, mapShape } from './map-program.ts';
import { describeMapFailure } from './operations-failure.ts';
import { replaySchedule } from './replay-schedule.ts';
import { replayFolder } from './saved-traces.ts';

const folder = mkdtempSync(join(tmpdir(), 'mapcheck-map-program-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const store = (k: number, v: number): Operation => ({ op: 'store', k, v });
const load = (k: number): Operation => ({ op: 'load', k });

/** More than the bug needs: a thread, operations and keys that have nothing to do with it. */
const LARGE = concurrentProgram(
  [store(2, 20), store(1, 10), { op: 'range' }, store(3, 30)],
  [[load(2), { op: 'loadAndDelete', k: 1 }], [{ op: 'swap', k: 1, v: 11 }, load(3)], [load(3)]],
);

describe('a failure of a mutant', async () => {
  const engine = await mapEngine('C17');
  const { failure } = exploreMapProgram(LARGE, engine);
  const subject = { target: 'sync-map', operations: LARGE, mutant: 'C17' };
  const small = describeMapFailure(subject, mapShape('sync-map', engine), failure!, folder);
  const loaded = readAnyTrace(small.trace!, []);
  if (!('schedule' in loaded)) throw new Error('not a schedule');
  const trace = loaded.schedule;

  test('is made small', () => {
    expect(small.property).toBe('sync-map.linearizable');
    expect(small.operations.threads).toEqual([
      [{ op: 'loadAndDelete', k: 1 }],
      [{ op: 'swap', k: 1, v: 11 }],
    ]);
    expect(small.operations.setup['start']).toHaveLength(2);
    expect(small.preemptions).toBe(1);
    const text = formatMapFailure('sync-map', small, PLAIN).join('\n');
    for (const part of [
      'FAIL  sync-map / sync-map.linearizable',
      'start: store(1, 10), range()',
      'T1: loadAndDelete(1)',
      'this.pointer.compareAndSwap(pointer, box)',
      'Necessary orderings',
      'T2 swap(1, 11) → { previous: 10, loaded: true }',
      `npx mapcheck replay ${small.trace}`,
    ]) {
      expect(text).toContain(part);
    }
  });

  test('replays from its trace', async () => {
    expect(trace).toMatchObject({ property: 'sync-map.linearizable', expect: 'fails' });
    expect(await replaySchedule(trace)).toMatchObject({
      verdict: 'fails',
      property: 'sync-map.linearizable',
      message: small.message,
      divergedAt: null,
    });
  });

  test('is among the traces that the gate replays', async () => {
    const project = { targets: [], configFile: null };
    const [report] = await replayFolder(folder, ['sync-map'], project);
    expect(report).toMatchObject({ target: 'sync-map', verdict: 'fails', expect: 'fails' });
    expect(report!.steps).toHaveLength(small.steps.length);
    expect(await replayFolder(folder, ['go-map'], project)).toEqual([]);
  });

  test('does not show on the engine as it is', async () => {
    const mended = { ...trace, subject: { ...trace.subject, mutant: null } };
    const { verdict } = await replaySchedule(mended);
    expect(verdict).not.toBe('fails');
  });

  test('a trace whose program the target cannot run is refused, and says where', async () => {
    const subject = {
      ...trace.subject,
      operations: { ...small.operations, threads: [[{ op: 'pop' }]] },
    };
    await expect(replaySchedule({ ...trace, subject })).rejects.toMatchObject({
      code: 'E-TRACE-008',
      place: '$.subject.operations.threads.0.0.op',
    });
    for (const [target, code] of [
      ['tree-bucket-map', 'E-TRACE-006'],
      ['go-map', 'E-TRACE-008'],
    ]) {
      const elsewhere = { ...trace, subject: { ...trace.subject, target: target! } };
      await expect(replaySchedule(elsewhere)).rejects.toMatchObject({ code });
    }
    expect(readFileSync(small.trace!, 'utf8')).toContain('"mutant":"C17"');
  });
});
