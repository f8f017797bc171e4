/**
 * Writes a program operation by operation and keeps an idea of the map: which keys are in it and
 * how large it is.
 *
 * The idea is only good enough to steer by. A program is right whatever the map does with it.
 */
import type { Operation } from '../../../src/core/program.ts';
import { loadLimit } from '../../../properties/go-map/facts.ts';
import type { Dice } from './dice.ts';
import {
  isNaNToken,
  keyToken,
  ODD_KEYS,
  valueToken,
  type KeyKind,
  type ValueKind,
} from './keys.ts';

/**
 * What a program does a lot, and what not at all: drawn anew for each program, so that no two are
 * alike.
 */
export interface Habits {
  readonly keyKind: KeyKind;
  readonly valueKind: ValueKind;
  /** Entries that make two buckets full, by the profile. */
  readonly loadNumerator: number;
  /** Whether each NaN that is set is a new entry. */
  readonly isNaNDistinct: boolean;
  /** Percentage of NaN among new keys, where each NaN is a new entry. */
  readonly nanKeys: number;
  /** Percentage of keys that hurt among those set. */
  readonly oddKeys: number;
  /** Percentage of writes after which a loop begins or moves on. */
  readonly loopSteps: number;
  /** Loops in use at once. */
  readonly loops: number;
  /** Number of different keys for mixtures. */
  readonly pool: number;
  readonly lengthMax: number;
}

export class ProgramWriter {
  readonly operations: Operation[] = [];
  readonly dice: Dice;
  readonly habits: Habits;
  /** Numbers of the keys in the map, in no order. */
  readonly live: number[] = [];
  readonly #places = new Map<number, number>();
  readonly #hasBegun: boolean[] = [];
  #values = 0;
  #fresh = 0;
  /** Entries whose key is NaN. */
  #irreflexive = 0;
  #B: number;

  constructor(dice: Dice, habits: Habits, B: number) {
    this.dice = dice;
    this.habits = habits;
    this.#B = B;
  }

  /** log2 of the buckets, as far as one can tell. */
  get B(): number {
    return this.#B;
  }

  get isFull(): boolean {
    return this.operations.length >= this.habits.lengthMax;
  }

  /** Entries the map can take before it doubles. */
  get room(): number {
    return loadLimit(this.#B, this.habits.loadNumerator) - this.live.length - this.#irreflexive;
  }

  add(operation: Operation): void {
    this.operations.push(operation);
  }

  set(number: number): void {
    const { keyKind, valueKind } = this.habits;
    this.#values++;
    const key = keyToken(keyKind, number);
    this.operations.push({ op: 'set', key, value: valueToken(valueKind, this.#values) });
    if (this.habits.isNaNDistinct && isNaNToken(key)) this.#irreflexive++;
    else if (!this.#places.has(number)) {
      this.#places.set(number, this.live.length);
      this.live.push(number);
    }
    if (this.room < 0) this.#B++;
    this.#moveLoops();
  }

  delete(number: number): void {
    this.operations.push({ op: 'delete', key: keyToken(this.habits.keyKind, number) });
    this.#forget(number);
    this.#moveLoops();
  }

  clear(): void {
    this.operations.push({ op: 'clear' });
    this.live.length = 0;
    this.#irreflexive = 0;
    this.#places.clear();
    this.#moveLoops();
  }

  /** A key that is not in the map, of the class that shares a bucket with `residue`. */
  freshKey(residue: number, classes: number): number {
    for (let tries = 0; tries < 64; tries++) {
      const number = residue + classes * this.#fresh++;
      if (this.#fresh > 400) this.#fresh = 0;
      if (!this.#places.has(number)) return number;
    }
    return residue + classes * (400 + this.#values);
  }

  /** A key that makes a new entry: mostly a fresh one, NaN where the program has a taste for it. */
  newKey(classes: number): number {
    if (this.habits.isNaNDistinct && this.dice.chance(this.habits.nanKeys)) return ODD_KEYS;
    return this.freshKey(this.dice.below(classes), classes);
  }

  /** A key from the pool, in the map or not, sometimes one that hurts. */
  anyKey(): number {
    if (this.dice.chance(this.habits.oddKeys)) return ODD_KEYS + this.dice.below(8);
    return this.dice.below(this.habits.pool);
  }

  /** A key that is in the map, or any if there is none. */
  liveKey(): number {
    return this.live.length === 0 ? this.anyKey() : this.live[this.dice.below(this.live.length)]!;
  }

  /** The keys in the map that share a bucket with `residue`. */
  liveOfClass(residue: number, classes: number): number[] {
    return this.live.filter((number) => number % classes === residue);
  }

  /** Begins a loop. */
  beginLoop(it: number): void {
    this.#hasBegun[it] = true;
    this.operations.push({ op: 'iterate', it });
  }

  /** One or more steps of each loop that was begun. */
  stepLoops(steps: number): void {
    for (let it = 0; it < this.#hasBegun.length; it++) {
      if (this.#hasBegun[it] !== true) continue;
      for (let step = 0; step < steps; step++) this.operations.push({ op: 'next', it });
    }
  }

  /** Takes the loops to their ends. */
  drainLoops(): void {
    for (let it = 0; it < this.#hasBegun.length; it++) {
      if (this.#hasBegun[it] === true) this.operations.push({ op: 'drain', it });
      this.#hasBegun[it] = false;
    }
  }

  #moveLoops(): void {
    const { dice, habits } = this;
    if (!dice.chance(habits.loopSteps)) return;
    const it = dice.below(habits.loops);
    if (this.#hasBegun[it] !== true || dice.chance(4)) this.beginLoop(it);
    else this.operations.push({ op: 'next', it });
  }

  #forget(number: number): void {
    const place = this.#places.get(number);
    if (place === undefined) return;
    const last = this.live.pop()!;
    this.#places.delete(number);
    if (last === number) return;
    this.live[place] = last;
    this.#places.set(last, place);
  }
}
