/**
 * One map under check with everything that belongs to it: the engine's map, its specification, the
 * loops over it, and the facts of the operation under way.
 *
 * The world is the map's observer. What the engine tells in the middle of a write is judged there
 * and then, against the specification as it was before the operation: growth moves entries and
 * changes none.
 */
import { evacuationProperties } from '../../../properties/go-map/evacuation.ts';
import type { CheckedProperty } from '../../../properties/go-map/checked-property.ts';
import {
  EvacuationFacts,
  GrowthFacts,
  Scalars,
  StepFacts,
  type OperationKind,
} from '../../../properties/go-map/facts.ts';
import { growthProperties } from '../../../properties/go-map/growth.ts';
import { structureProperties } from '../../../properties/go-map/structure.ts';
import {
  CELLS_PER_BUCKET,
  FLAG_OLD_ITERATOR,
  MIN_TOPHASH,
  type MapObserver,
  type MapView,
  type TableView,
} from '../../../src/engines/go-map/inspection.ts';
import type { Coverage } from './coverage.ts';
import type { CheckedMap } from './engine-port.ts';
import type { HashFunction } from '../hashes.ts';
import { LayoutScanner, isEvacuated } from './layout-scan.ts';
import type { Loop } from './loop.ts';
import type { ProfileRules } from '../profile-rules.ts';
import type { MapSpec } from '../spec.ts';

/** What a world asks of the run it is part of. */
export interface WorldReferee {
  readonly rules: ProfileRules;
  readonly coverage: Coverage;
  readonly hash: HashFunction | null;
  /** Overflow buckets that come with a new array. */
  readonly poolSize: (B: number) => number;
  /** Whether old buckets are wiped; `null` for "if keys or values are references". */
  readonly wipe: boolean | null;
  /** Takes the first violation; later ones are dropped. */
  reportBroken<Facts>(world: World, property: CheckedProperty<Facts>, facts: Facts): void;
  /** A moment in the middle of a write at which the armed operation is to be tried. */
  intrude(world: World): void;
  /** Keeps a line for the step's record. Only to be called if `keepsNotes`. */
  note(text: string): void;
  readonly keepsNotes: boolean;
}

export class World implements MapObserver {
  readonly spec: MapSpec;
  readonly step: StepFacts = new StepFacts();
  readonly loops: Loop[] = [];
  readonly scanner: LayoutScanner;
  /** Growths started since the map was made; the current array is that of this generation. */
  generation = 0;
  /**
   * How often the map was emptied, and so got another seed (which may be equal to an earlier one).
   */
  reseeds = 0;
  /**
   * Whether a string, an object or the like was ever stored, so that the engine wipes by default.
   */
  storesReferences = false;
  map!: CheckedMap;
  view!: MapView;

  readonly #referee: WorldReferee;
  readonly #growth: GrowthFacts = new GrowthFacts();
  readonly #evacuation: EvacuationFacts = new EvacuationFacts();
  /** The map's scalars before the operation, or after the last start of a growth in it. */
  readonly #base: Scalars = new Scalars();
  /** Overflow buckets of the current array as the events add up. */
  #noverflow = 0;
  /** Old buckets of the growth under way; 0 without one. */
  #oldCount = 0;
  #isDone: boolean[] = [];
  #mark = 0;
  #evacuatedSinceGrowth = 0;
  /** Hash of the key of the operation under way, or `null`. */
  #keyHash: number | null = null;

  constructor(spec: MapSpec, referee: WorldReferee) {
    this.spec = spec;
    this.#referee = referee;
    this.scanner = new LayoutScanner(spec, referee.hash);
    this.step.loadNumerator = referee.rules.loadNumerator;
    this.step.isNil = spec.isNil;
    this.step.poolSize = referee.poolSize;
    this.#growth.loadNumerator = referee.rules.loadNumerator;
    this.#growth.isOldIteratorSticky = referee.rules.isOldIteratorSticky;
  }

  /** Takes the map, once it is made. */
  adopt(map: CheckedMap): void {
    this.map = map;
    this.view = map.inspect();
  }

  /** Prepares the facts for an operation. */
  begin(kind: OperationKind): void {
    const { step } = this;
    step.kind = kind;
    step.isEffectiveWrite = false;
    step.isInsertion = false;
    step.before.read(this.view);
    step.doublings = 0;
    step.sameSizeGrowths = 0;
    step.evacuated = 0;
    step.growthsFinished = 0;
    step.attached = 0;
    step.attachedByInsertion = 0;
    step.attachedSinceGrowth = 0;
    step.draws = 0;
    step.isKeyBucketLeft = false;
    step.isIterationStart = false;
    this.#base.read(this.view);
    this.#noverflow = step.before.noverflow;
    this.#evacuatedSinceGrowth = 0;
    this.#keyHash = null;
  }

  /** Says that the operation is a write with work to do, and for which key. */
  willWrite(key: unknown, isInsertion: boolean): void {
    const { step, view } = this;
    step.isEffectiveWrite = true;
    step.isInsertion = isInsertion;
    if (this.spec.isReflexive(key)) this.#keyHash = this.#hashOf(key);
    if (step.before.isGrowing) step.writesInGrowth++;
    // In a map of one bucket every key hashes to it.
    if (view.B === 0) this.#keyHash = 0;
  }

  /** Takes the scalars after the operation. */
  end(): void {
    const { step, view } = this;
    step.now.read(view);
    if (this.#keyHash !== null && view.oldBuckets !== null) {
      step.isKeyBucketLeft = !isEvacuated(
        view.oldBuckets,
        this.#keyHash & (step.now.oldBucketCount - 1),
      );
    }
  }

