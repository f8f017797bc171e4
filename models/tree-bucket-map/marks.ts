/** What the engine's observer reports: coverage, notes for the interleaving table, comparisons of the last lookup. */
import type { TreeBucketObserver } from '../../src/engines/tree-bucket-map/index.ts';

export class Marks {
  /** How often each rare branch was reached. */
  readonly coverage: Record<string, number> = {};
  /** Comparisons since it was last set to 0. */
  comparisonCount = 0;
  readonly #isNoting: boolean;
  readonly #isIterating: () => boolean;
  #notes: string[] = [];

  constructor(options: { readonly isNoting: boolean; readonly isIterating: () => boolean }) {
    this.#isNoting = options.isNoting;
    this.#isIterating = options.isIterating;
  }

  cover(key: string): void {
    this.coverage[key] = (this.coverage[key] ?? 0) + 1;
  }

  /** The notes since the last call. */
  takeNotes(): readonly string[] {
    const notes = this.#notes;
    this.#notes = [];
    return notes;
  }

  observer(): TreeBucketObserver {
    return {
      compared: () => {
        this.comparisonCount++;
      },
      doubled: (bucketCount, cause) => {
        this.cover(cause === 'load' ? 'doubling' : 'longChainDoubling');
        if (this.#isIterating()) this.cover('iterationDuringGrowth');
        this.#note(`doubled to ${bucketCount} buckets (${cause})`);
      },
      treeified: (bucket) => {
        this.cover('treeify');
        if (this.#isIterating()) this.cover('iterationDuringTreeify');
        this.#note(`bucket ${bucket} became a tree`);
      },
      untreeified: (bucket) => {
        this.cover('untreeify');
        this.#note(`bucket ${bucket} became a chain`);
      },
      treeSplit: (bucket) => {
        this.cover('treeSplit');
        this.#note(`the tree of bucket ${bucket} was split`);
      },
      cleared: () => {
        this.cover('clear');
        this.#note('cleared');
      },
    };
  }

  #note(text: string): void {
    if (this.#isNoting) this.#notes.push(text);
  }
}
