/** Stepped forms of built-in methods that read or write elements of typed arrays over shared memory. */
import { isSharedView, plainRead, plainWrite } from '../../core/step.ts';
import type { StepResult } from '../../core/step.ts';
import type { SharedView } from '../../core/memory.ts';
import { elements, Given, SteppedGenerator } from './iterate.ts';
import { currentSite, formOf, LOOPS, setForm, sortSteps } from './native-calls.ts';
import type { Form } from './native-calls.ts';
import { refuse } from './refuse.ts';
import { registers } from '../../core/step.ts';

type Callable = (this: unknown, ...args: unknown[]) => unknown;
type Steps<T = unknown> = Generator<number, T, StepResult>;
type View = SharedView & { [index: number]: never };

const PROTOTYPE = Object.getPrototypeOf(Int32Array.prototype) as object;

/** An unshared copy of a view, read step by step. */
export function* snapshot(view: View, point: number): Steps<View> {
  const copy = new (view.constructor as new (length: number) => View)(view.length);
  const values = yield* elements(view, Infinity, point);
  for (let i = 0; i < values.length; i++) copy[i] = values[i] as never;
  return copy;
}

/** Methods that only read: they run on a copy. */
const READERS = [
  'join',
  'slice',
  'lastIndexOf',
  'toReversed',
  'toSorted',
  'with',
  'toString',
  'toLocaleString',
];

function reader(native: Callable): Form {
  return function* (...args) {
    if (!isSharedView(this)) return native.apply(this, args);
    const point = currentSite();
    return native.apply(yield* snapshot(this as View, point), args);
  };
}

/** Methods that change the view: they run on a copy, and what may have changed is written back. */
function writer(native: Callable): Form {
  return function* (...args) {
    if (!isSharedView(this)) return native.apply(this, args);
    const view = this as View;
    const point = currentSite();
    const copy = yield* snapshot(view, point);
    native.apply(copy, args);
    yield* writeAll(view, copy, 0, point);
    return view;
  };
}

function* writeAll(
  view: View,
  values: ArrayLike<unknown>,
  offset: number,
  point: number,
): Steps<void> {
  for (let i = 0; i < values.length; i++) {
    yield plainWrite(view, offset + i, point);
    view[offset + i] = values[i] as never;
  }
}

function relative(value: unknown, length: number, missing: number): number {
  if (value === undefined) return missing;
  const index = Math.trunc(Number(value)) || 0;
  return index < 0 ? Math.max(length + index, 0) : Math.min(index, length);
}

function* fill(this: unknown, ...args: unknown[]): Steps {
  const view = this as View;
  const point = currentSite();
  const end = relative(args[2], view.length, view.length);
  for (let i = relative(args[1], view.length, 0); i < end; i++) {
    yield plainWrite(view, i, point);
    view[i] = args[0] as never;
  }
  return view;
}

function* copyFrom(this: unknown, ...args: unknown[]): Steps {
  const point = currentSite();
  const view = this as View;
  const [source, offset] = args;
  const values = isSharedView(source) ? yield* snapshot(source as View, point) : source;
  const start = Math.trunc(Number(offset ?? 0)) || 0;
  if (!isSharedView(view)) {
    (view as Uint8Array).set(values as Uint8Array, start);
    return undefined;
  }
  const list = values as ArrayLike<unknown>;
  if (start < 0 || start + list.length > view.length)
    throw new RangeError('offset is out of bounds');
  yield* writeAll(view, list, start, point);
  return undefined;
}

function* copyWithin(this: unknown, ...args: unknown[]): Steps {
  const view = this as View;
  const point = currentSite();
  const { length } = view;
  const target = relative(args[0], length, 0);
  const start = relative(args[1], length, 0);
  const end = relative(args[2], length, length);
  const values: unknown[] = [];
  for (let i = start; i < end && target + values.length < length; i++) {
    yield plainRead(view, i, point);
    values.push(view[i]);
  }
  yield* writeAll(view, values, target, point);
  return view;
}

function* at(this: unknown, index: unknown): Steps {
  const view = this as View;
  const number = Math.trunc(Number(index)) || 0;
  const i = number < 0 ? view.length + number : number;
  yield plainRead(view, i, currentSite());
  return view[i];
}

