import { defineProgram } from 'mapcheck';
import { RingBuffer } from 'ringbuf.js';

// One element fits: the second push finds the ring full, or finds the first element gone.
export default defineProgram({
  name: 'ringbuf.js: one slot, full and empty',
  setup: () => {
    const storage = RingBuffer.getStorageForCapacity(1, Int32Array);
    return {
      producer: new RingBuffer(storage, Int32Array),
      consumer: new RingBuffer(storage, Int32Array),
    };
  },
  threads: [
    ({ producer }) => {
      let next = 1;
      for (let i = 0; i < 4; i++) next += producer.push(new Int32Array([next]));
      return next - 1;
    },
    ({ consumer }) => {
      const seen = [];
      const buffer = new Int32Array(1);
      for (let i = 0; i < 4; i++) if (consumer.pop(buffer) === 1) seen.push(buffer[0]);
      return seen;
    },
  ],
  check: ({ consumer }, [pushed, seen]) => {
    const rest = new Int32Array(1);
    const all = consumer.pop(rest) === 1 ? [...seen, rest[0]] : seen;
    if (all.join() !== [1, 2, 3, 4].slice(0, pushed).join()) {
      throw new Error(`${pushed} pushed, popped ${all.join()}`);
    }
  },
  instrument: ['ringbuf.js'],
});
