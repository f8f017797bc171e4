/**
 * The announcements of `core/step.ts` as stepped modules call them: with values of any type, as the source may have them.
 */
import { AtomicBoolean, AtomicRef, Mutex } from '../../atomics/index.ts';
import type { SharedView } from '../../core/memory.ts';
import * as step from '../../core/step.ts';
import { guard } from './refuse.ts';

export { isSharedView, spin } from '../../core/step.ts';
export {
  mutexLock,
  mutexTryLock,
  mutexUnlock,
  objectCompareAndSwap,
  objectLoad,
  objectStore,
  objectSwap,
} from '../../core/step.ts';

/** Tells of a new object if it is one whose accesses are steps, and returns it. */
export function made<T extends object>(object: T): T {
  const isShared =
    object instanceof SharedArrayBuffer ||
    object instanceof AtomicRef ||
    object instanceof AtomicBoolean ||
    object instanceof Mutex;
  return isShared ? step.created(object) : object;
}

/** Tells of a loop's back edge while a thread runs; elsewhere loops are nobody's business. */
export function loopEdge(loop: number): void {
  if (step.registers.thread >= 0) step.loopEdge(loop);
}

let lastView: unknown = null;
let isLastShared = false;

/** `isSharedView`, fast for the view asked about last. */
function isShared(object: unknown): object is SharedView {
  if (object === lastView) return isLastShared;
  if (!ArrayBuffer.isView(object)) return false;
  lastView = object;
  isLastShared = step.isSharedView(object);
  return isLastShared;
}

/** Whether `object[key]` is an element of a typed array over shared memory. */
export function isElement(object: unknown, key: unknown): boolean {
  if (typeof object !== 'object' || !isShared(object)) {
    if (typeof object === 'function') step.noteOtherState();
    return false;
  }
  if (typeof key === 'number') return true;
  if (typeof key === 'string' && String(Number(key)) === key) return true;
  step.noteOtherState();
  return false;
}

/** Announces the read of an element of which `isElement` holds. */
export function readElement(view: SharedView, key: number | string, point: number): number {
  return step.plainRead(view, typeof key === 'number' ? key : Number(key), point);
}

/** Announces the write of an element of which `isElement` holds. */
export function writeElement(view: SharedView, key: number | string, point: number): number {
  return step.plainWrite(view, typeof key === 'number' ? key : Number(key), point);
}

function toIndex(index: unknown): number {
  if (typeof index === 'number') return index;
  const number = Math.trunc(Number(index));
  return Number.isNaN(number) ? 0 : number;
}

/** Whether the view can be announced; if it cannot, the access itself will throw what it throws. */
function isView(view: unknown): view is SharedView {
  return ArrayBuffer.isView(view) && !(view instanceof DataView);
}

/** Announces `Atomics.load`. */
export function atomicLoad(view: SharedView, index: unknown, point: number): number {
  return isView(view) ? step.atomicLoad(view, toIndex(index), point) : step.LOCAL_CODE;
}

/** Announces `Atomics.store`. */
export function atomicStore(view: SharedView, index: unknown, point: number): number {
  return isView(view) ? step.atomicStore(view, toIndex(index), point) : step.LOCAL_CODE;
}

/** Announces the other unconditional operations of `Atomics`. */
export function atomicUpdate(view: SharedView, index: unknown, point: number): number {
  return isView(view) ? step.atomicUpdate(view, toIndex(index), point) : step.LOCAL_CODE;
}

/** Announces `Atomics.compareExchange`. */
export function atomicCompareExchange(
  view: SharedView,
  index: unknown,
  expected: unknown,
  point: number,
): number {
  if (!isView(view)) return step.LOCAL_CODE;
  return step.atomicCompareExchange(view, toIndex(index), expected, point);
}

/** Announces `Atomics.wait`; the value of the `yield` is its result. */
export function atomicWait(
  view: SharedView,
  index: unknown,
  value: unknown,
  timeout: unknown,
  point: number,
): number {
  return step.atomicWait(view, toIndex(index), value, timeout, point);
}

/** Announces `Atomics.notify`; the value of the `yield` is its result. */
export function atomicNotify(
  view: SharedView,
  index: unknown,
  count: unknown,
  point: number,
): number {
  if (!isView(view)) throw new TypeError('Atomics.notify needs an Int32Array or BigInt64Array');
  return step.atomicNotify(view, toIndex(index), count, point);
}

/** In code that cannot be stepped: returns the object, but refuses shared memory while a thread runs. */
export function guardObject<T>(object: T, point: number, reason: string): T {
  if (step.registers.thread >= 0 && isUsedInSteps(object)) guard(point, reason);
  return object;
}

function isUsedInSteps(object: unknown): boolean {
  if (typeof object !== 'object' || object === null) return false;
  if (ArrayBuffer.isView(object)) return object.buffer instanceof SharedArrayBuffer;
  return object instanceof AtomicRef || object instanceof AtomicBoolean || object instanceof Mutex;
}
