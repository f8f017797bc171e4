/**
 * The findings of this folder on real worker threads: `node real.js NAME`. Prints what happened, within ten seconds.
 *
 * Nothing of mapcheck is in it: it is what a maintainer can run.
 */
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import SharedMap from 'sharedmap';

const SECONDS_MAX = 10;
/** Words of the progress: operations of each of two workers, then what they saw. */
const SEEN = 2;

/** By name: how the map begins, and what each worker does for ever; a worker returns a text to report. */
const STORIES = {
  'full-update': {
    map: () => filled(['d', 'a', 'g', 'h']),
    workers: [(map) => map.set('a', 'x')],
  },
  'wrap-around': {
    map: () => {
      const map = filled(['d', 'a', 'g', 'e']);
      map.delete('a');
      return map;
    },
    workers: [
      (map) => {
        map.set('h', 'h');
        map.delete('h');
      },
      (map) => map.get('e'),
    ],
  },
  'last-entry': {
    map: () => filled(['d', 'a', 'h']),
    workers: [(map) => setAndDelete(map, 'g'), (map) => setAndDelete(map, 'j')],
  },
  'write-lock': {
    map: () => {
      const map = new SharedMap(4, 4, 400);
      map.set('a', 'x'.repeat(300));
      return map;
    },
    workers: [
      (map, count) => {
        map.lockWrite();
        map.set('a', (count % 2 === 0 ? 'y' : 'x').repeat(300), { lockWrite: true });
        map.unlockWrite();
      },
      (map) => /^(?:x*|y*)$/.test(map.get('a')),
    ],
  },
};

function filled(keys) {
  const map = new SharedMap(4, 4, 4);
  for (const key of keys) map.set(key, key);
  return map;
}

function setAndDelete(map, key) {
  try {
    map.set(key, key);
  } catch (error) {
    if (error instanceof RangeError) return;
    throw error;
  }
  map.delete(key);
}

if (isMainThread) await watch(process.argv[2]);
else work(workerData);

async function watch(name) {
  const story = STORIES[name];
  const map = story.map();
  const progress = new Int32Array(new SharedArrayBuffer(16));
  const workers = story.workers.map(
    (_, index) =>
      new Worker(new URL(import.meta.url), { workerData: { name, index, map, progress } }),
  );
  await Promise.all(
    workers.map((worker) => new Promise((resolve) => worker.once('online', resolve))),
  );
  let before = '';
  for (let i = 0; i < 2 * SECONDS_MAX; i++) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const now = [...progress].join();
    if (progress[SEEN] > 0) finish(`a reader saw half of a write, after ${progress[1]} reads`);
    if (now === before)
      finish(`every thread hangs, after ${[...progress.subarray(0, 2)].join(' and ')} operations`);
    before = now;
  }
  finish(`nothing in ${SECONDS_MAX} s`);
}

function finish(text) {
  console.log(text);
  process.exit();
}

function work({ name, index, map, progress }) {
  Object.setPrototypeOf(map, SharedMap.prototype);
  for (let count = 0; ; count++) {
    if (STORIES[name].workers[index](map, count) === false) Atomics.add(progress, SEEN, 1);
    Atomics.add(progress, index, 1);
  }
}
