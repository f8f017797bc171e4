import './node-20.js';
import { defineProgram } from 'mapcheck';
import { Barrier } from 'multithreading';

const meet = (barrier) => [barrier.blockingWait().isLeader, barrier.blockingWait().isLeader];

export default defineProgram({
  name: 'multithreading: Barrier, two threads meet twice',
  setup: () => new Barrier(2),
  threads: [meet, meet],
  check: (_, [first, second]) => {
    for (const round of [0, 1]) {
      if (first[round] === second[round]) throw new Error(`round ${round} had not one leader`);
    }
  },
  instrument: ['multithreading'],
});
