import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeFrame, FrameReader, readFrame, writeFrame } from './frames.ts';

/** What `postMessage` would carry too. */
const messages = [
  { kind: 'next' },
  -0,
  new Map([[3, { seen: 'a hang' }]]),
  'x'.repeat(5_000),
  null,
];

test('messages arrive whole, whatever the pieces', () => {
  const bytes = Buffer.concat(messages.map(encodeFrame));
  fc.assert(
    fc.property(fc.array(fc.nat({ max: bytes.length }), { maxLength: 40 }), (places) => {
      const heard: unknown[] = [];
      const reader = new FrameReader((message) => heard.push(message));
      const cuts = [0, ...places.toSorted((left, right) => left - right), bytes.length];
      for (const [index, cut] of cuts.slice(1).entries()) {
        reader.add(bytes.subarray(cuts[index], cut));
      }
      expect(heard).toEqual(messages);
    }),
    { seed: 1, numRuns: 50 },
  );
});

test('what is written is read back, up to a message that was not finished', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mapcheck-frames-test-'));
  const path = join(folder, 'frames');
  const written = openSync(path, 'w');
  for (const message of messages) writeFrame(written, message);
  closeSync(written);
  truncateSync(path, readFileSync(path).length - 1);
  const read = openSync(path, 'r');
  for (const message of messages.slice(0, -1)) expect(readFrame(read)).toEqual({ message });
  expect(readFrame(read)).toBeNull();
  closeSync(read);
  rmSync(folder, { recursive: true });
});
