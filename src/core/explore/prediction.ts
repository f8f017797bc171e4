/**
 * What the second event of a race would do if it came before the first: a conditional step may come
 * out differently there, and one that waits for a change may not be there at all.
 */
import type { Machine } from '../machine.ts';
import { locations } from '../memory.ts';
import {
  COMPARE_EXCHANGE,
  KIND_BITS,
  KIND_MASK,
  LOCK,
  PLAIN_WRITE,
  STORE,
  TRY_LOCK,
  UNLOCK,
  WAIT,
  WAKE,
} from '../step.ts';
import type { Trail } from './trail.ts';

/** Predicts for the races (e, f) of a trail. */
export class Prediction {
  readonly #trail: Trail;
  readonly #machine: Machine;

  constructor(trail: Trail, machine: Machine) {
    this.#trail = trail;
    this.#machine = machine;
  }

  /** What f would touch if it came before e. */
  footprint(e: number, f: number): number {
    const trail = this.#trail;
    const footprint = trail.footprint[f]!;
    const code = trail.code[f]!;
    const kind = code & KIND_MASK;
    if (kind !== COMPARE_EXCHANGE && kind !== TRY_LOCK && kind !== WAIT && kind !== WAKE) {
      return footprint;
    }
    const location = code >> KIND_BITS;
    let succeeds: boolean;
    if (kind === TRY_LOCK) succeeds = this.#isFree(e, f, location);
    else if (kind === WAKE) succeeds = trail.wokenBy[f]! >= 0 && trail.wokenBy[f] !== e;
    else if (locations.isMixed(location)) succeeds = true;
    else succeeds = this.#valueBefore(e, f, location) === trail.expected[f];
    const predicted = this.#machine.accesses.of(kind, location, succeeds);
    const awaited = trail.awaited[f];
    return awaited ? this.#machine.accesses.withAwaited(predicted, awaited) : predicted;
  }

  /**
   * The latest event before f, of those that stay before it, that wrote a location; -1 if none did.
   */
  #lastWrite(e: number, f: number, location: number): number {
    const trail = this.#trail;
    for (let node = trail.head[location]!; node >= 0; node = trail.nodePrevious[node]!) {
      const g = trail.nodeEvent[node]!;
      if (g >= f || trail.nodeWrites[node] === 0) continue;
      if (g < e || (g !== e && !trail.isBefore(e, g))) return g;
    }
    return -1;
  }

  #valueBefore(e: number, f: number, location: number): unknown {
    const write = this.#lastWrite(e, f, location);
    return write < 0 ? this.#trail.initial[location] : this.#trail.valueAfter[write];
  }

  #isFree(e: number, f: number, location: number): boolean {
    const write = this.#lastWrite(e, f, location);
    if (write >= 0) return (this.#trail.code[write]! & KIND_MASK) === UNLOCK;
    // Nobody before: the mutex is as setup left it, free unless its first event is a release.
    let first = -1;
    for (
      let node = this.#trail.head[location]!;
      node >= 0;
      node = this.#trail.nodePrevious[node]!
    ) {
      if (this.#trail.nodeWrites[node] !== 0) first = this.#trail.nodeEvent[node]!;
    }
    if (first < 0) return false;
    const kind = this.#trail.code[first]! & KIND_MASK;
    return kind === LOCK || kind === TRY_LOCK;
  }

  /** Whether what f awaited changes even without e and what happens after e. */
  isAwaitOver(e: number, f: number): boolean {
    const trail = this.#trail;
    const since = trail.awaitedSince[f]!;
    for (const location of trail.awaited[f]!) {
      let hasChange = false;
      for (let node = trail.head[location]!; node >= 0; node = trail.nodePrevious[node]!) {
        const g = trail.nodeEvent[node]!;
        if (g >= f) continue;
        if (trail.thread[g] === trail.thread[f] && trail.index[g]! < since) break;
        if (trail.changed[g] === 1 && (g < e || !trail.isBefore(e, g))) hasChange = true;
        if (hasChange && trail.thread[g] === trail.thread[f] && isRead(trail.code[g]!)) return true;
      }
    }
    return false;
  }
}

/** Whether a step looks at the value, as rule K4 of the machine counts it. */
function isRead(code: number): boolean {
  const kind = code & KIND_MASK;
  return kind !== STORE && kind !== PLAIN_WRITE && kind !== LOCK && kind !== UNLOCK;
}
