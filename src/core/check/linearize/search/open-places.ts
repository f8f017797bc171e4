/** The places of the operations that are open, which of them have acted, and what the others wait for. */
import { MODIFY, NOT, READ, type KeyProblem } from './key-problem.ts';

/** Open operations by place. Masks have a bit for each place. */
export class OpenPlaces {
  /** Places whose operation has acted. */
  readonly acted: Int32Array;
  /** Places whose operation changes the state and has not acted. */
  readonly changes: Int32Array;
  /** Places whose operation is a read or a failed compare and has not acted. */
  readonly reads: Int32Array;
  /** The open operation; no meaning where none is. */
  readonly operation: Int32Array;
  /** The state that it needs, -1 for none; for a failed compare, `~state` of the one that it must not see. */
  readonly wanted: Int32Array;
  /** Failed compares that have not acted. */
  compareCount: number = 0;
  readonly #kind: Uint8Array;
  readonly #from: Int32Array;

  constructor({ slotCount, kind, from }: KeyProblem) {
    const words = Math.max(1, Math.ceil(slotCount / 32));
    this.acted = new Int32Array(words);
    this.changes = new Int32Array(words);
    this.reads = new Int32Array(words);
    this.operation = new Int32Array(slotCount).fill(-1);
    this.wanted = new Int32Array(slotCount);
    this.#kind = kind;
    this.#from = from;
  }

  /** Puts an operation at its place. */
  open(place: number, operation: number): void {
    const what = this.#kind[operation]!;
    const from = this.#from[operation]!;
    this.operation[place] = operation;
    this.wanted[place] = what === NOT ? ~from : what === READ || what === MODIFY ? from : -1;
  }

  /** Says that the operation at a place has not acted. */
  await(place: number, operation: number): void {
    const what = this.#kind[operation]!;
    const waiting = what === READ || what === NOT ? this.reads : this.changes;
    waiting[place >> 5]! |= 1 << (place & 31);
    if (what === NOT) this.compareCount++;
  }

  /** Takes back {@link OpenPlaces.await}. */
  forget(place: number, operation: number): void {
    if (this.#kind[operation] === NOT) this.compareCount--;
    const others = ~(1 << (place & 31));
    this.changes[place >> 5]! &= others;
    this.reads[place >> 5]! &= others;
  }
}

/** The place of the lowest bit of a word of a mask. */
export function lowestPlace(word: number, bits: number): number {
  return (word << 5) + 31 - Math.clz32(bits & -bits);
}
