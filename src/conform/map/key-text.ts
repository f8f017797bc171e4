/**
 * The keys of a trace, as text in its lines and as keys of the engine.
 */
import { showValue } from '../../engines/go-map/errors.ts';
import type { MapTraceHeader } from './records.ts';

const NAN_PREFIX = 'NaN#';

/**
 * How keys are handed to the engine: as what they are, or all as strings, through the generic path.
 */
export type KeyForm = 'native' | 'text';

/** Turns the keys of one trace from text to engine keys and back, and answers for their hashes. */
export class KeyText {
  readonly #type: MapTraceHeader['key'];
  readonly #isNative: boolean;
  /** Text of each key given to the engine, by the engine's key. */
  readonly #texts: Map<unknown, string> = new Map();
  readonly #hashes: Map<unknown, bigint> = new Map();
  /** Text of the NaN that a value was set under: values are unique, NaNs look alike. */
  readonly #nanTexts: Map<number, string> = new Map();

  constructor(type: MapTraceHeader['key'], form: KeyForm) {
    this.#type = type;
    this.#isNative = form === 'native' || type === 'float64';
  }

  /** Whether the engine follows the rules of Go's floats. */
  get isFloat(): boolean {
    return this.#type === 'float64';
  }

  /** The engine's key for a text. */
  read(text: string): unknown {
    const key = this.#convert(text);
    this.#texts.set(Object.is(key, -0) ? '-0' : key, text);
    return key;
  }

  #convert(text: string): unknown {
    if (!this.#isNative) return text;
    switch (this.#type) {
      case 'uint64':
      case 'uint32':
        return Number(text) <= 0x7fffffff ? Number(text) : BigInt(text);
      case 'float64':
        return text.startsWith(NAN_PREFIX) ? Number.NaN : Number(text);
      default:
        return text;
    }
  }

  /** Notes the hash of a key from now on. */
  learnHash(key: unknown, hash: string | undefined): void {
    if (hash !== undefined) this.#hashes.set(key, BigInt(hash));
  }

  /** Notes that a NaN was set to a value. */
  learnNan(text: string, value: number): void {
    if (text.startsWith(NAN_PREFIX)) this.#nanTexts.set(value, text);
  }

  /** The hash of a key under `seed`; for NaN from the draw, by the formula of the traces. */
  hash(key: unknown, seed: number, draw: number): bigint {
    if (key !== key) {
      const mixed = 33054211828000289n ^ BigInt(seed) ^ BigInt(draw);
      return BigInt.asUintN(64, 23344194077549503n * mixed);
    }
    return this.#hashes.get(key) ?? 0n;
  }

  /**
   * The text of a key as the engine gave it, with the value it came with; `null` for wiped memory.
   */
  show(key: unknown, value: unknown): string | null {
    if (key === undefined) return null;
    if (key !== key) return this.#nanTexts.get(value as number) ?? 'NaN';
    return this.#texts.get(Object.is(key, -0) ? '-0' : key) ?? `${showValue(key)} (never set)`;
  }
}
