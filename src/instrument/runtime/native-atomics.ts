/**
 * Stepped forms of `Atomics` and of the methods of AtomicRef, AtomicBoolean and Mutex.
 *
 * Calls that name them are steps inlined where they stand; these forms serve the others (`const { load } = Atomics`) and
 * mark the methods, so that a call site knows at run time what it calls.
 */
import { AtomicBoolean, AtomicRef, Mutex } from '../../atomics/index.ts';
import * as step from '../../core/step.ts';
import type { StepResult } from '../../core/step.ts';
import type { AtomicObject, SharedView } from '../../core/memory.ts';
import * as announce from './announce.ts';
import { currentSite, setForm } from './native-calls.ts';
import type { Form } from './native-calls.ts';
import { guard } from './refuse.ts';

type Announcer = (object: AtomicObject, ...args: unknown[]) => number;

function objectForm(name: string, code: Announcer): Form {
  return function* (this: unknown, ...args: unknown[]): Generator<number, unknown, StepResult> {
    const object = this as AtomicObject;
    yield code(object, ...args);
    return (object as unknown as Record<string, (...rest: unknown[]) => unknown>)[name]!(...args);
  };
}

/** Marks of the methods: the stepped form that AtomicRef's and AtomicBoolean's `load` share, and so on. */
export const LOAD_STEP: Form = objectForm('load', (object) => step.objectLoad(object));
export const STORE_STEP: Form = objectForm('store', (object) => step.objectStore(object));
export const SWAP_STEP: Form = objectForm('swap', (object) => step.objectSwap(object));
export const COMPARE_STEP: Form = objectForm('compareAndSwap', (object, expected) =>
  step.objectCompareAndSwap(object, expected),
);
export const LOCK_STEP: Form = objectForm('lock', (object) => step.mutexLock(object));
export const TRY_LOCK_STEP: Form = objectForm('tryLock', (object) => step.mutexTryLock(object));
export const UNLOCK_STEP: Form = objectForm('unlock', (object) => step.mutexUnlock(object));

type AtomicsCall = (view: SharedView, ...args: unknown[]) => unknown;

function atomicsForm(
  native: AtomicsCall,
  code: (view: SharedView, args: readonly unknown[], point: number) => number,
): Form {
  return function* (...args) {
    const view = args[0] as SharedView;
    yield code(view, args, currentSite());
    return native(view, ...args.slice(1));
  };
}

function installAtomics(): void {
  const set = (
    name: string,
    code: (view: SharedView, args: readonly unknown[], point: number) => number,
  ): void => {
    setForm(Atomics, name, (native) => atomicsForm(native, code));
  };
  set('load', (view, args, point) => announce.atomicLoad(view, args[1], point));
  set('store', (view, args, point) => announce.atomicStore(view, args[1], point));
  for (const name of ['add', 'sub', 'and', 'or', 'xor', 'exchange']) {
    set(name, (view, args, point) => announce.atomicUpdate(view, args[1], point));
  }
  set('compareExchange', (view, args, point) =>
    announce.atomicCompareExchange(view, args[1], args[2], point),
  );
  setForm(
    Atomics,
    'wait',
    () =>
      function* (view, index, value, timeout) {
        return yield announce.atomicWait(view as SharedView, index, value, timeout, currentSite());
      },
  );
  setForm(
    Atomics,
    'notify',
    () =>
      function* (view, index, count) {
        return yield announce.atomicNotify(view as SharedView, index, count, currentSite());
      },
  );
  setForm(
    Atomics,
    'waitAsync',
    (native) =>
      // eslint-disable-next-line require-yield
      function* (...args) {
        guard(currentSite(), 'by Atomics.waitAsync');
        return native.apply(undefined, args);
      },
  );
}

/** Gives `Atomics` and the classes of `mapcheck/atomics` their stepped forms. */
export function installShared(): void {
  installAtomics();
  for (const { prototype } of [AtomicRef, AtomicBoolean]) {
    setForm(prototype, 'load', () => LOAD_STEP);
    setForm(prototype, 'store', () => STORE_STEP);
    setForm(prototype, 'swap', () => SWAP_STEP);
    setForm(prototype, 'compareAndSwap', () => COMPARE_STEP);
  }
  setForm(Mutex.prototype, 'lock', () => LOCK_STEP);
  setForm(Mutex.prototype, 'tryLock', () => TRY_LOCK_STEP);
  setForm(Mutex.prototype, 'unlock', () => UNLOCK_STEP);
}
