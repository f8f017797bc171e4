import './node-20.js';
import { defineProgram } from 'mapcheck';
import { RwLock } from 'multithreading';

const write = (lock) => {
  const guard = lock.blockingWrite();
  guard.value[0] += 1;
  guard.value[1] += 1;
  guard.dispose();
};

const read = (lock) => {
  const guard = lock.blockingRead();
  const difference = guard.value[0] - guard.value[1];
  guard.dispose();
  return difference;
};

export default defineProgram({
  name: 'multithreading: RwLock, a writer and two readers',
  setup: () => new RwLock(new Int32Array(new SharedArrayBuffer(8))),
  threads: [write, read, read],
  check: (_, [, first, second]) => {
    if (first !== 0 || second !== 0) throw new Error('a reader saw half of a write');
  },
  instrument: ['multithreading'],
});
