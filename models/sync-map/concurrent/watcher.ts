/**
 * Watches every step of an execution: the rules of state, and the engine as a refinement of the mid-level model.
 *
 * One execution of a class does not pass through every state that its others do, so a rule about several locations,
 * tested after each step, could hold here and fail there. What is tested here is the same in all of them:
 *
 * W1. Sections under the mutex follow each other in one order in all executions of a class. Read, dirty and misses are
 *     compared with the model, and tested by the rules of structure, at the end of each section; nothing else may change
 *     them (they are compared again when the next one begins). So they hold in every state in which the mutex is free.
 * W2. A change of an entry is judged by itself: from what, to what, by whom, holding the mutex or not. The changes of one
 *     entry have one order in a class.
 * W3. By W2 an entry is expunged, or brought back, only in a section. So whether an entry is expunged at the end of a
 *     section is the same in all executions too, and of what entries hold, the rules of structure ask nothing else.
 * W4. A range reports keys of the snapshot that it loaded, or published, last, and in its order: so keys that are stored
 *     for the first time after that are never reported, clause (f) of its contract.
 */
import { entryTransitions, ownKeyOnly } from '../../../properties/sync-map/entries.ts';
import { transitionRulesFor } from '../../../properties/sync-map/index.ts';
import { unlocked } from '../../../properties/sync-map/locking.ts';
import { Moment, type ObservedEntry } from '../../../properties/sync-map/observation/moment.ts';
import {
  showKey,
  type Fault,
  type Transition,
  type TransitionRule,
} from '../../../properties/sync-map/observation/rule.ts';
import { refinement, showMoment } from '../../../properties/sync-map/refinement.ts';
import { rangeModel } from '../../../properties/sync-map/results.ts';
import { readUnderMutex, snapshotImmutable } from '../../../properties/sync-map/snapshots.ts';
import { structureRules, visibleKeys } from '../../../properties/sync-map/structure.ts';
import type { Judgement } from '../../../src/core/explore/report.ts';
import type { Property } from '../../../src/core/property.ts';
import {
  COMPARE_EXCHANGE,
  KIND_MASK,
  LOAD,
  LOCK,
  registers,
  STORE,
  UNLOCK,
  UPDATE,
} from '../../../src/core/step.ts';
import type { SyncMapRules } from '../rules.ts';
import type { EngineMap } from './engine.ts';
import { showOperation } from './describe.ts';
import type { PlannedOperation } from './program.ts';
import type { OperationRecord } from './record.ts';
import { sectionFault } from './section-fault.ts';
import type { StepWatcher } from './threads.ts';

/** What an AtomicRef of the engine is to the watcher: a snapshot's or an entry's. */
interface Reference {
  load(): unknown;
}

interface PublishedSnapshot {
  readonly entries: ReadonlyMap<unknown, unknown>;
}

/** An entry of the engine; its pointer is looked at directly, since `kind` is steppable code. */
interface PointedEntry {
  readonly pointer: Reference;
}

export class StateWatcher implements StepWatcher {
  /** The first fault of the present execution. */
  fault: Judgement | null = null;
  readonly #rules: SyncMapRules;
  readonly #stateRules: readonly TransitionRule[];
  #map: EngineMap | null = null;
  /** By thread: the operation under way. */
  readonly #operations: PlannedOperation[] = [];
  /** By thread: the map of the snapshot that it looked at, or published, last. */
  readonly #snapshots: ReadonlyMap<unknown, unknown>[] = [];
  /** The state at the end of the last section. */
  #last = new Moment();
  #next = new Moment();
  /** The thread in a section, or -1. */
  #holder = -1;
  /** Whether the section deleted the value of its key. */
  #hasDeleted = false;
  /** Entries of read that have been nil since the section began. */
  readonly #nilThroughout = new Set<ObservedEntry>();
  /** What the step under way is about to change. */
  #before: unknown = undefined;

  constructor(rules: SyncMapRules) {
    this.#rules = rules;
    const all = transitionRulesFor(rules);
    this.#stateRules = structureRules.filter((rule) => rule !== visibleKeys && all.includes(rule));
  }

  /** An execution begins on this map. */
  start(map: EngineMap): void {
    this.#map = map;
    this.fault = null;
    this.#holder = -1;
    this.#last.capture(map.inspect());
  }

  began(thread: number, operation: PlannedOperation): void {
    this.#operations[thread] = operation;
  }

