import { defineProgram } from 'mapcheck';
import { AudioReader, AudioWriter, RingBuffer } from 'ringbuf.js';

export default defineProgram({
  name: 'ringbuf.js: audio, enqueue and dequeue with the sizes asked for first',
  setup: () => {
    const storage = RingBuffer.getStorageForCapacity(3, Float32Array);
    return {
      writer: new AudioWriter(new RingBuffer(storage, Float32Array)),
      reader: new AudioReader(new RingBuffer(storage, Float32Array)),
    };
  },
  threads: [
    ({ writer }) => {
      let sent = 0;
      for (let i = 0; i < 2; i++) {
        const room = writer.availableWrite();
        const samples = new Float32Array([sent + 1, sent + 2]);
        const count = writer.enqueue(samples);
        if (count < Math.min(room, 2)) throw new Error('less room than promised');
        sent += count;
      }
      return sent;
    },
    ({ reader }) => {
      const seen = [];
      for (let i = 0; i < 2; i++) {
        const ready = reader.availableRead();
        const samples = new Float32Array(3);
        const count = reader.dequeue(samples);
        if (count < ready) throw new Error('fewer samples than promised');
        seen.push(...samples.subarray(0, count));
      }
      return seen;
    },
  ],
  check: (_, [sent, seen]) => {
    seen.forEach((value, i) => {
      if (value !== i + 1 || i >= sent) throw new Error(`${sent} sent, saw ${seen.join()}`);
    });
  },
  instrument: ['ringbuf.js'],
});
