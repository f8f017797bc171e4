import { showValue } from '../../value-token.ts';

/** A 32-bit FNV-1a digest, a word at a time, of everything a run shows. */
export class Fingerprint {
  #state = 0x811c9dc5;

  /** Takes in an integer, by its low 32 bits. */
  addInteger(word: number): void {
    this.#state = Math.imul(this.#state ^ word, 0x01000193);
  }

  /** Takes in a key or a value of any kind. */
  addValue(value: unknown): void {
    if (typeof value === 'number' && (value | 0) === value) {
      this.addInteger(value);
      return;
    }
    const text = typeof value === 'object' ? JSON.stringify(value) : nameOf(value);
    for (let index = 0; index < text.length; index += 1) this.addInteger(text.charCodeAt(index));
  }

  /** 32 bits, unsigned. */
  get digest(): number {
    return this.#state >>> 0;
  }
}

/** The kind of a primitive and its text, so that 1 and '1' differ. */
function nameOf(value: unknown): string {
  return `${typeof value} ${showValue(value)}`;
}
