/**
 * Names for shared memory: from a view and an index, or an atomic object, to a small integer.
 *
 * M1. Two accesses touch the same bytes exactly if their locations are equal or, for a *group*,
 *     share a member.
 * M2. A location is the same in every interleaving: a buffer or object is known by who created it
 *     and as the how-manieth (setup counts as thread -1), never by who reached it first.
 * M3. A buffer is divided into granules of its smallest element size in use. An access that covers
 *     several granules has a group as its location. A smaller element size than known so far
 *     changes the division: `isStale` is set, and the exploration starts over with what is known
 *     now (at most three times for a buffer).
 */

/** A typed array whose elements are shared. */
export type SharedView =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/**
 * What the explorer needs of an AtomicRef or AtomicBoolean: a look at its value that is not a step.
 */
export interface AtomicObject {
  load(): unknown;
}

/** Location of an element that does not exist. */
export const OUT_OF_RANGE = -1;
/** Locations from here on are groups of granules. */
export const GROUP_BASE: number = 1 << 26;

/** One buffer or atomic object as all interleavings of an exploration know it. */
interface Creation {
  readonly label: string;
  /** Bytes; 0 for an atomic object. */
  readonly sizeBytes: number;
  /** Binary logarithm of the granule's size; -1 before the first access. */
  granuleShift: number;
  /** Location of the first granule; -1 before the first access. */
  base: number;
  /** Whether elements of more than one size have been seen. */
  isMixed: boolean;
}

const EMPTY_VIEW = new Int32Array(0);

/** The names of one exploration at a time. Use `locations`; the class is exported for its type. */
export class Locations {
  /**
   * Set when what is known of a buffer has changed: locations handed out before no longer count.
   */
  isStale = false;
  /** Locations in use: all below this one. */
  count = 0;
  /**
   * Whether something was seen that is not in confined programs (P6 of `step.ts`): an object that was
   * named later than in setup, or a property of a typed array that is no element.
   */
  hasOtherState = false;
  /**
   * By creator (permanent, setup, then the threads) and number: the objects that were created
   * there, by size.
   */
  #creations: Creation[][][] = [];
  #named = new Map<object, Creation>();
  /** Created outside of any exploration, as module-level objects are; they keep their names. */
  #permanent: object[] = [];
  #counters: number[] = [];
  #groups = new Map<string, number>();
  #groupMembers: number[][] = [];
  #owners: { creation: Creation; base: number }[] = [];
  #isActive = false;
  /** Whether any buffer of this exploration is mixed. */
  #hasMixed = false;
  /** The view looked up last, and its division. */
  #view: SharedView = EMPTY_VIEW;
  #viewBase = 0;
  #viewSpan = 1;
  #viewLength = 0;

  /** Begins an exploration: forgets all names. */
  begin(): void {
    this.#creations = [];
    this.#isActive = true;
    this.#hasMixed = false;
    this.hasOtherState = false;
    this.#forgetLocations();
  }

  /** Ends an exploration. */
  end(): void {
    this.restart();
    this.#isActive = false;
  }

