import { defineProgram } from 'mapcheck';
import { RingBuffer } from 'ringbuf.js';

// The callback says that it wrote nothing.
export default defineProgram({
  name: 'ringbuf.js: writeCallback of nothing',
  setup: () => {
    const storage = RingBuffer.getStorageForCapacity(2, Uint8Array);
    return {
      producer: new RingBuffer(storage, Uint8Array),
      consumer: new RingBuffer(storage, Uint8Array),
    };
  },
  threads: [
    ({ producer }) => producer.writeCallbackWithOffset(2, () => 0),
    ({ consumer }) => consumer.pop(new Uint8Array(2)),
  ],
  check: (_, [written, popped]) => {
    if (written !== 0 || popped !== 0) {
      throw new Error(`nothing was written: ${written} counted, ${popped} popped`);
    }
  },
  instrument: ['ringbuf.js'],
});
