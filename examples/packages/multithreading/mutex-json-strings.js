import './node-20.js';
import { defineProgram } from 'mapcheck';
import { Mutex, SharedJsonBuffer } from 'multithreading';
import { moved } from './moved.js';

const NAME = 'name';

// The buffer is full, so that the new name is written in the place of the old one, which the reader remembers.
export default defineProgram({
  name: 'multithreading: Mutex around a SharedJsonBuffer, a string',
  setup: () => {
    const mutex = new Mutex(new SharedJsonBuffer({ [NAME]: 'a' }, { size: 96 }));
    return { writer: moved(mutex), reader: moved(mutex) };
  },
  threads: [
    ({ writer }) => {
      const guard = writer.blockingLock();
      guard.value[NAME] = 'b';
      guard.dispose();
    },
    ({ reader }) => {
      const guard = reader.blockingLock();
      const name = guard.value[NAME];
      guard.dispose();
      return name;
    },
  ],
  check: ({ reader }) => {
    const guard = reader.blockingLock();
    const name = guard.value[NAME];
    guard.dispose();
    if (name !== 'b') throw new Error(`the name is b; the handle of the reader says ${name}`);
  },
  instrument: ['multithreading'],
});
