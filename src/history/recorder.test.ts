import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { SyncMap } from '../engines/sync-map/index.ts';
import { judgeHistories } from './judge-text.ts';
import { recordMap } from './record-map.ts';
import { createSharedClock, HistoryRecorder, mergeRecordings, type Recording } from './recorder.ts';

const verdictsOf = (...recordings: Recording[]): string[] =>
  judgeHistories(mergeRecordings(recordings, { name: 'recorded' })).map(({ verdict }) => verdict);

test('every operation of a SyncMap is recorded with its result', () => {
  const recorder = new HistoryRecorder();
  const map = recordMap(new SyncMap<string, number>(), recorder);
  map.load('k');
  map.store('k', 1);
  map.loadOrStore('k', 2);
  map.swap('k', 3);
  map.compareAndSwap('k', 9, 4);
  map.compareAndSwap('k', 3, 4);
  map.range(() => true);
  map.range(() => false);
  map.compareAndDelete('k', 4);
  map.loadAndDelete('k');
  map.delete('k');
  map.clear();
  const { lines } = recorder.recording();
  expect(lines.filter((line) => line.includes('"ok",')).map((line) => line.slice(25))).toEqual([
    '"op":"load","value":null}',
    '"op":"store"}',
    '"op":"loadOrStore","ret":1,"ok":true}',
    '"op":"swap","ret":1,"ok":true}',
    '"op":"compareAndSwap","ok":false}',
    '"op":"compareAndSwap","ok":true}',
    '"op":"range","entries":[["k",4]],"complete":true}',
    '"op":"range","entries":[["k",4]],"complete":false}',
    '"op":"compareAndDelete","ok":true}',
    '"op":"loadAndDelete","ret":null,"ok":false}',
    '"op":"delete"}',
    '"op":"clear"}',
  ]);
  expect(verdictsOf(recorder.recording())).toEqual(['linearizable']);
});

test('a Map look-alike is recorded too, its size as len', () => {
  const recorder = new HistoryRecorder();
  const map = recordMap(new Map<string, number>(), recorder);
  map.set('a', 1).set('b', 2);
  expect(map.size).toBe(2);
  expect(map.get('a')).toBe(1);
  expect(map.has('a')).toBe(true);
  map.delete('a');
  expect(map.size).toBe(1);
  expect(recorder.recording().lines.filter((line) => line.includes('"len","value"'))).toHaveLength(
    2,
  );
  expect(verdictsOf(recorder.recording())).toEqual(['linearizable']);
});

/** A map over promises; the broken one forgets that others act while it waits. */
class SlowMap {
  readonly #map = new Map<string, number>();
  readonly #isBroken: boolean;
  constructor(isBroken: boolean) {
    this.#isBroken = isBroken;
  }
  async loadOrStore(key: string, value: number): Promise<{ actual: number; loaded: boolean }> {
    await Promise.resolve();
    const found = this.#map.get(key);
    if (this.#isBroken) await Promise.resolve();
    if (found !== undefined) return { actual: found, loaded: true };
    this.#map.set(key, value);
    await Promise.resolve();
    return { actual: value, loaded: false };
  }
}

test.each([
  [false, 'linearizable'],
  [true, 'not-linearizable'],
])('operations of an asynchronous map may overlap (broken: %s)', async (isBroken, verdict) => {
  const recorder = new HistoryRecorder();
  const map = recordMap(new SlowMap(isBroken), recorder);
  await Promise.all([1, 2, 3].map((value) => map.loadOrStore('k', value)));
  await map.loadOrStore('k', 4);
  expect(verdictsOf(recorder.recording())).toEqual([verdict]);
});

test('what throws is open for ever', () => {
  const recorder = new HistoryRecorder();
  const map = recordMap(
    {
      store(): void {
        throw new Error('no');
      },
      load: () => ({ value: 1, ok: true }),
    },
    recorder,
  ) as unknown as SyncMap<string, number>;
  expect(() => map.store('k', 1)).toThrow('no');
  map.load('k');
  expect(recorder.recording().lines[1]).toBe('{"process":0,"type":"info","op":"store"}');
  // The store may have acted, so the load is fine; under a new process number.
  expect(verdictsOf(recorder.recording())).toEqual(['linearizable']);
});

test('a cancelled operation did not happen', () => {
  const recorder = new HistoryRecorder();
  recorder.cancel(recorder.call('store', { key: 'k', value: 1 }));
  recorder.ret(recorder.call('load', { key: 'k' }), { value: 1 });
  expect(verdictsOf(recorder.recording())).toEqual(['not-linearizable']);
});

test('values without JSON, and absent ones, are refused', () => {
  const recorder = new HistoryRecorder();
  expect(() => recorder.call('store', { key: 'k', value: null })).toThrow(
    'stands for an absent value',
  );
  expect(() => recorder.call('store', { key: 'k', value: () => 1 })).toThrow('has no JSON');
  const bigints = new HistoryRecorder({ encode: (value) => `"${String(value)}"` });
  bigints.call('store', { key: 'k', value: 12n });
  expect(bigints.recording().lines[0]).toContain('"value":"12"');
});

const BUILT = fileURLToPath(new URL('../../dist/src/history/recorder.js', import.meta.url));

const WORKER = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { clock, cells, path, seed } = workerData;
  import(path).then(({ HistoryRecorder }) => {
    const recorder = new HistoryRecorder({ clock });
    for (let count = 1; count <= 300; count++) {
      const key = count % 2, value = seed * 1000 + count;
      if (count % 3 === 0) {
        const open = recorder.call('load', { key });
        const found = Atomics.load(cells, key);
        recorder.ret(open, { value: found === 0 ? null : found });
      } else {
        const open = recorder.call('swap', { key, value });
        const before = Atomics.exchange(cells, key, value);
        recorder.ret(open, { ret: before === 0 ? null : before, ok: before !== 0 });
      }
    }
    parentPort.postMessage(recorder.recording());
  });
`;

test.skipIf(!existsSync(BUILT))('workers that share a clock make one history', async () => {
  const clock = createSharedClock();
  const cells = new Int32Array(new SharedArrayBuffer(8));
  const recordings = await Promise.all(
    [1, 2].map(
      (seed) =>
        new Promise<Recording>((resolve, reject) => {
          const workerData = { clock, cells, path: BUILT, seed };
          const worker = new Worker(WORKER, { eval: true, workerData });
          worker.on('message', resolve);
          worker.on('error', reject);
        }),
    ),
  );
  const text = mergeRecordings(recordings, { name: 'workers' });
  const [report] = judgeHistories(text);
  expect(report).toMatchObject({ verdict: 'linearizable', operations: 600, notes: [] });
});
