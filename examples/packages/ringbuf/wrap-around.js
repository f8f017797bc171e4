import { defineProgram } from 'mapcheck';
import { RingBuffer } from 'ringbuf.js';

// Three slots, one of them always free: two elements fit. Four are pushed by two and popped by two, so both ends wrap.
export default defineProgram({
  name: 'ringbuf.js: two by two, both ends wrap around',
  setup: () => {
    const storage = RingBuffer.getStorageForCapacity(2, Uint8Array);
    return {
      producer: new RingBuffer(storage, Uint8Array),
      consumer: new RingBuffer(storage, Uint8Array),
    };
  },
  threads: [
    ({ producer }) => {
      const first = producer.push(new Uint8Array([1, 2]));
      return first + producer.push(new Uint8Array([1, 2, 3, 4]), 2, first);
    },
    ({ consumer }) => {
      const seen = [];
      const buffer = new Uint8Array(2);
      for (let i = 0; i < 3; i++) seen.push(...buffer.subarray(0, consumer.pop(buffer)));
      return seen;
    },
  ],
  check: ({ consumer }, [pushed, seen]) => {
    const rest = new Uint8Array(2);
    const all = [...seen, ...rest.subarray(0, consumer.pop(rest))];
    if (all.length !== pushed) throw new Error(`${pushed} pushed, ${all.length} popped`);
    all.forEach((value, i) => {
      if (value !== i + 1) throw new Error(`popped ${all.join()}`);
    });
  },
  instrument: ['ringbuf.js'],
});
