/**
 * The step protocol: how a modelled thread tells the explorer what it is about to do.
 *
 * A modelled thread is a generator. Before each access to shared memory it yields one small
 * integer, the *code*, that names the access; when the explorer resumes it, the thread performs the
 * access itself and runs on to its next announcement. So every unfinished thread is parked just
 * before its next access, and resuming it is one step:
 *
 *     (yield atomicLoad(view, index, point), Atomics.load(view, index))
 *
 * P1. A code is `kind | location << KIND_BITS`. The functions below make codes; nobody else does.
 * P2. Operands that the explorer needs to predict an outcome (the expected value of a
 *     compareExchange, the value and timeout of a wait, the count of a notify) stand in
 *     `registers`, set by the same functions. The `yield` must come straight after the call:
 *     nothing may run in between.
 * P3. The thread performs every access itself, except `wait` and `notify`: those are performed by
 *     the explorer, and their results come back as the value of the `yield`. `Mutex` calls are made
 *     by the thread; the explorer resumes a `lock` only while the mutex is free.
 * P4. Between two announcements a thread touches nothing shared, and what it does depends on
 *     nothing but its own state and the values it received. The explorer verifies that codes repeat
 *     when it replays, and reports the first that does not.
 * P5. Locations are named by creation, never by first access: `created` is called with every
 *     SharedArrayBuffer and every atomic object straight after its construction.
 * P6. A program is *confined* if its threads share nothing but the elements of typed arrays that
 *     setup made, and read and write those in steps alone; if they create no shared object; and if
 *     its check writes nothing but variables of its own. Of two runs that begin alike, a thread that
 *     took no step since is then in the same state, and need not be run again. One plain object that
 *     threads push to, and the check reads, is enough for a program not to be confined.
 */
import {
  coerceLike,
  locations,
  OUT_OF_RANGE,
  type AtomicObject,
  type SharedView,
} from './memory.ts';

/** Bits of a code that hold its kind. */
export const KIND_BITS = 4;
/** Mask of those bits. */
export const KIND_MASK = 15;

/**
 * Atomic read. Kinds below 2 are reads, kinds 2 to 4 unconditional writes; none of those five can
 * block.
 */
export const LOAD = 0;
/** Read of a typed array's element without `Atomics`. */
export const PLAIN_READ = 1;
/** Atomic write. */
export const STORE = 2;
/** Atomic add, sub, and, or, xor, exchange or swap: reads and always writes. */
export const UPDATE = 3;
/** Write of a typed array's element without `Atomics`. */
export const PLAIN_WRITE = 4;
/** Gives a mutex back. */
export const UNLOCK = 5;
/** Writes when the value is the expected one, otherwise only reads. */
export const COMPARE_EXCHANGE = 6;
/** Takes a mutex if it is free, otherwise only reads its state. */
export const TRY_LOCK = 7;
/** Takes a mutex; the thread is blocked while it is held. */
export const LOCK = 8;
/** `Atomics.wait`: reads; when the value is the expected one, queues the thread. */
export const WAIT = 9;
/**
 * The end of a wait that queued: by a notify or, when the wait has a timeout, at any time. Made by
 * the explorer.
 */
export const WAKE = 10;
/** `Atomics.notify`. */
export const NOTIFY = 11;
/** Waits for another thread to finish. */
export const JOIN = 12;
/** Never enabled again: an assumption of the program did not hold. */
export const PARK = 13;
/**
 * Back edge of a loop that carries no state from one iteration to the next; not an event of its
 * own.
 */
export const SPIN = 14;
/** A step that touches nothing shared. */
export const LOCAL = 15;

/** The code of a step that touches nothing shared. */
export const LOCAL_CODE: number = LOCAL;
/** The code of a thread that never runs again. */
export const PARK_CODE: number = PARK;

/** What a `yield` gives back: the result of a wait, the count of a notify, otherwise nothing. */
export type StepResult = 'ok' | 'not-equal' | 'timed-out' | number | undefined;

/** A running modelled thread. */
export type ThreadRun = Generator<number, unknown, StepResult>;

/** A program in stepped form: what the explorer runs. */
export interface SteppedProgram<Shared = unknown> {
  readonly name?: string;
  /** Makes the shared state of one run. Runs before all threads; its accesses are not steps. */
  readonly setup: () => Shared;
  /** The threads, each a generator function. At most 31. */
  readonly threads: readonly ((shared: Shared) => ThreadRun)[];
  /** After all threads ended: throws to fail. `results` are the threads' return values. */
  readonly check?: (shared: Shared, results: readonly unknown[]) => void;
  /**
   * P6. Says so only where it is known: by whoever wrote the program, or by a proof, which may depend on what set-up
   * returned.
   */
  readonly isConfined?: boolean | ((shared: Shared) => boolean);
  /** Hold after setup and after every step that changes shared memory; each throws to fail. */
  readonly invariants?: readonly Invariant<Shared>[];
}