  /** Forgets a growth that a clear cut short. */
  dropGrowth(): void {
    this.#oldCount = 0;
    this.step.writesInGrowth = 0;
    this.step.growthBucketCount = 1;
  }

  /** Tells whether evacuation wipes old buckets that no iterator can stand in. */
  get isWiping(): boolean {
    return this.#referee.wipe ?? this.storesReferences;
  }

  growthStarted(kind: 'doubling' | 'same-size'): void {
    const growth = this.#growth;
    const { coverage } = this.#referee;
    growth.kind = kind;
    growth.isInsertion = this.step.isInsertion;
    growth.before.copy(this.#base);
    growth.before.noverflow = this.#noverflow;
    growth.wasGrowing = this.#oldCount !== 0;
    growth.now.read(this.view);
    this.#judge(growthProperties, growth);
    this.#base.read(this.view);
    this.#noverflow = 0;
    this.#startCounting(growth.before.B);
    if (kind === 'doubling') {
      this.step.doublings++;
      coverage.doubling++;
    } else {
      this.step.sameSizeGrowths++;
      coverage.sameSizeGrowth++;
      coverage.iteratorAcrossSameSize += this.loops.filter((loop) => loop.isOpen).length;
    }
    if (this.#referee.keepsNotes) {
      this.#referee.note(`growth: ${kind}, ${2 ** growth.before.B} → ${2 ** growth.now.B} buckets`);
    }
    this.#referee.intrude(this);
  }

  bucketEvacuated(index: number): void {
    const { step } = this;
    const { coverage } = this.#referee;
    step.evacuated++;
    step.attachedByInsertion = 0;
    coverage.evacuatedBucket++;
    this.#judgeEvacuation(index);
    this.#isDone[index] = true;
    while (this.#isDone[this.#mark] === true) this.#mark++;
    const isWiped = this.isWiping && (this.view.flags & FLAG_OLD_ITERATOR) === 0;
    if (isWiped) {
      coverage.wipedBucket++;
      for (const loop of this.loops) loop.onWiped(index, this.#oldCount);
    }
    if (this.#referee.keepsNotes) {
      this.#referee.note(`evacuated bucket ${index}${isWiped ? ', wiped it' : ''}`);
    }
    this.#referee.intrude(this);
  }

  growthFinished(): void {
    this.step.growthsFinished++;
    this.#oldCount = 0;
    if (this.#referee.keepsNotes) this.#referee.note('growth finished');
  }

  overflowAttached(): void {
    this.step.attached++;
    this.step.attachedByInsertion++;
    this.step.attachedSinceGrowth++;
    this.#noverflow++;
    this.#referee.coverage.overflowBucket++;
    if (this.#referee.keepsNotes) this.#referee.note('overflow bucket attached');
  }

  cleared(): void {
    if (this.#referee.keepsNotes) this.#referee.note('cleared');
  }

  #startCounting(oldB: number): void {
    const { step } = this;
    this.generation++;
    this.#oldCount = 2 ** oldB;
    this.#isDone = [];
    this.#mark = 0;
    this.#evacuatedSinceGrowth = 0;
    step.attachedSinceGrowth = 0;
    step.attachedByInsertion = 0;
    step.writesInGrowth = 1;
    step.growthBucketCount = this.#oldCount;
  }

  #judgeEvacuation(index: number): void {
    const facts = this.#evacuation;
    const { buckets, oldBuckets } = this.view;
    facts.index = index;
    facts.isWrite = this.step.isEffectiveWrite;
    facts.ordinal = ++this.#evacuatedSinceGrowth;
    facts.keyBucket = this.#keyHash === null ? -1 : this.#keyHash & (this.#oldCount - 1);
    facts.markBucket = this.#mark;
    facts.now.read(this.view);
    this.scanner.scan(this.view, facts.layout);
    facts.destinationHoles = 0;
    if (buckets !== null) {
      let hasOverflow = oldBuckets !== null && oldBuckets.overflow(index) >= 0;
      for (let to = index; to < buckets.bucketCount; to += this.#oldCount) {
        facts.destinationHoles += holesIn(buckets, to);
        hasOverflow ||= buckets.overflow(to) >= 0;
      }
      if (hasOverflow) this.#referee.coverage.evacuatedOverflowChain++;
    }
    this.#judge(structureProperties, facts);
    this.#judge(evacuationProperties, facts);
  }

  #judge<Facts>(properties: readonly CheckedProperty<Facts>[], facts: Facts): void {
    for (const property of properties) {
      if (property.holds(facts)) continue;
      this.#referee.reportBroken(this, property, facts);
      return;
    }
  }

  #hashOf(key: unknown): number {
    const { hash } = this.#referee;
    if (hash === null) return this.view.hash(key) ?? 0;
    return hash(key, this.view.hash0, 0);
  }
}

/** Live cells of a chain that stand behind an empty one. */
function holesIn(table: TableView, main: number): number {
  let holes = 0;
  let isGap = false;
  for (let bucket = main, depth = 0; bucket >= 0 && depth < 64; depth++) {
    for (let cell = 0; cell < CELLS_PER_BUCKET; cell++) {
      if (table.tophash(bucket, cell) < MIN_TOPHASH) isGap = true;
      else if (isGap) holes++;
    }
    bucket = table.overflow(bucket);
  }
  return holes;
}
