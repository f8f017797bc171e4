import './node-20.js';
import { defineProgram } from 'mapcheck';
import { Mutex } from 'multithreading';

// The asynchronous interface, which the package recommends, runs by promises: it cannot be stepped, and says so.
export default defineProgram({
  name: 'multithreading: the asynchronous lock',
  setup: () => new Mutex(new Int32Array(new SharedArrayBuffer(4))),
  threads: [(mutex) => mutex.lock(), (mutex) => mutex.lock()],
  instrument: ['multithreading'],
});
