/**
 * One loop over a map: the engine's iterator, the session that judges it, and what excuses Go's
 * known defects.
 *
 * The excuses are gathered from the position that the iterator shows, never from what it produced
 * wrongly: a production or an omission is excused only if the mechanism was seen at work on it
 * (`known-defects.ts`).
 */
import type { IteratorView } from '../../../src/engines/go-map/inspection.ts';
import { MIN_TOPHASH, CELLS_PER_BUCKET } from '../../../src/engines/go-map/inspection.ts';
import type { CheckedIterator } from './engine-port.ts';
import { IterationSession, missedEntries, type Production } from '../iteration.ts';
import { LoopExcuses } from './loop-excuses.ts';
import type { KnownDefect } from '../known-defects.ts';
import type { Entry } from '../spec.ts';
import type { World } from './world.ts';

const NO_FILTER = -1;

export class Loop {
  readonly world: World;
  readonly iterator: CheckedIterator;
  readonly view: IteratorView;
  readonly session: IterationSession;
  /** Growths of the map before the loop began: the iterator's array is that of this generation. */
  readonly generation: number;
  /** How often the map had been emptied when the loop began. */
  readonly reseeds: number;
  /** Pairs produced, repeated ones included. */
  productions = 0;
  /** The bucket number whose chain the iterator is in; -1 before the first. */
  visited = -1;
  /** Growths of the map before that chain was taken up. */
  visitGeneration = 0;
  /**
   * Overflow buckets before the one the iterator stands in, as far as its last production tells.
   */
  depth = 0;
  isEnded = false;
  readonly #excuses: LoopExcuses | null;
  #hasWrapped = false;

  constructor(world: World, iterator: CheckedIterator, isFaithful: boolean) {
    this.world = world;
    this.iterator = iterator;
    this.view = iterator.inspect();
    this.session = new IterationSession(world.spec);
    this.generation = world.generation;
    this.reseeds = world.reseeds;
    this.#excuses = isFaithful ? new LoopExcuses(this) : null;
  }

  /** Whether the iterator has begun and not ended. */
  get isOpen(): boolean {
    return !this.isEnded && this.view.isStarted;
  }

  /** Whether the chain is one of an old array, borrowed while its growth ran. */
  get isInBorrowedChain(): boolean {
    return this.view.checkBucket !== NO_FILTER;
  }

  /** To be called before each step. */
  beforeStep(): void {
    if (this.visited >= 0) this.#excuses?.beforeStep();
  }

  /**
   * To be called after each step that produced something, before it is judged. Returns the entry it
   * must be.
   */
  arrive(key: unknown, value: unknown): Production {
    const { view, world } = this;
    this.productions++;
    const visited = view.bucket === 0 ? 2 ** view.B - 1 : view.bucket - 1;
    if (visited !== this.visited || view.wrapped !== this.#hasWrapped) {
      this.visited = visited;
      this.#hasWrapped = view.wrapped;
      this.visitGeneration = world.generation;
      this.#excuses?.enterChain();
    }
    const isStale = this.#excuses?.isReadingCleared(key) ?? false;
    const production = this.session.match(key, value, isStale);
    if (production.entry !== undefined) {
      this.depth = world.scanner.depthOf(production.entry.incarnation);
      this.#excuses?.arrive(production.entry);
    }
    return production;
  }

  /** The defect that a wrong production comes from, or `null`. */
  excuseFor(production: Production): KnownDefect | null {
    return this.#excuses?.forProduction(production) ?? null;
  }

  /** What an ended loop missed by the letter of the contract. */
  lost(): readonly Entry[] {
    return missedEntries(this.session);
  }

  /**
   * Splits what an ended loop missed into what nothing excuses and the defects that excuse the
   * rest.
   */
  missed(): { readonly inexcusable: readonly Entry[]; readonly defects: readonly KnownDefect[] } {
    const missed = missedEntries(this.session);
    if (this.#excuses === null || missed.length === 0) return { inexcusable: missed, defects: [] };
    return this.#excuses.forMissed(missed);
  }

  /** Old bucket `index` of `oldCount` was evacuated and wiped, because `oldIterator` was clear. */
  onWiped(index: number, oldCount: number): void {
    if (this.isOpen && this.visited >= 0) this.#excuses?.onWiped(index, oldCount);
  }

  /** The map is about to be cleared. */
  beforeClear(mode: 'in-place' | 'mark-empty' | 'sequence', isGrowing: boolean): void {
    if (this.isOpen && this.visited >= 0) this.#excuses?.beforeClear(mode, isGrowing);
  }

  /** Number of NaN cells in the old chain that the iterator has just taken up. */
  irreflexiveInChain(): number {
    const table = this.world.view.oldBuckets;
    if (table === null || this.world.spec.keys === 'javascript') return 0;
    let count = 0;
    let bucket = this.view.checkBucket & (table.bucketCount - 1);
    for (; bucket >= 0; bucket = table.overflow(bucket)) {
      for (let cell = 0; cell < CELLS_PER_BUCKET; cell++) {
        if (table.tophash(bucket, cell) < MIN_TOPHASH) continue;
        if (!this.world.spec.isReflexive(table.key(bucket, cell))) count++;
      }
    }
    return count;
  }
}
