/** Steps in words. */
import { locations } from '../memory.ts';
import { KIND_BITS, KIND_MASK, NOTIFY } from '../step.ts';
import { FINISHED } from '../threads.ts';

/** Names of the kinds of steps, by their number. */
export const KIND_NAMES: readonly string[] = [
  'load',
  'read',
  'store',
  'update',
  'write',
  'unlock',
  'compareExchange',
  'tryLock',
  'lock',
  'wait',
  'wake',
  'notify',
  'join',
  'park',
  'spin',
  'step',
];

/** What a thread has announced: `store at setup #0 (8 bytes), byte 4`, `the end of the thread`. */
export function describeCode(code: number): string {
  if (code === FINISHED) return 'the end of the thread';
  const kind = code & KIND_MASK;
  const name = KIND_NAMES[kind]!;
  return kind <= NOTIFY ? `${name} at ${locations.describe(code >> KIND_BITS)}` : name;
}
