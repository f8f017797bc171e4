/**
 * Who wrote, read and replaced each value: the first pass of the monitor.
 *
 * The monitor needs values that identify their writes: each value of a key is attempted by at most one operation, an
 * initial value counting as written. Keys that break this go to the search.
 */
import { ABSENT, NEVER } from '../history.ts';
import { APPEND, MODIFY, NOT, READ, type Observations } from '../observations.ts';

/** Nothing decided about the key yet; after the monitor: it is linearizable. */
export const KEY_OPEN = 0;
/** No order of the key's operations is legal. */
export const KEY_VIOLATED = 1;
/** The monitor cannot tell; the search must. */
export const KEY_UNDECIDED = 2;

/** No writer, or no consumer. */
export const NONE = -1;
/** The writer of a value that was there before the first event. */
export const INITIAL = -2;

/** What is known of each pair (key and value) and key. */
export interface Survey {
  /** By key: KEY_OPEN, KEY_VIOLATED or KEY_UNDECIDED. */
  readonly status: Uint8Array;
  /** By key: 1 where another verdict than "linearizable" is no proof, because an optional deletion was left out. */
  readonly isLenient: Uint8Array;
  /** By pair: the observation that wrote it, NONE or INITIAL. */
  readonly writer: Int32Array;
  /** By pair: the observation that replaced it. */
  readonly consumer: Int32Array;
  /** By pair: the earliest return of a read, NEVER without reads. */
  readonly firstReadReturn: Int32Array;
  /** By pair: the latest call of a read, -1 without reads. */
  readonly lastReadCall: Int32Array;
  /** By observation: 1 where an operation that never returned must have acted, because its value was seen. */
  readonly isRequired: Uint8Array;
}

/** Surveys all keys. Cost: O(observations + pairs). */
export function survey(observations: Observations): Survey {
  const { keyCount, pairCount, count, initial, hasAppend } = observations;
  const result: Survey = {
    status: new Uint8Array(keyCount),
    isLenient: new Uint8Array(keyCount),
    writer: new Int32Array(pairCount).fill(NONE),
    consumer: new Int32Array(pairCount).fill(NONE),
    firstReadReturn: new Int32Array(pairCount).fill(NEVER),
    lastReadCall: new Int32Array(pairCount).fill(-1),
    isRequired: new Uint8Array(count),
  };
  for (let key = 0; key < keyCount; key++) {
    if (hasAppend[key] === 1) result.status[key] = KEY_UNDECIDED;
    if (initial[key] !== ABSENT) result.writer[initial[key]!] = INITIAL;
  }
  const pending = collect(observations, result);
  requirePending(observations, result, pending);
  return result;
}

/** Enters all observations but the effects of pending ones; returns the pending ones. */
function collect(observations: Observations, result: Survey): number[] {
  const { count, kind, key, from, to, call, ret } = observations;
  const { status, writer, firstReadReturn, lastReadCall, isRequired } = result;
  const pending: number[] = [];
  for (let at = 0; at < count; at++) {
    const what = kind[at]!;
    if (what === NOT || what === APPEND) continue;
    const source = from[at]!;
    if (what === READ) {
      if (source === ABSENT) continue;
      if (ret[at]! < firstReadReturn[source]!) firstReadReturn[source] = ret[at]!;
      if (call[at]! > lastReadCall[source]!) lastReadCall[source] = call[at]!;
      continue;
    }
    const target = to[at]!;
    if (target !== ABSENT) {
      if (writer[target] === NONE) writer[target] = at;
      else status[key[at]!] = KEY_UNDECIDED;
    }
    if (ret[at] === NEVER) pending.push(at);
    else {
      isRequired[at] = 1;
      if (what === MODIFY && source !== ABSENT) enterConsumer(result, observations, at);
    }
  }
  return pending;
}

function enterConsumer(result: Survey, { from, key }: Observations, at: number): void {
  const source = from[at]!;
  if (result.consumer[source] === NONE) result.consumer[source] = at;
  else if (result.status[key[at]!] === KEY_OPEN) result.status[key[at]!] = KEY_VIOLATED;
}

/** A pending operation whose value was seen did act; what it replaced was there, so that writer acted too. */
function requirePending(
  observations: Observations,
  result: Survey,
  pending: readonly number[],
): void {
  const { kind, from, to, key } = observations;
  const { lastReadCall, consumer, isRequired, writer, isLenient } = result;
  for (const first of pending) {
    let at = first;
    while (isRequired[at] === 0) {
      const target = to[at]!;
      if (target === ABSENT || (lastReadCall[target]! < 0 && consumer[target] === NONE)) break;
      if (writer[target] !== at) break;
      isRequired[at] = 1;
      if (kind[at] !== MODIFY || from[at] === ABSENT) break;
      enterConsumer(result, observations, at);
      const before = writer[from[at]!]!;
      if (before < 0) break;
      at = before;
    }
  }
  for (const at of pending) {
    const isDeletion = kind[at] === MODIFY && to[at] === ABSENT;
    if (isDeletion && consumer[from[at]!] === NONE && writer[from[at]!] !== NONE) {
      isLenient[key[at]!] = 1;
    }
  }
}
