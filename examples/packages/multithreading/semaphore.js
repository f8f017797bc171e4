import './node-20.js';
import { defineProgram } from 'mapcheck';
import { Semaphore } from 'multithreading';

const enter = ({ semaphore, inside }) => {
  const permit = semaphore.blockingAcquire();
  const count = Atomics.add(inside, 0, 1) + 1;
  Atomics.sub(inside, 0, 1);
  permit.dispose();
  return count;
};

export default defineProgram({
  name: 'multithreading: Semaphore of one permit, two threads',
  setup: () => ({
    semaphore: new Semaphore(1),
    inside: new Int32Array(new SharedArrayBuffer(4)),
  }),
  threads: [enter, enter],
  check: (_, counts) => {
    if (counts.some((count) => count !== 1)) throw new Error(`${Math.max(...counts)} were inside`);
  },
  instrument: ['multithreading'],
});
