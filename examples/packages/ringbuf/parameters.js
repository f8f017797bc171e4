import { defineProgram } from 'mapcheck';
import { ParameterReader, ParameterWriter, RingBuffer } from 'ringbuf.js';

export default defineProgram({
  name: 'ringbuf.js: parameter changes are whole',
  setup: () => {
    const storage = RingBuffer.getStorageForCapacity(7, Uint8Array);
    return {
      writer: new ParameterWriter(new RingBuffer(storage, Uint8Array)),
      reader: new ParameterReader(new RingBuffer(storage, Uint8Array)),
    };
  },
  threads: [
    ({ writer }) => [writer.enqueueChange(1, 0.5), writer.enqueueChange(2, -2)],
    ({ reader }) => {
      const seen = [];
      for (let i = 0; i < 3; i++) {
        const change = {};
        if (reader.dequeueChange(change)) seen.push(`${change.index}=${change.value}`);
      }
      return seen;
    },
  ],
  check: ({ reader }, [sent, seen]) => {
    const rest = {};
    const all = reader.dequeueChange(rest) ? [...seen, `${rest.index}=${rest.value}`] : seen;
    const expected = ['1=0.5', '2=-2'].filter((_, i) => sent[i]);
    if (all.join() !== expected.join()) throw new Error(`saw ${all.join()}`);
  },
  instrument: ['ringbuf.js'],
});
