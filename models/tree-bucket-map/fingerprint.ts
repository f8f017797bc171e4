/** A running 32-bit FNV-1a digest, over 32-bit words and texts. */
export class Fingerprint {
  #hash = 0x811c9dc5;

  /** The digest so far, unsigned. */
  get value(): number {
    return this.#hash >>> 0;
  }

  word(word: number): void {
    for (let shift = 0; shift < 32; shift += 8) this.#byte(word >>> shift);
  }

  text(text: string): void {
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index);
      this.#byte(unit);
      this.#byte(unit >>> 8);
    }
    this.word(text.length);
  }

  #byte(byte: number): void {
    this.#hash = Math.imul(this.#hash ^ (byte & 0xff), 0x01000193);
  }
}