function finder(isIndex: boolean): Form {
  return function* (sought, from) {
    const view = this as View;
    const point = currentSite();
    for (let i = relative(from, view.length, 0); i < view.length; i++) {
      yield plainRead(view, i, point);
      const value = view[i];
      if (value === sought) return isIndex ? i : true;
      if (!isIndex && value !== value && sought !== sought) return true;
    }
    return isIndex ? -1 : false;
  };
}

function* sort(this: unknown, compare: unknown): Steps {
  const view = this as View;
  const point = currentSite();
  const isPlain = formOf(compare) === undefined;
  const values = isSharedView(view) ? yield* snapshot(view, point) : (view as Uint8Array).slice();
  const list = isPlain
    ? (values as Uint8Array).sort(compare as undefined)
    : yield* sortSteps(Array.from(values as ArrayLike<unknown>), compare);
  if (isSharedView(view)) yield* writeAll(view, list, 0, point);
  else (view as Uint8Array).set(list as Uint8Array);
  return view;
}

function iterator(native: Callable, pick: (value: unknown, index: number) => unknown): Form {
  // eslint-disable-next-line require-yield
  return function* (): Steps {
    if (!isSharedView(this)) return native.call(this);
    return new SteppedGenerator(values(this as View, pick, currentSite()));
  };
}

function* values(
  view: View,
  pick: (value: unknown, index: number) => unknown,
  point: number,
): Generator<unknown, void, unknown> {
  for (let i = 0; i < view.length; i++) {
    yield plainRead(view, i, point);
    yield new Given(pick(view[i], i));
  }
}

/** A form for shared views alone; other receivers and arguments take the built-in. */
function onShared(form: Form): (native: Callable) => Form {
  return (native) =>
    function* (...args) {
      return isSharedView(this) || isSharedView(args[0])
        ? yield* form.apply(this, args)
        : native.apply(this, args);
    };
}

function installLoops(): void {
  for (const [name, loop] of Object.entries(LOOPS)) {
    setForm(
      PROTOTYPE,
      name,
      (native) =>
        function* (callback, ...args) {
          const isPlain = formOf(callback) === undefined && !isSharedView(this);
          if (isPlain || typeof callback !== 'function')
            return native.call(this, callback, ...args);
          return yield* loop(this as ArrayLike<unknown>, callback, args, currentSite());
        },
    );
  }
}

function installDataViews(): void {
  for (const name of Object.getOwnPropertyNames(DataView.prototype)) {
    if (!/^[gs]et[A-Z]/u.test(name)) continue;
    setForm(
      DataView.prototype,
      name,
      (native) =>
        // eslint-disable-next-line require-yield
        function* (...args) {
          const isShared = (this as DataView).buffer instanceof SharedArrayBuffer;
          if (isShared && registers.thread >= 0) refuse(currentSite(), 'by way of a DataView');
          return native.apply(this, args);
        },
    );
  }
}

/** Gives the methods of typed arrays and data views their stepped forms. */
export function installViews(): void {
  installLoops();
  for (const name of READERS) setForm(PROTOTYPE, name, reader);
  setForm(PROTOTYPE, 'reverse', writer);
  setForm(PROTOTYPE, 'fill', onShared(fill));
  setForm(PROTOTYPE, 'set', onShared(copyFrom));
  setForm(PROTOTYPE, 'copyWithin', onShared(copyWithin));
  setForm(PROTOTYPE, 'at', onShared(at));
  setForm(PROTOTYPE, 'indexOf', onShared(finder(true)));
  setForm(PROTOTYPE, 'includes', onShared(finder(false)));
  setForm(
    PROTOTYPE,
    'sort',
    (native) =>
      function* (compare) {
        const isPlain = formOf(compare) === undefined && !isSharedView(this);
        return isPlain ? native.call(this, compare) : yield* sort.call(this, compare);
      },
  );
  // `values` and `[Symbol.iterator]` are one function.
  setForm(PROTOTYPE, 'values', (native) => iterator(native, (value) => value));
  setForm(PROTOTYPE, 'entries', (native) => iterator(native, (value, index) => [index, value]));
  setForm(
    Object.getPrototypeOf(Int32Array) as object,
    'from',
    (native) =>
      function* (source, ...rest) {
        const isShared = isSharedView(source);
        const values = isShared ? yield* snapshot(source as View, currentSite()) : source;
        return native.call(this, values, ...rest);
      },
  );
  installDataViews();
}
