/**
 * What is gathered about a map, once for all properties.
 *
 * Facts are plain numbers that are overwritten again and again: after every operation, at every
 * start of a growth and at every evacuated bucket the same few objects are filled anew, and the
 * properties read them.
 */
import { FLAG_SAME_SIZE_GROW, type MapView } from '../../src/engines/go-map/inspection.ts';

/** The scalar fields of a map at one moment. */
export class Scalars {
  count = 0;
  B = 0;
  noverflow = 0;
  nevacuate = 0;
  flags = 0;
  hash0 = 0;
  spareOverflow = 0;
  clearSequence = 0;
  hasBuckets = false;
  /** Old main buckets while a growth is under way, 0 otherwise. */
  oldBucketCount = 0;

  /** Takes the values of a view. */
  read(view: MapView): void {
    this.count = view.count;
    this.B = view.B;
    this.noverflow = view.noverflow;
    this.nevacuate = view.nevacuate;
    this.flags = view.flags;
    this.hash0 = view.hash0;
    this.spareOverflow = view.spareOverflow;
    this.clearSequence = view.clearSequence;
    this.hasBuckets = view.buckets !== null;
    this.oldBucketCount = view.oldBuckets === null ? 0 : view.oldBuckets.bucketCount;
  }

  /** Takes the values of another one. */
  copy(other: Scalars): void {
    this.count = other.count;
    this.B = other.B;
    this.noverflow = other.noverflow;
    this.nevacuate = other.nevacuate;
    this.flags = other.flags;
    this.hash0 = other.hash0;
    this.spareOverflow = other.spareOverflow;
    this.clearSequence = other.clearSequence;
    this.hasBuckets = other.hasBuckets;
    this.oldBucketCount = other.oldBucketCount;
  }

  get isGrowing(): boolean {
    return this.oldBucketCount !== 0;
  }

  get isSameSize(): boolean {
    return (this.flags & FLAG_SAME_SIZE_GROW) !== 0;
  }
}

/** What one walk over all cells found. Counts of faults are 0 in a sound map. */
export class LayoutFacts {
  /** Entries that the specification holds. */
  entries = 0;
  /** Cells in use, in the new chains and in the old chains that are not evacuated. */
  liveCells = 0;
  /**
   * Entries found in the bucket that a lookup would search, under the right tophash. `NaN` counts
   * wherever it is.
   */
  reachable = 0;
  /** Live cells whose key the specification does not hold. */
  strayCells = 0;
  /** Live cells with a key that another live cell has. */
  duplicateCells = 0;
  /** Live cells whose tophash is not that of their key's hash. */
  wrongTophashCells = 0;
  /** Live cells whose key is equal to the entry's, but not the same: `0` for `-0`. */
  wrongKeyCells = 0;
  /** Live cells with another value than the entry's. */
  wrongValueCells = 0;
  /** Cells that are not `emptyRest` behind one that is. */
  cellsAfterRest = 0;
  /** Evacuation marks in chains that are not evacuated. */
  marksOutOfPlace = 0;
  /** Cells without a mark in evacuated chains. */
  cellsNotMarked = 0;
  /** Buckets that are to receive an old bucket and are not pristine. */
  spoiltDestinations = 0;
  /** Chains that were given up on, because they run in a circle or are absurdly long. */
  endlessChains = 0;
  /**
   * Lowest index of an old bucket that is not evacuated; the number of old buckets if there is
   * none.
   */
  firstUnevacuated = 0;
  /** Overflow buckets linked from the new array. */
  newOverflow = 0;
  /** Overflow buckets linked from the old array. */
  oldOverflow = 0;
  /** Main bucket of the first fault; `-1 - index` for an old one; `null` if there was none. */
  faultAt: number | null = null;

  /** Forgets everything. */
  reset(entries: number): void {
    this.entries = entries;
    this.liveCells = 0;
    this.reachable = 0;
    this.strayCells = 0;
    this.duplicateCells = 0;
    this.wrongTophashCells = 0;
    this.wrongKeyCells = 0;
    this.wrongValueCells = 0;
    this.cellsAfterRest = 0;
    this.marksOutOfPlace = 0;
    this.cellsNotMarked = 0;
    this.spoiltDestinations = 0;
    this.endlessChains = 0;
    this.firstUnevacuated = 0;
    this.newOverflow = 0;
    this.oldOverflow = 0;
    this.faultAt = null;
  }
}

/** A map between two operations. */
export interface StateFacts {
  readonly now: Scalars;
  readonly layout: LayoutFacts;
}

