/** What is left of a subtree when its explorer ends early. */
import type { SleepSets } from './sleep-sets.ts';
import type { Branch, Handover } from './subtree.ts';
import type { Trail } from './trail.ts';

/** What is left in the frames from `base` to the end of the trail; `pendingOf` gives that of one frame. */
export function handOver(
  trail: Trail,
  base: number,
  sleep: SleepSets,
  pendingOf: (frame: number) => readonly Branch[],
): Handover {
  const { thread, length } = trail;
  return {
    path: Array.from(thread.subarray(base, length)),
    frames: Array.from({ length: length - base + 1 }, (_, depth) => ({
      asleep: sleep.sets[base + depth]!,
      pending: pendingOf(base + depth),
    })),
  };
}
