/**
 * Small maps as whole numbers: seven keys of fifteen values each, four bits a key.
 *
 * An operation with its result is one number as well. Keys are 0 to 6; values 1 to 15, and 0 is absence. Operations on one
 * key say what was seen and what was left, as the observations of a history do.
 */
import type { SmallModel } from './small-checker.ts';

export const SMALL_KEYS_MAX = 7;
export const SMALL_VALUES_MAX = 15;

const READ = 0;
const WRITE = 1;
const MODIFY = 2;
const NOT = 3;
const CLEAR = 4;
const LEN = 5;
const NEVER_LEGAL = 6;

/** The state was `value`: load, and whatever loaded without writing. */
export function smallRead(key: number, value: number): number {
  return READ | (key << 3) | (value << 6);
}

/** The state became `value`, whatever it was: store, delete (0). */
export function smallWrite(key: number, value: number): number {
  return WRITE | (key << 3) | (value << 10);
}

/** The state was `from` and became `to`: swap, loadAndDelete, a compare that succeeded. */
export function smallModify(key: number, from: number, to: number): number {
  return MODIFY | (key << 3) | (from << 6) | (to << 10);
}

/** The state was not `value`: a compare that failed. */
export function smallNot(key: number, value: number): number {
  return NOT | (key << 3) | (value << 6);
}

/** Every key became absent. */
export const SMALL_CLEAR: number = CLEAR;

/** There were `length` entries. */
export function smallLen(length: number): number {
  return LEN | (length << 3);
}

/** A result that no state explains. */
export const SMALL_IMPOSSIBLE: number = NEVER_LEGAL;

/** The model of the map; `initialState` packs four bits for each key, key 0 lowest. */
export function smallMapModel(initialState = 0): SmallModel {
  return { initialState, step, isLook };
}

function isLook(operation: number): boolean {
  const kind = operation & 7;
  return kind === READ || kind === NOT || kind === LEN;
}

function step(state: number, operation: number): number {
  const kind = operation & 7;
  if (kind >= CLEAR) return stepWhole(state, operation, kind);
  const shift = ((operation >> 3) & 7) << 2;
  const value = (state >> shift) & 15;
  const from = (operation >> 6) & 15;
  if (kind === READ) return value === from ? state : -1;
  if (kind === NOT) return value === from ? -1 : state;
  if (kind === MODIFY && value !== from) return -1;
  return (state & ~(15 << shift)) | (((operation >> 10) & 15) << shift);
}

function stepWhole(state: number, operation: number, kind: number): number {
  if (kind === CLEAR) return 0;
  if (kind !== LEN) return -1;
  let length = 0;
  for (let rest = state; rest !== 0; rest >>>= 4) if ((rest & 15) !== 0) length++;
  return length === operation >> 3 ? state : -1;
}
