/**
 * One iteration over a map as a session, and the contract it is held to, clause by clause.
 *
 * 1. The order is unspecified: no function, since none may ask. What comes must only be of the map:
 *    `isOfTheMap`.
 * 2. An entry deleted before it is reached is never produced: `isNotDeleted`.
 * 3. An entry inserted during the loop may be produced or not: no function, since both are right.
 *    `missedEntries` asks for none of them.
 * 4. An entry present from start to end is produced exactly once: `missedEntries` at the end, with
 *    clause 6.
 * 5. What is produced is the entry as it is at that moment: `isCurrent`.
 * 6. An entry is produced at most once: `isFirstTime`. Entries, not keys: a key deleted and set
 *    again is a new entry and may come a second time.
 * 7. After a clear nothing from before it is produced: `isNotCleared`.
 * 8. Over a nil map, or one empty at the start, nothing is produced at all: `isNotOver`. An ended
 *    loop stays ended.
 *
 * Source: the Go language specification, "For statements with range clause", point 3; `clear` from
 * Go 1.21.
 */
import type { Entry, MapSpec } from './spec.ts';

/** What an iterator gave in one step, matched with the entry it must be. */
export interface Production {
  readonly key: unknown;
  readonly value: unknown;
  /** `undefined` if the map was never given such an entry. */
  readonly entry: Entry | undefined;
}

/** The state of one loop. Begins when the first step is taken. */
export class IterationSession {
  readonly spec: MapSpec;
  /** Incarnation of the newest entry when the loop began: what is newer was inserted during it. */
  readonly newestAtStart: number;
  /** Clause 8: a loop over nothing is over before it begins. */
  isOver: boolean;
  readonly #produced = new Set<number>();

  constructor(spec: MapSpec) {
    this.spec = spec;
    this.newestAtStart = spec.insertions;
    this.isOver = spec.size === 0;
  }

  /** Number of different entries produced so far. */
  get producedCount(): number {
    return this.#produced.size;
  }

  hasProduced(entry: Entry): boolean {
    return this.#produced.has(entry.incarnation);
  }

  /**
   * Finds the entry that a key and a value stand for. Records nothing.
   *
   * `isStale` says that the place they were read from holds cleared entries only, so that they must
   * be one of those.
   */
  match(key: unknown, value: unknown, isStale = false): Production {
    return { key, value, entry: this.#entryOf(key, value, isStale) };
  }

  /** Records a production that the contract allows, or that is excused. */
  accept(entry: Entry): void {
    this.#produced.add(entry.incarnation);
  }

  #entryOf(key: unknown, value: unknown, isStale: boolean): Entry | undefined {
    if (this.spec.isReflexive(key)) return this.spec.latest(key);
    // Entries of NaN cannot be told apart but by value: the kindest reading counts. One that may
    // come is looked for first, then one that has come already, then one that is gone.
    const equal = this.spec.irreflexiveEntries().filter((entry) => Object.is(entry.value, value));
    if (isStale) return equal.find((entry) => entry.removedBy !== null);
    const live = equal.filter((entry) => entry.removedBy === null);
    return live.find((entry) => !this.hasProduced(entry)) ?? live[0] ?? equal[0];
  }
}

/**
 * Clauses 1 and 3: whenever it was inserted and in whatever order it comes, it is an entry that the
 * map was given.
 */
export function isOfTheMap(production: Production): boolean {
  return production.entry !== undefined;
}

/** Clause 2. */
export function isNotDeleted(production: Production): boolean {
  return production.entry?.removedBy !== 'delete';
}

/**
 * Clause 5: value and key are what the map holds now. Asks nothing of an entry that is gone;
 * clauses 2 and 7 do.
 */
export function isCurrent(production: Production): boolean {
  const { entry, key, value } = production;
  if (entry === undefined || entry.removedBy !== null) return true;
  return Object.is(entry.value, value) && Object.is(entry.key, key);
}

/** Clause 6. */
export function isFirstTime(session: IterationSession, production: Production): boolean {
  return production.entry === undefined || !session.hasProduced(production.entry);
}

/** Clause 7. */
export function isNotCleared(production: Production): boolean {
  return production.entry?.removedBy !== 'clear';
}

/** Clause 8. */
export function isNotOver(session: IterationSession): boolean {
  return !session.isOver;
}

/**
 * Clause 4, when the loop has ended: the entries present from start to end that never came. None is
 * right.
 */
export function missedEntries(session: IterationSession): readonly Entry[] {
  return session.spec
    .liveEntries()
    .filter((entry) => entry.incarnation <= session.newestAtStart && !session.hasProduced(entry));
}
