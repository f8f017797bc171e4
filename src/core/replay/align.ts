/**
 * Which step of a thread as it runs now is which step of the thread as it was kept: the alignment of
 * the two sequences that agrees most, found by dynamic programming.
 */
import type { PlannedEvent } from './planned-order.ts';

/** What is compared of a step. */
export type StepLook = Pick<PlannedEvent, 'kind' | 'location' | 'expression'>;

const ACCESS: Readonly<Record<string, string>> = {
  load: 'read',
  read: 'read',
  store: 'write',
  write: 'write',
  update: 'update',
  compareExchange: 'update',
  tryLock: 'lock',
  lock: 'lock',
};

/**
 * How much two steps look alike: 0 for not at all. A plain access that has become an atomic one of
 * the same place is still the same step.
 */
export function likeness(now: StepLook, kept: StepLook): number {
  const isPlaceKnown = now.location !== '' && kept.location !== '';
  const isSamePlace = isPlaceKnown && now.location === kept.location;
  const isSameText = now.expression === kept.expression;
  if (now.kind === kept.kind) {
    if (isSameText && (isSamePlace || !isPlaceKnown)) return 4;
    if (isSamePlace) return 3;
    return isSameText && now.expression !== '' ? 2 : 0;
  }
  const access = ACCESS[now.kind];
  return isSamePlace && access !== undefined && access === ACCESS[kept.kind] ? 1 : 0;
}

/**
 * For each step as it is now, the number of the kept step that it is, or -1 for a new one.
 *
 * Cost: the product of the lengths.
 */
export function align(now: readonly StepLook[], kept: readonly StepLook[]): number[] {
  const width = kept.length + 1;
  // Best agreement of the rests of both sequences, from their ends on.
  const best = new Int32Array((now.length + 1) * width);
  for (let i = now.length - 1; i >= 0; i--) {
    for (let j = kept.length - 1; j >= 0; j--) {
      const like = likeness(now[i]!, kept[j]!);
      const skip = Math.max(best[(i + 1) * width + j]!, best[i * width + j + 1]!);
      const take = like === 0 ? 0 : like + best[(i + 1) * width + j + 1]!;
      best[i * width + j] = Math.max(skip, take);
    }
  }
  return trace(now, kept, best, width);
}

function trace(
  now: readonly StepLook[],
  kept: readonly StepLook[],
  best: Int32Array,
  width: number,
): number[] {
  const matches: number[] = [];
  let j = 0;
  for (let i = 0; i < now.length; i++) {
    let match = -1;
    while (j < kept.length) {
      const here = best[i * width + j]!;
      const like = likeness(now[i]!, kept[j]!);
      if (like > 0 && here === like + best[(i + 1) * width + j + 1]!) {
        match = j++;
        break;
      }
      if (here === best[(i + 1) * width + j]!) break;
      j++;
    }
    matches.push(match);
  }
  return matches;
}
