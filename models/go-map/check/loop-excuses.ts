/**
 * Watches one loop for the mechanisms of Go's known defects in iteration; see `known-defects.ts`
 * for what each is.
 */
import type { Production } from '../iteration.ts';
import type { KnownDefect } from '../known-defects.ts';
import type { Loop } from './loop.ts';
import type { Entry } from '../spec.ts';

/** How long an excuse lasts: for the chain the iterator is in, or to the end of the loop. */
type Span = 'no' | 'chain' | 'loop';

export class LoopExcuses {
  readonly #loop: Loop;
  /** By incarnation: entries produced in a chain they do not belong to, and why. */
  readonly #misplaced = new Map<number, KnownDefect>();
  /** Entries that stood in a chain when it was wiped under the iterator. */
  readonly #wiped = new Set<number>();
  /** Whether the bucket that the iterator stands in was wiped under it. */
  #isWiped = false;
  /** NaNs of the current chain when it was taken up in a same-size growth, less those produced. */
  #irreflexiveAhead = 0;
  /** NaNs that may have been skipped, by defect. */
  readonly #irreflexiveLost = new Map<KnownDefect, number>();
  /** Whether the iterator reads memory that an `in-place` clear did not touch. */
  #unseenClear: Span = 'no';
  /**
   * Whether the chain that the iterator is in, and whether the array it began on, was retired
   * before a clear.
   */
  #isChainRetired = false;
  #isArrayRetired = false;
  /** Whether it stands in an overflow bucket that a clear took back. */
  #isRecycled = false;

  constructor(loop: Loop) {
    this.#loop = loop;
  }

