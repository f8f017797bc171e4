/** The keys and values of one random program. */
import type { Random } from 'fast-check';
import type { ValueToken } from '../../value-token.ts';

/** Keys that hurt: not equal to themselves, equal though different, at the edges of integer ranges, empty, ill-formed. */
const ODD_KEYS: readonly ValueToken[] = [
  { float: 'NaN' },
  { float: '-0' },
  0,
  0x8000_0000,
  0x1_0000_0000,
  -1,
  0.5,
  '',
  '0',
  'NaN',
  '\ud800',
  true,
  null,
  { undefined: true },
  { bigint: '0' },
  { object: 1 },
  { object: 2 },
];

const ODD_VALUES: readonly ValueToken[] = [
  null,
  { undefined: true },
  { float: 'NaN' },
  { object: 1 },
  '',
  0,
];

/** Number of keys in use at a time: mostly few, so that operations meet. */
const KEY_COUNTS = [2, 3, 4, 5, 6, 8, 8, 12, 20] as const;

/** Draws keys and values, and keeps account of what the map holds, so that conditional operations often succeed. */
export class Vocabulary {
  /** Number of keys in use at a time. */
  readonly keyCount: number;
  readonly #random: Random;
  readonly #hasOddKeys: boolean;
  /** 0: each value is new. Otherwise values repeat, from 1 to this. */
  readonly #valueLimit: number;
  readonly #hasOddValues: boolean;
  readonly #contents = new Map<ValueToken, ValueToken>();
  #firstKey = 0;
  #lastValue = 0;

  constructor(random: Random) {
    this.#random = random;
    this.keyCount = KEY_COUNTS[random.nextInt(0, KEY_COUNTS.length - 1)]!;
    this.#hasOddKeys = random.nextInt(0, 3) === 0;
    this.#hasOddValues = random.nextInt(0, 7) === 0;
    this.#valueLimit = random.nextInt(0, 3) === 0 ? random.nextInt(1, 3) : 0;
  }

  /** Makes some keys fall out of use and others come in. */
  moveWindow(): void {
    if (this.#random.nextInt(0, 2) === 0) this.#firstKey += this.#random.nextInt(1, this.keyCount);
  }

  key(): ValueToken {
    const index = this.#firstKey + this.#random.nextInt(0, this.keyCount - 1);
    return this.#hasOddKeys ? ODD_KEYS[index % ODD_KEYS.length]! : index;
  }

  newValue(key: ValueToken): ValueToken {
    const value = this.#value();
    this.#contents.set(key, value);
    return value;
  }

  newValueIfAbsent(key: ValueToken): ValueToken {
    const value = this.#value();
    if (!this.#contents.has(key)) this.#contents.set(key, value);
    return value;
  }

  newValueIfEqual(key: ValueToken, old: ValueToken): ValueToken {
    const value = this.#value();
    if (this.#holds(key, old)) this.#contents.set(key, value);
    return value;
  }

  /** A guess at the value of a key: right three times out of four, if the key has one. */
  guess(key: ValueToken): ValueToken {
    const value = this.#contents.get(key);
    if (value !== undefined && this.#random.nextInt(0, 3) > 0) return value;
    return this.#random.nextInt(1, Math.max(this.#lastValue, 1));
  }

  forget(key: ValueToken): void {
    this.#contents.delete(key);
  }

  forgetIfEqual(key: ValueToken, old: ValueToken): void {
    if (this.#holds(key, old)) this.#contents.delete(key);
  }

  forgetAll(): void {
    this.#contents.clear();
  }

  #holds(key: ValueToken, value: ValueToken): boolean {
    return this.#contents.has(key) && this.#contents.get(key) === value;
  }

  #value(): ValueToken {
    if (this.#hasOddValues && this.#random.nextInt(0, 2) === 0) {
      return ODD_VALUES[this.#random.nextInt(0, ODD_VALUES.length - 1)]!;
    }
    if (this.#valueLimit > 0) return this.#random.nextInt(1, this.#valueLimit);
    this.#lastValue += 1;
    return this.#lastValue;
  }
}
