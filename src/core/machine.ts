/**
 * The machine: runs a stepped program one chosen step at a time.
 *
 * It knows what each thread is about to do, who is blocked, and how the scheduler's own objects
 * (queues of waiters, spin loops) change. It knows nothing of equivalence, clocks or strategies;
 * all engines drive this one machine.
 *
 * K1. Between calls every unfinished thread is parked at an announcement; `codes[t]` is that
 *     announcement.
 * K2. A machine restarted and stepped through the same threads in the same order is in the same
 *     state.
 * K3. A thread is enabled unless its `LOCK` finds the mutex held, its `WAKE` was not notified and
 *     has no timeout, its `JOIN` waits for an unfinished thread, it is parked for ever, or it spins
 *     (K4).
 * K4. A thread at the back edge of a spin loop is disabled if, since its last time there, it
 *     changed nothing and every location it read still has the version it was read at. It is
 *     enabled again when one of them changes. A location's version counts the writes that changed
 *     its value.
 * K5. What the program uses (conditional steps, plain accesses, spin loops) is learned as it runs
 *     and switches recording on. `isStale` says that something new was learned, so that runs before
 *     it were recorded incompletely.
 */
import { AccessFootprints } from './access-footprints.ts';
import { Footprints } from './footprint.ts';
import { GROUP_BASE, locations, type AtomicObject, type SharedView } from './memory.ts';
import { nameReachable } from './reachable.ts';
import { SpinLoops } from './spin-loops.ts';
import {
  COMPARE_EXCHANGE,
  JOIN,
  KIND_BITS,
  KIND_MASK,
  LOAD,
  LOCAL,
  LOCK,
  NOTIFY,
  PARK,
  PLAIN_READ,
  PLAIN_WRITE,
  registers,
  SPIN,
  STORE,
  TRY_LOCK,
  UNLOCK,
  WAIT,
  WAKE,
  type SteppedProgram,
  type StepResult,
  type ThreadRun,
} from './step.ts';
import { FINISHED, Threads } from './threads.ts';
import { WaitQueues } from './wait-queues.ts';

/** An exception that a thread, or the check at the end, threw. */
export interface Thrown {
  /** 0-based index of the thread; -1 for the check at the end. */
  readonly thread: number;
  readonly error: unknown;
}

/** What the machine needs of a mutex. */
interface MutexObject {
  readonly isLocked: boolean;
}