  enterChain(): void {
    const { world, view } = this.#loop;
    this.#isWiped = false;
    this.#isRecycled = false;
    if (this.#unseenClear === 'chain') this.#unseenClear = 'no';
    this.#isChainRetired = false;
    const isInSameSize = this.#loop.isInBorrowedChain && !view.pickedInDoubling;
    this.#irreflexiveAhead =
      isInSameSize && world.view.oldBuckets !== null ? this.#loop.irreflexiveInChain() : 0;
  }

  beforeStep(): void {
    const { view, world } = this.#loop;
    const isFilteredTooLate =
      this.#loop.isInBorrowedChain && !view.pickedInDoubling && !isSameSizeNow(this.#loop);
    if (
      isFilteredTooLate &&
      view.checkBucket >= 2 ** (view.B - 1) &&
      world.spec.keys === 'float64'
    ) {
      this.#loseIrreflexive('go-map/aged-iterator-loses-nan');
    }
  }

  /** Notes an entry that comes in a chain it does not belong to, if a mechanism is at work. */
  arrive(entry: Entry): void {
    const isReflexive = this.#loop.world.spec.isReflexive(entry.key);
    if (!isReflexive) this.#irreflexiveAhead--;
    const defect = this.#misplacingDefect(isReflexive);
    if (defect === null) return;
    if (isReflexive && this.#isInPlace(entry)) return;
    if (!this.#misplaced.has(entry.incarnation)) this.#misplaced.set(entry.incarnation, defect);
  }

  /**
   * Whether a key was read from an array that was retired before a clear, which holds nothing live.
   */
  isReadingCleared(key: unknown): boolean {
    if (key === key) return false;
    return this.#isChainRetired || (this.#isArrayRetired && !this.#loop.isInBorrowedChain);
  }

  forProduction(production: Production): KnownDefect | null {
    const { entry, key } = production;
    if (this.#unseenClear !== 'no') return 'go-map/clear-unseen';
    if (entry === undefined) return null;
    if (entry.removedBy === 'clear') {
      return this.isReadingCleared(key) ? 'go-map/clear-misses-retired-array' : null;
    }
    if (entry.removedBy !== null) return null;
    // The memory of a wiped cell reads as the zero key, in JavaScript as undefined; that key is
    // found if it is there.
    if (this.#isWiped && key === undefined) return 'go-map/wiped-under-iterator';
    if (key === key) return this.#misplaced.get(entry.incarnation) ?? null;
    // Entries of NaN with one value cannot be told apart: any of them that was misplaced explains
    // another coming twice.
    for (const twin of this.#loop.world.spec.irreflexiveEntries()) {
      const defect = this.#misplaced.get(twin.incarnation);
      if (defect !== undefined && Object.is(twin.value, entry.value)) return defect;
    }
    return null;
  }

  forMissed(missed: readonly Entry[]): {
    readonly inexcusable: readonly Entry[];
    readonly defects: readonly KnownDefect[];
  } {
    const { spec } = this.#loop.world;
    const inexcusable: Entry[] = [];
    const defects = new Set<KnownDefect>();
    const lost = [...this.#irreflexiveLost];
    for (const entry of missed) {
      const isReflexive = spec.isReflexive(entry.key);
      const budget = isReflexive ? undefined : lost.find(([, count]) => count > 0);
      if (isReflexive && this.#wiped.has(entry.incarnation)) {
        defects.add('go-map/wiped-under-iterator');
      } else if (budget !== undefined) {
        budget[1]--;
        defects.add(budget[0]);
      } else {
        inexcusable.push(entry);
      }
    }
    return { inexcusable, defects: [...defects] };
  }

  onWiped(index: number, oldCount: number): void {
    const { view, world, visitGeneration, isInBorrowedChain, depth, session } = this.#loop;
    // The array being evacuated is that of the last generation but one, borrowed since the growth
    // under way began.
    if (!isInBorrowedChain || visitGeneration !== world.generation) return;
    if ((view.checkBucket & (oldCount - 1)) !== index || depth > 0) return;
    this.#isWiped = true;
    this.#loseIrreflexive('go-map/wiped-under-iterator');
    for (const entry of world.spec.liveEntries()) {
      if (session.hasProduced(entry) || !world.spec.isReflexive(entry.key)) continue;
      const hash = world.scanner.hashOf(entry.incarnation, entry.key);
      if ((hash & (oldCount - 1)) === index) this.#wiped.add(entry.incarnation);
    }
  }

  beforeClear(mode: 'in-place' | 'mark-empty' | 'sequence', isGrowing: boolean): void {
    const { world, generation, visitGeneration, isInBorrowedChain, depth } = this.#loop;
    const isArrayCurrent = generation === world.generation;
    // A borrowed chain is of the array before the growth under which it was borrowed.
    const chainGeneration = isInBorrowedChain ? visitGeneration - 1 : generation;
    const oldestMarked = isGrowing ? world.generation - 1 : world.generation;
    if (mode === 'in-place') {
      const isStale = chainGeneration !== world.generation || depth > 0;
      if (!isArrayCurrent) this.#unseenClear = 'loop';
      else if (isStale && this.#unseenClear === 'no') this.#unseenClear = 'chain';
    } else {
      this.#isArrayRetired ||= generation < oldestMarked;
      this.#isChainRetired ||= chainGeneration < oldestMarked;
    }
    if (chainGeneration === world.generation && depth > 0) this.#isRecycled = true;
  }

  #loseIrreflexive(defect: KnownDefect): void {
    if (this.#irreflexiveAhead <= 0) return;
    const sofar = this.#irreflexiveLost.get(defect) ?? 0;
    this.#irreflexiveLost.set(defect, sofar + this.#irreflexiveAhead);
    this.#irreflexiveAhead = 0;
  }

  /** The mechanism by which a key of another bucket can come now, or `null`. */
  #misplacingDefect(isReflexive: boolean): KnownDefect | null {
    const { view, world, reseeds } = this.#loop;
    if (this.#isRecycled) return 'go-map/clear-recycles-bucket';
    if (view.pickedInDoubling && isSameSizeNow(this.#loop)) return 'go-map/aged-iterator-duplicate';
    if (isReflexive && world.reseeds !== reseeds) return 'go-map/reseeded-iterator-duplicate';
    return null;
  }

  #isInPlace(entry: Entry): boolean {
    const { world, view, visited } = this.#loop;
    const hash = world.scanner.hashOf(entry.incarnation, entry.key);
    return (hash & (2 ** view.B - 1)) === visited;
  }
}

function isSameSizeNow(loop: Loop): boolean {
  return loop.world.step.before.isSameSize;
}