/**
 * A rule about the shared state at every moment. It may look at the state only by plain means:
 * nothing is stepped.
 */
export interface Invariant<Shared = unknown> {
  readonly name: string;
  readonly test: (shared: Shared) => void;
}

/** Operands of the announcement being made, and what a thread may ask about itself. */
export interface StepRegisters {
  /** The view or the atomic object of the announced access. */
  target: SharedView | AtomicObject | null;
  /** 0-based element index in the view; -1 when `target` is an atomic object. */
  index: number;
  /** Expected value of a compareExchange or a wait, as the element type holds it. */
  expected: unknown;
  /** Milliseconds of a wait, above 0; `Infinity` when there is none. */
  timeout: number;
  /** Greatest number of waiters a notify wakes. */
  count: number;
  /** Source place of the announcement: a number of the instrumenter's, or -1. */
  point: number;
  /** The loop whose back edge was taken last: a number of the instrumenter's, or -1. */
  loop: number;
  /** Back edges taken since the thread was resumed. */
  localIterations: number;
  /** 0-based index of the running thread; -1 during setup and outside of exploration. */
  thread: number;
  /** Events the running thread has performed, the one being performed included. */
  eventCount: number;
  /** Receives `spinEntry`; set by the machine that runs. */
  entered: ((thread: number, loop: number) => void) | null;
}

/** The one set of registers: exploration runs in one thread, one modelled thread at a time. */
export const registers: StepRegisters = {
  target: null,
  index: -1,
  expected: undefined,
  timeout: Infinity,
  count: 0,
  point: -1,
  loop: -1,
  localIterations: 0,
  thread: -1,
  eventCount: 0,
  entered: null,
};

/** Back edges a thread may take between two of its steps. */
export const LOCAL_ITERATIONS_MAX = 2_000_000;

/**
 * Thrown out of a thread that loops without ever reaching a step; the explorer makes it a verdict.
 */
export class LocalLoopError extends Error {
  override readonly name = 'LocalLoopError';
}

/** Tells of a new SharedArrayBuffer, AtomicRef, AtomicBoolean or Mutex, and returns it. */
export function created<T extends object>(object: T): T {
  locations.name(object, registers.thread);
  return object;
}

/**
 * Whether a plain element access of this value is a step: it is a typed array over a
 * SharedArrayBuffer.
 */
export function isSharedView(value: unknown): value is SharedView {
  return (
    ArrayBuffer.isView(value) &&
    value.buffer instanceof SharedArrayBuffer &&
    !(value instanceof DataView)
  );
}

/** Tells of something that threads may share beside elements: their program is not confined (P6) after all. */
export function noteOtherState(): void {
  locations.hasOtherState = true;
}

function announce(kind: number, view: SharedView, index: number, point: number): number {
  registers.target = view;
  registers.index = index;
  registers.point = point;
  const location = locations.ofElement(view, index);
  return location === OUT_OF_RANGE ? LOCAL_CODE : kind | (location << KIND_BITS);
}

/** Announces `Atomics.load`. */
export function atomicLoad(view: SharedView, index: number, point = -1): number {
  return announce(LOAD, view, index, point);
}

/** Announces `Atomics.store`. */
export function atomicStore(view: SharedView, index: number, point = -1): number {
  return announce(STORE, view, index, point);
}

/** Announces `Atomics.add`, `sub`, `and`, `or`, `xor` or `exchange`. */
export function atomicUpdate(view: SharedView, index: number, point = -1): number {
  return announce(UPDATE, view, index, point);
}

/** Announces `Atomics.compareExchange`. */
export function atomicCompareExchange(
  view: SharedView,
  index: number,
  expected: unknown,
  point = -1,
): number {
  registers.expected =
    view instanceof Int32Array ? Number(expected) | 0 : coerceLike(view, expected);
  return announce(COMPARE_EXCHANGE, view, index, point);
}

/** Announces a read of `view[index]`. Only for views of which `isSharedView` holds. */
export function plainRead(view: SharedView, index: number, point = -1): number {
  return announce(PLAIN_READ, view, index, point);
}

/** Announces a write of `view[index]`. Only for views of which `isSharedView` holds. */
export function plainWrite(view: SharedView, index: number, point = -1): number {
  return announce(PLAIN_WRITE, view, index, point);
}

