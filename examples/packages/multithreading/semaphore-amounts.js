import './node-20.js';
import { defineProgram } from 'mapcheck';
import { Semaphore } from 'multithreading';

// Both permits are taken. One thread wants both, one wants one; the third gives one back, and keeps the other until the
// second thread has had its turn.
export default defineProgram({
  name: 'multithreading: Semaphore, a permit is free and its waiter sleeps',
  setup: () => {
    const semaphore = new Semaphore(2);
    const held = [semaphore.tryAcquire(), semaphore.tryAcquire()];
    return { semaphore, held, turn: new Int32Array(new SharedArrayBuffer(4)) };
  },
  threads: [
    ({ semaphore }) => semaphore.blockingAcquire(2).dispose(),
    ({ semaphore, turn }) => {
      semaphore.blockingAcquire(1).dispose();
      Atomics.store(turn, 0, 1);
      Atomics.notify(turn, 0);
    },
    ({ held, turn }) => {
      held[0].dispose();
      Atomics.wait(turn, 0, 0);
      held[1].dispose();
    },
  ],
  instrument: ['multithreading'],
});
