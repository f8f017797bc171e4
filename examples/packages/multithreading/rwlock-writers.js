import './node-20.js';
import { defineProgram } from 'mapcheck';
import { RwLock } from 'multithreading';

const write = (lock) => {
  const guard = lock.blockingWrite();
  guard.value[0] += 1;
  guard.dispose();
};

const read = (lock) => {
  const guard = lock.blockingRead();
  const value = guard.value[0];
  guard.dispose();
  return value;
};

export default defineProgram({
  name: 'multithreading: RwLock, two writers and a reader',
  setup: () => new RwLock(new Int32Array(new SharedArrayBuffer(4))),
  threads: [write, write, read],
  check: (lock) => {
    const count = lock.blockingRead().value[0];
    if (count !== 2) throw new Error(`the count is ${count}`);
  },
  instrument: ['multithreading'],
});
