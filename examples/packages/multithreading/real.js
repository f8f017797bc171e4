/**
 * The findings of this folder on real worker threads: `node real.js NAME`. Prints what happened, within ten seconds.
 *
 * Nothing of mapcheck is in it: it is what a maintainer can run.
 */
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import './node-20.js';
import { channel, Mutex, Receiver, Semaphore, Sender, SharedJsonBuffer } from 'multithreading';

const MESSAGES = 100_000;
const SLOTS = 2000;
/** Room for as many numbers as there are slots, and ten more, behind the header and the slots. */
const TIGHT_BYTES = 28 + 16 * SLOTS + 4 + 16;

function symbolOf(object, name) {
  for (let at = object; at !== null; at = Object.getPrototypeOf(at)) {
    const found = Object.getOwnPropertySymbols(at).find((symbol) => symbol.description === name);
    if (found !== undefined) return found;
  }
  throw new Error(`no ${name}`);
}

/** What `spawn(move(handle), …)` sends to a worker, and what the worker makes of it. */
const packed = (handle) => handle[symbolOf(handle, 'Thread.Serialize')]()[0];
const unpacked = (Class, data) => Class[symbolOf(Class, 'Thread.Deserialize')](data);

/** By name: what is shared, and what each worker does with it; a worker returns a text to report, or nothing. */
const STORIES = {
  'channel-compaction': {
    shared: () => channel(SLOTS, { size: TIGHT_BYTES }).map(packed),
    workers: [
      ([sender]) => send(unpacked(Sender, sender), (i) => i),
      ([, receiver]) => receive(unpacked(Receiver, receiver), (i) => i, 2000),
    ],
  },
  'channel-strings': {
    shared: () => channel().map(packed),
    workers: [
      ([sender]) => send(unpacked(Sender, sender), (i) => `message ${i}`),
      ([, receiver]) => receive(unpacked(Receiver, receiver), (i) => `message ${i}`),
    ],
  },
  'channel-null': {
    shared: () => channel().map(packed),
    workers: [
      ([sender]) => send(unpacked(Sender, sender), (i) => (i === 10 ? null : i)),
      ([, receiver]) => receive(unpacked(Receiver, receiver), (i) => (i === 10 ? null : i)),
    ],
  },
  'mutex-json-strings': {
    shared: () => [packed(new Mutex(new SharedJsonBuffer({ name: 'name 0' })))],
    workers: [
      ([data]) => {
        const mutex = unpacked(Mutex, data);
        for (let i = 0; i < MESSAGES; i++) {
          const guard = mutex.blockingLock();
          guard.value.name = `name ${i}`;
          guard.dispose();
        }
      },
      ([data]) => {
        const mutex = unpacked(Mutex, data);
        let before = 0;
        for (let i = 0; i < 10 * MESSAGES; i++) {
          const guard = mutex.blockingLock();
          const { name } = guard.value;
          guard.dispose();
          const now = Number(/^name (\d+)$/.exec(name)?.[1] ?? -1);
          if (now < before) return `after name ${before}, the reader sees ${JSON.stringify(name)}`;
          before = now;
        }
        return 'nothing';
      },
    ],
  },
  'semaphore-amounts': {
    shared: () => {
      const semaphore = new Semaphore(2);
      semaphore.tryAcquire(2);
      return [packed(semaphore), new Int32Array(new SharedArrayBuffer(4))];
    },
    workers: [
      ([semaphore]) => unpacked(Semaphore, semaphore).blockingAcquire(2).dispose(),
      ([semaphore, turn]) => {
        Atomics.wait(turn, 0, 0, 500);
        unpacked(Semaphore, semaphore).blockingAcquire(1).dispose();
        Atomics.store(turn, 0, 1);
        Atomics.notify(turn, 0);
      },
      ([data, turn]) => {
        const semaphore = unpacked(Semaphore, data);
        Atomics.wait(turn, 0, 0, 1000);
        // One of the two permits comes back; the second thread has waited for it since half a second.
        release(semaphore, 1);
        const outcome = Atomics.wait(turn, 0, 0, 3000);
        if (outcome !== 'timed-out') return 'nothing';
        const isFree = semaphore.tryAcquire(1) !== null;
        return `a thread sleeps for 3 s while a permit is ${isFree ? 'free for others' : 'taken'}`;
      },
    ],
  },
};

function release(semaphore, amount) {
  semaphore[symbolOf(semaphore, 'Thread.InternalSemaphoreController')].release(amount);
}

function send(sender, message) {
  for (let i = 0; i < MESSAGES; i++) sender.blockingSend(message(i));
}

function receive(receiver, message, pauses = 0) {
  const clock = new Int32Array(1);
  let wrong = 0;
  let first = '';
  for (let i = 0; i < MESSAGES; i++) {
    // No faster than the sender, so that the channel stays full.
    for (let pause = 0; pause < pauses; pause++) Atomics.load(clock, 0);
    const { value, error } = receiver.blockingRecv();
    if (value === message(i)) continue;
    if (wrong++ === 0)
      first = `message ${i} is ${value === undefined ? error : JSON.stringify(value)}`;
    if (wrong === 1000) break;
  }
  return wrong === 0
    ? 'nothing'
    : `${wrong === 1000 ? 'a thousand and more' : wrong} wrong; ${first}`;
}

if (isMainThread) watch(process.argv[2]);
else {
  const { name, index, shared } = workerData;
  const text = STORIES[name].workers[index](shared);
  if (text !== undefined) {
    console.log(text);
    process.exit();
  }
}

function watch(name) {
  const story = STORIES[name];
  const shared = story.shared();
  const workers = story.workers.map(
    (_, index) => new Worker(new URL(import.meta.url), { workerData: { name, index, shared } }),
  );
  const end = () => workers.forEach((worker) => worker.terminate());
  workers.at(-1).once('exit', end);
  setTimeout(() => {
    console.log('nothing in 10 s');
    end();
  }, 10_000).unref();
}
