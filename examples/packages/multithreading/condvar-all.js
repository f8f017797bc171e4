import './node-20.js';
import { defineProgram } from 'mapcheck';
import { Condvar, Mutex } from 'multithreading';

const wait = ({ mutex, condvar }) => {
  const guard = mutex.blockingLock();
  while (guard.value[0] === 0) condvar.blockingWait(guard);
  guard.dispose();
};

export default defineProgram({
  name: 'multithreading: Condvar, two wait, one notifies all',
  setup: () => ({
    mutex: new Mutex(new Int32Array(new SharedArrayBuffer(4))),
    condvar: new Condvar(),
  }),
  threads: [
    wait,
    wait,
    ({ mutex, condvar }) => {
      const guard = mutex.blockingLock();
      guard.value[0] = 1;
      condvar.notifyAll();
      guard.dispose();
    },
  ],
  instrument: ['multithreading'],
});