/**
 * Announces `Atomics.wait`, which the explorer performs: the value of the `yield` is the result.
 *
 * @throws TypeError or RangeError where `Atomics.wait` would.
 */
export function atomicWait(
  view: SharedView,
  index: number,
  value: unknown,
  timeout: unknown,
  point = -1,
): number {
  if (!(view instanceof Int32Array || view instanceof BigInt64Array) || !isSharedView(view)) {
    throw new TypeError('Atomics.wait needs an Int32Array or BigInt64Array over shared memory');
  }
  const limit = timeout === undefined ? Number.NaN : Number(timeout);
  registers.expected = coerceLike(view, value);
  registers.timeout = Number.isNaN(limit) ? Infinity : Math.max(limit, 0);
  const code = announce(WAIT, view, index, point);
  if (code === LOCAL_CODE) throw new RangeError(`Atomics.wait: invalid index ${index}`);
  return code;
}

/**
 * Announces `Atomics.notify`, which the explorer performs: the value of the `yield` is the number
 * of threads woken.
 */
export function atomicNotify(view: SharedView, index: number, count: unknown, point = -1): number {
  const limit = count === undefined ? Infinity : Number(count);
  registers.count = Number.isNaN(limit) ? 0 : Math.max(Math.trunc(limit), 0);
  const code = announce(NOTIFY, view, index, point);
  if (code === LOCAL_CODE) throw new RangeError(`Atomics.notify: invalid index ${index}`);
  return code;
}

function announceObject(kind: number, object: AtomicObject, point: number): number {
  registers.target = object;
  registers.index = -1;
  registers.point = point;
  return kind | (locations.ofObject(object, registers.thread) << KIND_BITS);
}

/** Announces `load()` of an AtomicRef or AtomicBoolean. */
export function objectLoad(object: AtomicObject, point = -1): number {
  return announceObject(LOAD, object, point);
}

/** Announces `store()` of an AtomicRef or AtomicBoolean. */
export function objectStore(object: AtomicObject, point = -1): number {
  return announceObject(STORE, object, point);
}

/** Announces `swap()` of an AtomicRef or AtomicBoolean. */
export function objectSwap(object: AtomicObject, point = -1): number {
  return announceObject(UPDATE, object, point);
}

/** Announces `compareAndSwap()` of an AtomicRef or AtomicBoolean. */
export function objectCompareAndSwap(object: AtomicObject, expected: unknown, point = -1): number {
  registers.expected = expected;
  return announceObject(COMPARE_EXCHANGE, object, point);
}

/** Announces `lock()` of a Mutex. */
export function mutexLock(mutex: object, point = -1): number {
  return announceObject(LOCK, mutex as AtomicObject, point);
}

/** Announces `tryLock()` of a Mutex. */
export function mutexTryLock(mutex: object, point = -1): number {
  return announceObject(TRY_LOCK, mutex as AtomicObject, point);
}

/** Announces `unlock()` of a Mutex. */
export function mutexUnlock(mutex: object, point = -1): number {
  return announceObject(UNLOCK, mutex as AtomicObject, point);
}

/** Announces a wait for another thread of the program to end. */
export function threadJoin(thread: number, point = -1): number {
  registers.target = null;
  registers.point = point;
  return JOIN | (thread << KIND_BITS);
}

/**
 * Announces the back edge of a loop that carries no state from one iteration to the next: an
 * iteration that found everything unchanged would find it so again. To be yielded, like an access.
 *
 * Only for such loops. A loop that counts, or remembers what it saw, calls `loopEdge`: were it
 * announced as a spin, the explorer would leave out interleavings.
 */
export function spin(loop: number, point = -1): number {
  registers.target = null;
  registers.loop = loop;
  registers.point = point;
  return SPIN | (loop << KIND_BITS);
}

/**
 * Tells that a loop whose back edges are announced by `spin` is entered; a plain call, nothing is
 * yielded. Without it the loop's first iteration counts as one that changed something, so the loop
 * runs once more than it needs to.
 */
export function spinEntry(loop: number): void {
  registers.entered?.(registers.thread, loop);
}

/**
 * Tells of the back edge of any other loop; a plain call, nothing is yielded.
 *
 * @throws LocalLoopError after `LOCAL_ITERATIONS_MAX` calls between two steps of one thread.
 */
export function loopEdge(loop: number): void {
  registers.loop = loop;
  if (++registers.localIterations > LOCAL_ITERATIONS_MAX) {
    throw new LocalLoopError(`loop ${loop} ran ${LOCAL_ITERATIONS_MAX} times between two steps`);
  }
}