  leaving(thread: number): void {
    if (this.fault === null && this.#holder === thread) this.#outside(this.#endSection);
  }

  readonly #endSection = (thread: number): void => {
    const after = this.#next;
    this.#capture(after);
    this.#judgeSection(thread, this.#last, after);
    this.#next = this.#last;
    this.#last = after;
  };

  resumed(code: number, target: unknown): void {
    if (isChange(code & KIND_MASK)) this.#before = (target as Reference).load();
  }

  taken(thread: number, code: number, target: unknown): void {
    const kind = code & KIND_MASK;
    if (kind === LOCK) {
      this.#holder = thread;
      this.#outside(this.#beginSection);
    } else if (kind === UNLOCK) this.#holder = -1;
    else if (kind === LOAD) this.#noteSnapshot(thread, (target as Reference).load());
    else if (isChange(kind) && this.fault === null) {
      const before = this.#before;
      const after = (target as Reference).load();
      this.#noteSnapshot(thread, after);
      if (before !== after) this.#judgeChange(thread, target as Reference, before, after);
    }
  }

  /** W4: what a range reported stands in its snapshot, in that order. */
  ended(record: OperationRecord): void {
    if (record.rangeKeys.length === 0 || this.fault !== null) return;
    const { thread, rangeKeys } = record;
    const walked = this.#snapshots[thread]!.keys();
    for (const key of rangeKeys) {
      let next = walked.next();
      while (next.done !== true && !Object.is(next.value, key)) next = walked.next();
      if (next.done !== true) continue;
      this.#break(rangeModel, thread, {
        message: `Key ${showKey(key)} is not, or not there, in the snapshot that the range began with.`,
        expected: [...this.#snapshots[thread]!.keys()].map(showKey).join(', '),
        actual: rangeKeys.map(showKey).join(', '),
      });
      return;
    }
  }

  /** The snapshot that a thread looked at, or published, last. */
  #noteSnapshot(thread: number, value: unknown): void {
    if (isSnapshot(value)) this.#snapshots[thread] = (value as PublishedSnapshot).entries;
  }

  /** All operations have ended. What is done to the map from now on is not judged. */
  close(): void {
    this.#capture(this.#next);
  }

  /** Judges what was left when it was closed; `contents` are the keys with their values. */
  end(contents: ReadonlyMap<unknown, unknown>): Judgement | null {
    if (this.fault !== null) return this.fault;
    const after = this.#next;
    if (after.isLocked) {
      this.#break(unlocked, -1, {
        message: 'All operations have ended and the mutex is held.',
        expected: 'free',
        actual: 'held',
      });
    }
    this.#expectUnchanged(-1, after);
    this.#judgeState(-1, this.#last, after, contents);
    return this.fault;
  }

  readonly #beginSection = (thread: number): void => {
    if (this.fault !== null) return;
    this.#hasDeleted = false;
    const now = this.#next;
    this.#capture(now);
    this.#expectUnchanged(thread, now);
    this.#nilThroughout.clear();
    for (let row = 0; row < now.readSize; row++) {
      if (now.kinds[row] === 'nil') this.#nilThroughout.add(now.readEntries[row]!);
    }
  };

  /** W1: outside of sections read, dirty and misses stay as they are. */
  #expectUnchanged(thread: number, now: Moment): void {
    const last = this.#last;
    const isSame =
      now.readMap === last.readMap &&
      now.amended === last.amended &&
      now.dirtyMap === last.dirtyMap &&
      now.dirtySize === last.dirtySize &&
      now.misses === last.misses;
    if (isSame) return;
    this.#break(now.readMap === last.readMap ? refinement : readUnderMutex, thread, {
      message: 'Read, dirty or misses changed while nobody held the mutex.',
      expected: showMoment(last).join('; '),
      actual: showMoment(now).join('; '),
    });
  }

  #judgeSection(thread: number, before: Moment, after: Moment): void {
    this.#judgeState(thread, before, after, null);
    if (this.fault !== null) return;
    const fault = sectionFault(this.#rules, before, after, {
      operation: this.#operations[thread]!.name,
      key: this.#operations[thread]!.call.key,
      hasDeleted: this.#hasDeleted,
      nilThroughout: this.#nilThroughout,
    });
    if (fault !== null) this.#break(refinement, thread, fault);
  }

  #judgeState(
    thread: number,
    before: Moment,
    after: Moment,
    contents: ReadonlyMap<unknown, unknown> | null,
  ): void {
    // The rules of structure look at the state after, and at what is visible, alone.
    const transition = { before, after, contents } as Transition;
    const fault = snapshotImmutable.check(transition);
    if (fault !== null) this.#break(snapshotImmutable, thread, fault);
    for (const rule of this.#stateRules) {
      const fault = rule.check(transition);
      if (fault !== null) this.#break(rule, thread, fault);
    }
    if (contents === null) return;
    const unseen = visibleKeys.check(transition);
    if (unseen !== null) this.#break(visibleKeys, thread, unseen);
  }

  /** W2. */
  #judgeChange(thread: number, target: Reference, before: unknown, after: unknown): void {
    const holds = this.#holder === thread;
    if (isSnapshot(before)) {
      if (!holds) this.#break(readUnderMutex, thread, changeFault('Read was replaced', 'held'));
      return;
    }
    const from = kindOf(before);
    const to = kindOf(after);
    const operation = this.#operations[thread]!;
    const entry = this.#entryOf(target);
    if (entry !== null && to !== 'nil') this.#nilThroughout.delete(entry);
    if (to === 'expunged') {
      const isMakingDirty = holds && this.#last.dirtySize < 0 && INSERTING.has(operation.name);
      if (from === 'nil' && isMakingDirty) return;
      this.#break(entryTransitions, thread, changeFault(`An entry went from ${from} to expunged`));
    } else if (from === 'expunged') {
      if (to === 'nil' && holds && INSERTING.has(operation.name)) return;
      this.#break(entryTransitions, thread, changeFault(`An entry went from expunged to ${to}`));
    } else {
      if (to === 'nil' && holds) this.#hasDeleted = true;
      this.#judgeOwner(thread, operation, entry);
    }
  }

  #judgeOwner(thread: number, operation: PlannedOperation, entry: ObservedEntry | null): void {
    if (entry === null) return;
    const row = rowOf(this.#last, entry);
    const key = this.#last.keys[row];
    const isOwn =
      operation.name !== 'range' && operation.name !== 'clear' && key === operation.call.key;
    if (isOwn) return;
    this.#break(ownKeyOnly, thread, {
      message: `The entry of another key, ${showKey(key)}, changed.`,
      expected: 'no change',
      actual: 'changed',
    });
  }

  /** The entry with that pointer, if it was in read or dirty when the last section ended. */
  #entryOf(target: Reference): ObservedEntry | null {
    const { rowCount, readEntries, dirtyEntries } = this.#last;
    for (let row = 0; row < rowCount; row++) {
      const entry = readEntries[row] ?? dirtyEntries[row]!;
      if ((entry as unknown as PointedEntry).pointer === target) return entry;
    }
    return null;
  }

  #capture(moment: Moment): void {
    moment.capture(this.#map!.inspect());
  }

  /** Runs a look at the map that takes no step and disturbs no announcement. */
  #outside(look: (thread: number) => void): void {
    const { thread, target, index, point } = registers;
    registers.thread = -1;
    look(thread);
    registers.thread = thread;
    registers.target = target;
    registers.index = index;
    registers.point = point;
  }

  #break(property: Property, thread: number, fault: Fault): void {
    if (this.fault !== null) return;
    const place = thread < 0 ? '' : `${showOperation(this.#operations[thread]!, thread)}: `;
    this.fault = {
      kind: property === refinement ? 'divergence' : 'invariant',
      property: property.name,
      message: place + fault.message,
      details: [`expected: ${fault.expected}`, `actual:   ${fault.actual}`],
    };
  }
}

const INSERTING: ReadonlySet<string> = new Set(['store', 'swap', 'loadOrStore']);

function isChange(kind: number): boolean {
  return kind === COMPARE_EXCHANGE || kind === UPDATE || kind === STORE;
}

function isSnapshot(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'amended' in value;
}

/** What an entry's pointer says. Of the boxes that it can point to, only the mark of expunged entries is frozen. */
function kindOf(pointer: unknown): 'nil' | 'expunged' | 'value' {
  if (pointer === null) return 'nil';
  return Object.isFrozen(pointer) ? 'expunged' : 'value';
}

function rowOf({ rowCount, readEntries, dirtyEntries }: Moment, entry: ObservedEntry): number {
  for (let row = 0; row < rowCount; row++) {
    if ((readEntries[row] ?? dirtyEntries[row]) === entry) return row;
  }
  return -1;
}

function changeFault(what: string, mutex = 'held, by a write that may do so'): Fault {
  return { message: `${what}, which needs the mutex.`, expected: mutex, actual: 'not so' };
}
