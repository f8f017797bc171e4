/**
 * What the observations say of whole keys: the first step of the monitor.
 *
 * The monitor needs values that identify their writes: each value of a key is attempted by at most one operation, an
 * initial value counting as written. Keys that break this go to the search.
 */
import { ABSENT, NEVER } from '../history.ts';
import { MODIFY, type Observations } from '../observations.ts';
import { PAIR_CONSUMER, PAIR_READ_CALL, PAIR_SHIFT, PAIR_WRITER } from '../pair-table.ts';
import { REPLACED_TWICE, WRITTEN_TWICE } from '../plain-rows.ts';

/** Nothing decided about the key yet; after the monitor: it is linearizable. */
export const KEY_OPEN = 0;
/** No order of the key's operations is legal. */
export const KEY_VIOLATED = 1;
/** The monitor cannot tell; the search must. */
export const KEY_UNDECIDED = 2;

/** What is known of each key and of what never returned. */
export interface Survey {
  /** By key: KEY_OPEN, KEY_VIOLATED or KEY_UNDECIDED. */
  readonly status: Uint8Array;
  /** By key: 1 where another verdict than "linearizable" is no proof, because an optional deletion was left out. */
  readonly isLenient: Uint8Array;
  /** Observations that never returned, but must have acted, because their value was seen. */
  readonly required: ReadonlySet<number>;
}

/** Surveys all keys. Cost: O(keys + operations that never returned). */
export function survey(observations: Observations): Survey {
  const { keyCount, hasAppend, marks } = observations;
  const status = new Uint8Array(keyCount);
  const isLenient = new Uint8Array(keyCount);
  for (let key = 0; key < keyCount; key++) {
    if (hasAppend[key] === 1 || (marks[key]! & WRITTEN_TWICE) !== 0) status[key] = KEY_UNDECIDED;
    else if ((marks[key]! & REPLACED_TWICE) !== 0) status[key] = KEY_VIOLATED;
  }
  const required = requirePending(observations, status);
  markLenient(observations, isLenient);
  return { status, isLenient, required };
}

/** A pending operation whose value was seen did act; what it replaced was there, so that writer acted too. */
function requirePending(observations: Observations, status: Uint8Array): Set<number> {
  const { kind, from, to, ret, key, pairRecords, pending } = observations;
  const required = new Set<number>();
  for (const first of pending) {
    let at = first;
    while (ret[at] === NEVER && !required.has(at)) {
      const target = to[at]! << PAIR_SHIFT;
      const isSeen =
        pairRecords[target + PAIR_READ_CALL]! > 0 || pairRecords[target + PAIR_CONSUMER]! > 0;
      if (target === 0 || !isSeen || pairRecords[target + PAIR_WRITER] !== at + 1) break;
      required.add(at);
      if (kind[at] !== MODIFY || from[at] === ABSENT) break;
      const source = from[at]! << PAIR_SHIFT;
      if (pairRecords[source + PAIR_CONSUMER] === 0) pairRecords[source + PAIR_CONSUMER] = at + 1;
      else if (status[key[at]!] === KEY_OPEN) status[key[at]!] = KEY_VIOLATED;
      const before = pairRecords[source + PAIR_WRITER]!;
      if (before <= 0) break;
      at = before - 1;
    }
  }
  return required;
}

/** A pending deletion of a value that nothing else replaced may have acted or not. */
function markLenient(observations: Observations, isLenient: Uint8Array): void {
  const { kind, from, to, key, pairRecords, pending } = observations;
  for (const at of pending) {
    if (kind[at] !== MODIFY || to[at] !== ABSENT) continue;
    const source = from[at]! << PAIR_SHIFT;
    if (pairRecords[source + PAIR_CONSUMER] === 0 && pairRecords[source + PAIR_WRITER] !== 0) {
      isLenient[key[at]!] = 1;
    }
  }
}
