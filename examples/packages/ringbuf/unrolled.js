import { defineProgram } from 'mapcheck';
import { RingBuffer } from 'ringbuf.js';

const COUNT = 18;

// More than sixteen elements at once take the unrolled loop of the copy; the second push wraps around.
export default defineProgram({
  name: 'ringbuf.js: eighteen at once, wrapped around',
  setup: () => {
    const storage = RingBuffer.getStorageForCapacity(COUNT, Uint8Array);
    const producer = new RingBuffer(storage, Uint8Array);
    const consumer = new RingBuffer(storage, Uint8Array);
    producer.push(new Uint8Array(1));
    consumer.pop(new Uint8Array(1));
    return { producer, consumer };
  },
  threads: [
    ({ producer }) => producer.push(Uint8Array.from({ length: COUNT }, (_, i) => i + 1)),
    ({ consumer }) => {
      const seen = new Uint8Array(COUNT);
      return [...seen.subarray(0, consumer.pop(seen))];
    },
  ],
  check: (_, [pushed, seen]) => {
    if (pushed !== COUNT) throw new Error(`pushed ${pushed}`);
    seen.forEach((value, i) => {
      if (value !== i + 1) throw new Error(`popped ${seen.join()}`);
    });
    if (seen.length !== 0 && seen.length !== COUNT) throw new Error(`popped ${seen.length}`);
  },
  instrument: ['ringbuf.js'],
});
