import './node-20.js';
import { defineProgram } from 'mapcheck';
import { Mutex, SharedJsonBuffer } from 'multithreading';
import { moved } from './moved.js';

// Properties of a proxy are read and written by a computed name: only those can be stepped.
const SCORE = 'score';

const increment = (index) => (handles) => {
  const guard = handles[index].blockingLock();
  guard.value[SCORE] += 1;
  guard.dispose();
};

export default defineProgram({
  name: 'multithreading: Mutex around a SharedJsonBuffer, a number',
  setup: () => {
    const mutex = new Mutex(new SharedJsonBuffer({ [SCORE]: 0 }, { size: 1024 }));
    return [moved(mutex), moved(mutex)];
  },
  threads: [increment(0), increment(1)],
  check: (handles) => {
    const score = handles[0].blockingLock().value[SCORE];
    if (score !== 2) throw new Error(`the score is ${score}`);
  },
  instrument: ['multithreading'],
});