  /** Begins one execution: the objects of the last one are forgotten, names and locations stay. */
  restart(): void {
    if (this.#named.size > 0) this.#named.clear();
    this.#view = EMPTY_VIEW;
    this.#viewLength = 0;
    for (let i = 0; i < this.#counters.length; i++) this.#counters[i] = 0;
    for (let i = 0; i < this.#permanent.length; i++) {
      this.#named.set(this.#permanent[i]!, this.#creation(0, i, this.#permanent[i]!));
    }
  }

  /** Divides all buffers anew, after `isStale` was set. */
  refresh(): void {
    for (const creation of this.#creations.flat(2)) creation.base = -1;
    this.#forgetLocations();
  }

  #forgetLocations(): void {
    this.isStale = false;
    this.count = 0;
    this.#groups.clear();
    this.#groupMembers = [];
    this.#owners = [];
    this.restart();
  }

  /** Names a new buffer or object after its creator. A second call changes nothing. */
  name(object: object, thread: number): void {
    if (this.#named.has(object)) return;
    if (!this.#isActive) {
      this.#permanent.push(object);
      this.#named.set(object, this.#creation(0, this.#permanent.length - 1, object));
      return;
    }
    if (thread >= 0) this.hasOtherState = true;
    const creator = thread + 2;
    while (this.#counters.length <= creator) this.#counters.push(0);
    const counter = this.#counters[creator]!++;
    this.#named.set(object, this.#creation(creator, counter, object));
  }

  /** Whether the object was named and is not a buffer. */
  isNamedObject(object: object): boolean {
    const creation = this.#named.get(object);
    return creation !== undefined && creation.sizeBytes === 0;
  }

  #creation(creator: number, counter: number, object: object): Creation {
    const sizeBytes = bufferSize(object);
    while (this.#creations.length <= creator) this.#creations.push([]);
    const numbered = this.#creations[creator]!;
    while (numbered.length <= counter) numbered.push([]);
    const sized = numbered[counter]!;
    for (const creation of sized) if (creation.sizeBytes === sizeBytes) return creation;
    const label = `${creatorName(creator)} #${counter}`;
    const creation = { label, sizeBytes, granuleShift: -1, base: -1, isMixed: false };
    sized.push(creation);
    return creation;
  }

  #allocate(creation: Creation, size: number): number {
    if (creation.base >= 0) return creation.base;
    creation.base = this.count;
    this.#owners.push({ creation, base: this.count });
    this.count += size;
    return creation.base;
  }

  /**
   * Location of an element, or `OUT_OF_RANGE`. Cost: constant; a map look-up when the view is not
   * the last one.
   */
  ofElement(view: SharedView, index: number): number {
    if (view !== this.#view) this.#select(view);
    if (!(index >= 0 && index < this.#viewLength) || index !== Math.trunc(index))
      return OUT_OF_RANGE;
    if (this.#viewSpan === 1) return this.#viewBase + index;
    return this.#group(this.#viewBase + index * this.#viewSpan, this.#viewSpan);
  }

  #select(view: SharedView): void {
    const buffer = view.buffer;
    let creation = this.#named.get(buffer);
    if (creation === undefined) {
      // Never announced: named as the next object of whoever is running, which may differ between
      // interleavings.
      this.hasOtherState = true;
      this.name(buffer, -1);
      creation = this.#named.get(buffer)!;
    }
    const shift = 31 - Math.clz32(view.BYTES_PER_ELEMENT);
    if (creation.granuleShift < 0) creation.granuleShift = shift;
    if (shift !== creation.granuleShift && !creation.isMixed) {
      creation.isMixed = true;
      this.#hasMixed = true;
      this.isStale = true;
    }
    if (shift < creation.granuleShift) {
      creation.granuleShift = shift;
      this.isStale = true;
    }
    const granule = creation.granuleShift;
    const base = this.#allocate(creation, Math.max(1, creation.sizeBytes >> granule));
    this.#view = view;
    this.#viewBase = base + (view.byteOffset >> granule);
    this.#viewSpan = 1 << (shift - granule);
    this.#viewLength = view.length;
  }

  #group(first: number, span: number): number {
    const key = `${first}+${span}`;
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = GROUP_BASE + this.#groupMembers.length;
      this.#groups.set(key, group);
      this.#groupMembers.push(Array.from({ length: span }, (_, i) => first + i));
    }
    return group;
  }

  /** Location of an atomic object or mutex. */
  ofObject(object: object, thread: number): number {
    let creation = this.#named.get(object);
    if (creation === undefined) {
      this.name(object, thread);
      creation = this.#named.get(object)!;
    }
    return creation.base >= 0 ? creation.base : this.#allocate(creation, 1);
  }

  /** Granules of a group. */
  members(group: number): readonly number[] {
    return this.#groupMembers[group - GROUP_BASE]!;
  }

  /**
   * Whether elements of several sizes are in use where this location lies: its value cannot be
   * predicted by element.
   */
  isMixed(location: number): boolean {
    if (location >= GROUP_BASE) return true;
    return this.#hasMixed && (this.#ownerOf(location)?.creation.isMixed ?? false);
  }

  /** A new location for bookkeeping of the explorer's: a queue of waiters, an invariant. */
  reserve(label: string): number {
    const creation: Creation = { label, sizeBytes: 0, granuleShift: 0, base: -1, isMixed: false };
    return this.#allocate(creation, 1);
  }

  /** A location as a person reads it: `setup #0 (8 bytes), byte 4`. */
  describe(location: number): string {
    const first = location >= GROUP_BASE ? this.members(location)[0]! : location;
    const owner = this.#ownerOf(first);
    if (owner === undefined) return `location ${location}`;
    const { label, sizeBytes, granuleShift } = owner.creation;
    return sizeBytes === 0 ? label : `${label}, byte ${(first - owner.base) << granuleShift}`;
  }

  #ownerOf(location: number): { creation: Creation; base: number } | undefined {
    return this.#owners.findLast((owner) => owner.base <= location);
  }
}

function creatorName(creator: number): string {
  if (creator === 0) return 'module';
  return creator === 1 ? 'setup' : `thread ${creator - 1}`;
}

function bufferSize(object: object): number {
  if (!(object instanceof SharedArrayBuffer || object instanceof ArrayBuffer)) return 0;
  const limit = (object as { maxByteLength?: number }).maxByteLength;
  return Math.max(limit ?? object.byteLength, 1);
}

/** The names in use: exploration runs in one thread. */
export const locations: Locations = new Locations();

/** A value as an element of this view would hold it: `2 ** 32` is 0 in an `Int32Array`. */
export function coerceLike(view: SharedView, value: unknown): unknown {
  if (view instanceof Int32Array) return Number(value) | 0;
  if (view instanceof BigInt64Array) return BigInt.asIntN(64, BigInt(value as number));
  if (view instanceof BigUint64Array) return BigInt.asUintN(64, BigInt(value as number));
  const element = new (view.constructor as new (length: number) => Uint8Array)(1);
  element[0] = Number(value);
  return element[0];
}