/** The start of a growth, told by the engine in the middle of an assignment. */
export class GrowthFacts {
  kind: 'doubling' | 'same-size' = 'doubling';
  /** Whether the operation is an assignment to a key that the map does not hold. */
  isInsertion = false;
  /**
   * The map as it was when the assignment looked at it. `noverflow` includes what evacuation
   * attached before.
   */
  readonly before: Scalars = new Scalars();
  /** The map as it is now; nothing has been moved. */
  readonly now: Scalars = new Scalars();
  /** Whether a growth was under way already. */
  wasGrowing = false;
  loadNumerator = 13;
  /** Whether the profile keeps `oldIterator` through further growths. */
  isOldIteratorSticky = false;
}

/** One old bucket evacuated, told by the engine in the middle of a write. */
export class EvacuationFacts {
  /** Index of the old bucket. */
  index = 0;
  readonly now: Scalars = new Scalars();
  /** A walk over all cells at this moment. */
  readonly layout: LayoutFacts = new LayoutFacts();
  /** The n-th bucket evacuated by this write since a growth last started, from 1. */
  ordinal = 0;
  /**
   * Index of the old bucket that the key of the operation hashes to, or -1 where there is no
   * telling.
   */
  keyBucket = -1;
  /** Lowest old bucket that was not evacuated before this one, that is, where the mark stands. */
  markBucket = 0;
  isWrite = false;
  /** Holes among the cells of the destination buckets: live cells behind empty ones. */
  destinationHoles = 0;
}

/** One operation, from before to after. */
export class StepFacts {
  kind: OperationKind = 'size';
  /** Whether the map is nil, so that it has no seed. */
  isNil = false;
  /**
   * Whether the operation may change the map at all, by Go's rules: a write that is not over before
   * it begins.
   */
  isEffectiveWrite = false;
  /** Whether it is an assignment that the specification answers with a new entry. */
  isInsertion = false;
  readonly before: Scalars = new Scalars();
  readonly now: Scalars = new Scalars();
  readonly layout: LayoutFacts = new LayoutFacts();
  doublings = 0;
  sameSizeGrowths = 0;
  evacuated = 0;
  growthsFinished = 0;
  /** Overflow buckets attached. */
  attached = 0;
  /** Those of them that were attached after the last evacuation: by the insertion itself. */
  attachedByInsertion = 0;
  /** Those of them that were attached after the last start of a growth. */
  attachedSinceGrowth = 0;
  /** Draws that the engine asked for. */
  draws = 0;
  /** The last of them. */
  lastDraw = 0;
  /** Whether the old bucket that the key hashes to is still not evacuated. */
  isKeyBucketLeft = false;
  /**
   * Writes since the growth under way, or finished in this operation, was started; this one
   * included.
   */
  writesInGrowth = 0;
  /** Old buckets of the growth that `writesInGrowth` is about. */
  growthBucketCount = 0;
  loadNumerator = 13;
  /** Whether the operation took the first step of an iteration over a map that is not empty. */
  isIterationStart = false;
  /** Where the iterator began; -1 where the operation started none. */
  startBucket = -1;
  offset = -1;
  /** Overflow buckets that a new array starts with, by the set-up. */
  poolSize: (B: number) => number = () => 0;
}

/** The operations that the facts tell apart. */
export type OperationKind =
  | 'make'
  | 'set'
  | 'get'
  | 'has'
  | 'delete'
  | 'clear'
  | 'size'
  | 'iterate'
  | 'clone';

/**
 * A result beside the one the specification gives. Both are text-free: values compared with
 * `Object.is`.
 */
export class ResultFacts {
  operation = '';
  expected: unknown = undefined;
  actual: unknown = undefined;
  /** What was thrown, or `undefined`. */
  thrown: unknown = undefined;
  /** Go's message for what must be thrown, or `null` where nothing may be. */
  expectedError: string | null = null;
  /** Whether that error is for an operation begun while a write was under way. */
  isIntrusion = false;
}

/** A clone and its source, just after cloning. */
export interface CloneFacts {
  readonly source: Scalars;
  readonly copy: Scalars;
  readonly copyLayout: LayoutFacts;
  readonly loadNumerator: number;
}

/**
 * Most entries a map of 2^B buckets may have before the next insertion doubles it (Go:
 * `overLoadFactor`).
 */
export function loadLimit(B: number, loadNumerator: number): number {
  return Math.max(8, loadNumerator * Math.floor(2 ** B / 2));
}

/**
 * Overflow buckets from which on an insertion starts a same-size growth (Go:
 * `tooManyOverflowBuckets`).
 */
export function overflowLimit(B: number): number {
  return 2 ** Math.min(B, 15);
}

/**
 * Hints that would need this B or more count as no hint at all: nothing so large can be allocated.
 */
const HINTED_B_MAX = 26;

/**
 * B of a map made with a hint; a fraction counts as the integer below it, what is no sensible size
 * as 0.
 */
export function hintedB(hint: number, loadNumerator: number): number {
  let B = 0;
  if (!(hint > 0)) return B;
  while (Math.floor(hint) > loadLimit(B, loadNumerator)) {
    B++;
    if (B === HINTED_B_MAX) return 0;
  }
  return B;
}
