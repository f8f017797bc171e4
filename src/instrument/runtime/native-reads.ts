/**
 * Reads of shared memory that the language or a built-in function makes by itself, where no step could be announced: a view
 * turned into text, iterated natively, copied into an object, or taken apart by names. A thread is refused there.
 *
 * Methods that the language calls on a view look at their receiver first, so it does not matter what called them.
 */
import { isSharedView, registers } from '../../core/step.ts';
import { refuseUnseen, refuseUnseenAt } from './refuse.ts';
import { site, currentSite } from './native-calls.ts';
import { STEP } from './symbol.ts';

type Callable = (this: unknown, ...args: unknown[]) => unknown;

const PROTOTYPE = Object.getPrototypeOf(Int32Array.prototype) as Record<PropertyKey, Callable>;
/** Read by rewritten patterns that read elements: a view over shared memory answers by refusing. */
const UNSEEN: unique symbol = Symbol.for('mapcheck.unseen') as never;

const TEXT = 'by making text or a number of it';
const PATTERN = 'by a pattern that names its elements or takes all that are left';
const NATIVE = 'by native or plain code that iterates it (or an array pattern among parameters)';

/** In place of a value whose elements are about to be read by their names: refuses a shared view while a thread runs. */
export function unseen<T>(value: T, point: number, reason: string): T {
  if (registers.thread >= 0 && isSharedView(value)) refuseUnseen(point, reason);
  return value;
}

/** The key under which a pattern looks first, so that a shared view is refused. Notes the place. */
export function unseenKey(point: number): symbol {
  if (registers.thread >= 0) site(point);
  return UNSEEN;
}

/** The first place in a stack that is neither native nor of this folder. */
function callerPlace(above: Callable): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 30;
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, above);
  const frames = (holder.stack ?? '').split('\n    at ').slice(1);
  Error.stackTraceLimit = stackTraceLimit;
  for (const frame of frames) {
    const [, path, place] =
      /(?:\(|^)(?:async )?((?:file:\/\/)?[^()]+):(\d+:\d+)\)?$/u.exec(frame) ?? [];
    if (path === undefined || path.startsWith('node:') || SUPPORT.test(path)) continue;
    return `${shown(path)}:${place!}`;
  }
  return 'unknown place';
}

const SUPPORT = /\/instrument\/runtime\/[\w-]+\.[jt]s$/u;

/** Paths of stacks as messages have them: those below the current folder without it. */
function shown(path: string): string {
  // Some tools that map stacks put a folder before the address.
  const [, address] = /file:\/*(\/.*)$/u.exec(path) ?? [];
  const plain = address === undefined ? path : decodeURIComponent(address);
  const folder = `${process.cwd()}/`;
  return plain.startsWith(folder) ? plain.slice(folder.length) : plain;
}

/** Replaces a method by one that refuses a shared receiver while a thread runs, and is the same otherwise. */
function watch(names: readonly PropertyKey[], reason: string): void {
  const native = PROTOTYPE[names[0]!]!;
  // Another copy of the run-time support was here.
  if (Object.hasOwn(native, STEP)) return;
  const holder: Record<'method', Callable> = {
    method(...args) {
      if (registers.thread >= 0 && isSharedView(this)) {
        refuseUnseenAt(callerPlace(holder.method), reason);
      }
      return native.apply(this, args);
    },
  };
  const { method } = holder;
  for (const part of ['name', 'length'] as const) {
    Object.defineProperty(method, part, { value: native[part], configurable: true });
  }
  for (const name of names) {
    Object.defineProperty(PROTOTYPE, name, { value: method, configurable: true, writable: true });
  }
}

/** Makes views look. To be called before their methods get stepped forms, which take the place of these. */
export function installReads(): void {
  watch(['join'], TEXT);
  watch(['toLocaleString'], TEXT);
  watch(['values', Symbol.iterator], NATIVE);
  watch(['entries'], NATIVE);
  if (Object.hasOwn(PROTOTYPE, UNSEEN)) return;
  Object.defineProperty(PROTOTYPE, UNSEEN, {
    get(this: unknown) {
      unseen(this, currentSite(), PATTERN);
    },
  });
}
