import { defineProgram } from 'mapcheck';
import { RingBuffer } from 'ringbuf.js';

// Against the rules of the package, which is for one producer: what they protect from.
export default defineProgram({
  name: 'ringbuf.js: two producers, which is one too many',
  setup: () => {
    const storage = RingBuffer.getStorageForCapacity(2, Uint8Array);
    return [new RingBuffer(storage, Uint8Array), new RingBuffer(storage, Uint8Array)];
  },
  threads: [
    ([ring]) => ring.push(new Uint8Array([1])),
    ([, ring]) => ring.push(new Uint8Array([2])),
  ],
  instrument: ['ringbuf.js'],
});
