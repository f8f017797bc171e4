import './node-20.js';
import { defineProgram } from 'mapcheck';
import { Mutex } from 'multithreading';

const increment = (mutex) => {
  const guard = mutex.blockingLock();
  guard.value[0] += 1;
  guard.dispose();
};

export default defineProgram({
  name: 'multithreading: Mutex, three threads',
  setup: () => new Mutex(new Int32Array(new SharedArrayBuffer(4))),
  threads: [increment, increment, increment],
  check: (mutex) => {
    const count = mutex.blockingLock().value[0];
    if (count !== 3) throw new Error(`the count is ${count}`);
  },
  instrument: ['multithreading'],
});
