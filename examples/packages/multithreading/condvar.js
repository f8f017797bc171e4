import './node-20.js';
import { defineProgram } from 'mapcheck';
import { Condvar, Mutex } from 'multithreading';

export default defineProgram({
  name: 'multithreading: Condvar, one waits, one notifies without the lock',
  setup: () => ({
    mutex: new Mutex(new Int32Array(new SharedArrayBuffer(4))),
    condvar: new Condvar(),
  }),
  threads: [
    ({ mutex, condvar }) => {
      const guard = mutex.blockingLock();
      while (guard.value[0] === 0) condvar.blockingWait(guard);
      guard.dispose();
    },
    ({ mutex, condvar }) => {
      const guard = mutex.blockingLock();
      guard.value[0] = 1;
      guard.dispose();
      condvar.notifyOne();
    },
  ],
  instrument: ['multithreading'],
});
