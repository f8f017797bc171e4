/**
 * Footprints: what a step touches, as one integer, so that "do these two steps depend on each
 * other?" is cheap.
 *
 * F1. A simple footprint is `location << 1 | writes`. Two depend if the locations are equal and one
 *     writes.
 * F2. Anything else (several granules, a wait that queues, a loop that awaits a change, nothing at
 *     all) is a *compound*: a number from `COMPOUND_BASE` on that stands for a list of simple
 *     footprints. Two depend if any of their parts do.
 */

/** Footprints from here on are compounds. */
export const COMPOUND_BASE: number = 1 << 28;
/** The footprint of a step that touches nothing. */
export const NOTHING: number = COMPOUND_BASE;

/** The compounds of one exploration. */
export class Footprints {
  #parts: number[][] = [[]];
  #ids = new Map<string, number>([['', NOTHING]]);

  /**
   * The footprint that is all of these parts together. Parts are simple; order and repetition do
   * not matter.
   */
  join(parts: readonly number[]): number {
    const merged: number[] = [];
    for (const part of [...parts].sort((a, b) => b - a)) {
      // Of a read and a write of one location the write, which sorts first, says it all.
      if (merged.length === 0 || merged[merged.length - 1]! >> 1 !== part >> 1) merged.push(part);
    }
    if (merged.length === 1) return merged[0]!;
    const key = merged.join();
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = COMPOUND_BASE + this.#parts.length;
      this.#ids.set(key, id);
      this.#parts.push(merged);
    }
    return id;
  }

  /** The simple footprints of a footprint. Allocates for a simple one. */
  parts(footprint: number): readonly number[] {
    return footprint < COMPOUND_BASE ? [footprint] : this.#parts[footprint - COMPOUND_BASE]!;
  }

  /** Whether two steps of different threads depend on each other. */
  dependent(a: number, b: number): boolean {
    if (a < COMPOUND_BASE && b < COMPOUND_BASE) return a >> 1 === b >> 1 && ((a | b) & 1) === 1;
    return this.#dependentParts(a, b);
  }

  #dependentParts(a: number, b: number): boolean {
    for (const first of this.parts(a)) {
      for (const second of this.parts(b)) {
        if (first >> 1 === second >> 1 && ((first | second) & 1) === 1) return true;
      }
    }
    return false;
  }
}