export class Machine extends Threads {
  readonly footprints: Footprints = new Footprints();
  readonly queues: WaitQueues;
  readonly spins: SpinLoops;
  /** What steps touch. */
  readonly accesses: AccessFootprints;
  /** Set of threads that have not ended. */
  live = 0;
  /** Set of unfinished threads whose next step may be disabled. */
  #gated = 0;
  /** Events since the restart. */
  position = 0;
  /** First exception since the restart. */
  thrown: Thrown | null = null;
  shared: unknown = undefined;
  /** K5. */
  isStale = false;
  /** Whether values before and after writes are recorded, in `valueBefore` and `valueAfter`. */
  recordsValues = false;
  usesPlain = false;
  valueBefore: unknown = undefined;
  valueAfter: unknown = undefined;
  #runs: ThreadRun[] = [];
  readonly #entered = (thread: number, loop: number): void => {
    this.#useSpins();
    this.spins.enter(thread, loop);
  };

  constructor(program: SteppedProgram) {
    super(program);
    this.queues = new WaitQueues(this.threadCount);
    this.spins = new SpinLoops(this.threadCount);
    this.accesses = new AccessFootprints(this.footprints, this.queues);
  }

  /** Begins an execution: fresh shared state, all threads run up to their first announcement. */
  restart(): void {
    locations.restart();
    registers.thread = -1;
    registers.entered = this.#entered;
    this.position = 0;
    this.thrown = null;
    this.live = 0;
    this.#gated = 0;
    if (this.queues.isUsed) this.queues.clear();
    if (this.spins.isUsed) this.spins.clear();
    const { program, threadCount } = this;
    const shared = program.setup();
    this.shared = shared;
    nameReachable(shared);
    for (let t = 0; t < threadCount; t++) {
      registers.loop = -1;
      this.live |= 1 << t;
      this.eventCounts[t] = 0;
      // A generator runs nothing until it is resumed first, so all of them begin in one state.
      this.#runs[t] = program.threads[t]!(shared);
    }
    for (let t = 0; t < threadCount; t++) this.#advance(t, undefined);
    registers.thread = -1;
  }

  /** Puts one thread back to its first announcement. Only for confined programs (P6 of `step.ts`). */
  restartThread(t: number): void {
    registers.loop = -1;
    this.live |= 1 << t;
    this.#gated &= ~(1 << t);
    this.eventCounts[t] = 0;
    this.#runs[t] = this.program.threads[t]!(this.shared);
    this.#advance(t, undefined);
  }

  /** Ends the exploration: nothing of it is left in the registers and names that all share. */
  end(): void {
    registers.entered = null;
    registers.thread = -1;
    registers.target = null;
    locations.end();
  }

  /** Whether something was learned that `refresh` has not made count yet. */
  get hasLearned(): boolean {
    return this.isStale || locations.isStale;
  }

  /**
   * If something was learned since, makes it count and returns true: everything recorded before is
   * void.
   */
  refresh(): boolean {
    if (!this.hasLearned) return false;
    if (locations.isStale) locations.refresh();
    this.isStale = false;
    if (this.accesses.watched >= 0) this.accesses.watch();
    this.queues.forgetLocations();
    this.spins.forgetVersions();
    return true;
  }

  /** Set of threads that can move. */
  enabled(): number {
    return this.#gated === 0 ? this.live : this.live & ~this.#blocked();
  }

  #blocked(): number {
    let blocked = 0;
    for (let rest = this.#gated; rest !== 0; rest &= rest - 1) {
      const t = 31 - Math.clz32(rest & -rest);
      if (this.#isBlocked(t)) blocked |= 1 << t;
    }
    return blocked;
  }

  #isBlocked(t: number): boolean {
    if (this.spins.isUsed && this.spins.isWaiting(t)) return true;
    const code = this.codes[t]!;
    switch (code & KIND_MASK) {
      case LOCK:
        return (this.targets[t] as unknown as MutexObject).isLocked;
      case WAKE:
        return !this.queues.isNotified(t) && this.timeouts[t] === Infinity;
      case JOIN:
        return (this.live & (1 << (code >> KIND_BITS))) !== 0;
      case PARK:
        return true;
      default:
        return false;
    }
  }

  /** Whether the next step of `t` is a `LOCK` that only waits for the mutex. */
  isBlockedOnLock(t: number): boolean {
    return (
      (this.live & (1 << t)) !== 0 &&
      (this.codes[t]! & KIND_MASK) === LOCK &&
      !(this.spins.isUsed && this.spins.isWaiting(t)) &&
      (this.targets[t] as unknown as MutexObject).isLocked
    );
  }

  /** Threads blocked for ever by `PARK`. */
  parked(): number {
    let parked = 0;
    for (let t = 0; t < this.threadCount; t++) {
      if (this.codes[t] === PARK) parked |= 1 << t;
    }
    return parked & this.live;
  }

  /** What the next step of an enabled thread touches, its outcome decided by the present state. */
  footprint(t: number): number {
    const code = this.codes[t]!;
    const kind = code & KIND_MASK;
    const location = code >> KIND_BITS;
    if (
      kind <= PLAIN_WRITE &&
      location < GROUP_BASE &&
      !this.spins.isUsed &&
      this.accesses.watched < 0
    ) {
      return (location << 1) | (kind >= STORE ? 1 : 0);
    }
    const footprint = this.accesses.of(kind, location, this.#succeeds(t, kind, location));
    if (!this.spins.isUsed || !this.spins.awaits(t)) return footprint;
    return this.accesses.withAwaited(footprint, this.spins.awaitedLocations(t));
  }

  #succeeds(t: number, kind: number, location: number): boolean {
    switch (kind) {
      case COMPARE_EXCHANGE:
        // Values of elements that overlap with others of another size are not followed: taken as
        // writing.
        return locations.isMixed(location) || this.peek(t) === this.expected[t];
      case WAIT:
        return (
          this.timeouts[t]! > 0 &&
          (locations.isMixed(location) || this.peek(t) === this.expected[t])
        );
      case TRY_LOCK:
        return !(this.targets[t] as unknown as MutexObject).isLocked;
      case WAKE:
        return this.queues.isNotified(t);
      default:
        return true;
    }
  }

  /** The present value at the place a thread has announced. */
  peek(t: number): unknown {
    const target = this.targets[t]!;
    const index = this.indexes[t]!;
    if (target instanceof Int32Array) return target[index];
    return index >= 0 ? (target as SharedView)[index] : (target as AtomicObject).load();
  }

  /** Performs the next step of an enabled thread. `isKnown`: no loops, and its values are recorded. */
  step(t: number, isKnown = false): void {
    const code = this.codes[t]!;
    const kind = code & KIND_MASK;
    if (isKnown ? kind < WAIT || kind > NOTIFY : kind <= PLAIN_WRITE && !this.recordsValues) {
      this.position++;
      this.#advance(t, undefined);
      return;
    }
    this.#stepRecorded(t, kind, code >> KIND_BITS);
  }

  #stepRecorded(t: number, kind: number, location: number): void {
    const isAccess = kind !== JOIN && kind !== LOCAL && kind !== WAKE;
    const isValue = isAccess && kind !== LOCK && kind !== UNLOCK && kind !== TRY_LOCK;
    const target = this.targets[t]!;
    const index = this.indexes[t]!;
    const before = isValue && this.recordsValues ? this.peek(t) : undefined;
    const isRead = kind === LOAD || kind === PLAIN_READ;
    if (this.spins.isUsed) {
      const succeeds = this.#succeeds(t, kind, location);
      this.spins.noteStep(t, kind, location, this.eventCounts[t]!, succeeds);
    }
    const position = this.position++;
    if (kind >= WAIT && kind <= NOTIFY) {
      const result = this.#synchronise(t, kind, location, position);
      if (result === null) return;
      this.#advance(t, result);
      return;
    }
    this.#advance(t, undefined);
    if (!isValue || isRead || !this.recordsValues) return;
    this.valueBefore = before;
    this.valueAfter = index >= 0 ? (target as SharedView)[index] : (target as AtomicObject).load();
    if (this.spins.isUsed && this.valueBefore !== this.valueAfter) {
      this.spins.noteChange(t, location, true);
    }
  }

  /** Waits, wakes and notifies; the result for the thread, or `null` when it stays where it is. */
  #synchronise(t: number, kind: number, location: number, position: number): StepResult | null {
    if (kind === NOTIFY) return this.queues.notify(location, this.counts[t]!, position);
    if (kind === WAKE) return this.queues.leave(t, location);
    if (this.peek(t) !== this.expected[t]) return 'not-equal';
    if (this.timeouts[t] === 0) return 'timed-out';
    this.queues.enter(t, location);
    this.eventCounts[t]!++;
    this.codes[t] = WAKE | (location << KIND_BITS);
    this.#gated |= 1 << t;
    return null;
  }

  #advance(t: number, result: StepResult): void {
    registers.thread = t;
    registers.localIterations = 0;
    registers.eventCount = this.eventCounts[t]!++;
    const run = this.#runs[t]!;
    try {
      let next = run.next(result);
      while (next.done !== true && (next.value & KIND_MASK) === SPIN) {
        this.#useSpins();
        if (!this.spins.backEdge(t, next.value >> KIND_BITS)) {
          next = run.next(undefined);
          continue;
        }
        this.#park(t, next.value >> KIND_BITS);
        return;
      }
      if (next.done === true) {
        this.#finish(t);
        this.results[t] = next.value;
        return;
      }
      this.#announced(t, next.value);
    } catch (error) {
      this.loops[t] = registers.loop;
      this.#finish(t);
      this.results[t] = undefined;
      this.thrown ??= { thread: t, error };
    }
  }

  #useSpins(): void {
    this.#learn(this.spins.isUsed);
    this.spins.isUsed = true;
    this.recordsValues = true;
  }

  #announced(t: number, code: number): void {
    this.takeAnnouncement(t, code);
    const kind = code & KIND_MASK;
    if (kind === PLAIN_READ || kind === PLAIN_WRITE) {
      if (!this.usesPlain) {
        this.#learn(false);
        this.usesPlain = true;
      }
    } else if (kind > UNLOCK) {
      this.#announcedConditional(t, kind);
      return;
    }
    if (this.spins.isUsed) this.#gate(t, this.spins.awaits(t));
    else if (this.#gated !== 0) this.#gated &= ~(1 << t);
  }

  #announcedConditional(t: number, kind: number): void {
    this.takeOperands(t);
    const isGated = kind === LOCK || kind === JOIN || kind === PARK;
    this.#gate(t, isGated || (this.spins.isUsed && this.spins.awaits(t)));
    if (kind === COMPARE_EXCHANGE || kind === WAIT) {
      this.#learn(this.recordsValues);
      this.recordsValues = true;
    }
  }

  #gate(t: number, isGated: boolean): void {
    if (isGated) this.#gated |= 1 << t;
    else this.#gated &= ~(1 << t);
  }

  #learn(isKnown: boolean): void {
    if (!isKnown) this.isStale = true;
  }

  #finish(t: number): void {
    this.codes[t] = FINISHED;
    this.live &= ~(1 << t);
    this.#gated &= ~(1 << t);
    this.targets[t] = null;
  }

  /** A loop that can never end; told apart from an assumption by its location bits. */
  #park(t: number, loop: number): void {
    this.codes[t] = PARK | ((Math.max(loop, 0) + 1) << KIND_BITS);
    this.#gated |= 1 << t;
  }
}
