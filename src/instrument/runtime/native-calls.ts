/**
 * Stepped forms of built-in functions that call functions: in stepped code, `list.forEach(f)` with an `f` that takes
 * steps becomes a loop that takes them. With a plain `f` the built-in runs as it is.
 */
import { isSharedView, plainRead, registers } from '../../core/step.ts';
import type { StepResult } from '../../core/step.ts';
import { collect } from './iterate.ts';
import { refuseUnseen } from './refuse.ts';
import { STEP } from './symbol.ts';

/** A stepped form under construction. */
export type Form = (this: unknown, ...args: unknown[]) => Generator<number, unknown, StepResult>;
type Steps<T = unknown> = Generator<number, T, StepResult>;
type Callable = (this: unknown, ...args: unknown[]) => unknown;

/** Where the built-in method that is running was called. */
let sitePoint = -1;

/** Notes the place of a call that may touch elements by itself. Returns its argument's truth, which nobody needs. */
export function site(point: number): boolean {
  sitePoint = point;
  return true;
}

/** The place noted last. */
export function currentSite(): number {
  return sitePoint;
}

/** The stepped form of a value, `undefined` if it has none. */
export function formOf(value: unknown): Form | undefined {
  return typeof value === 'function' ? (value as { [STEP]?: Form })[STEP] : undefined;
}

/** Calls anything, in steps if it can be. */
export function* callSteps(target: unknown, self: unknown, args: readonly unknown[]): Steps {
  const form = formOf(target);
  if (form === undefined) return (target as Callable).apply(self, args as unknown[]);
  return yield* form.apply(self, args as unknown[]);
}

/** Reads an element of any list, as a step if it is shared. */
export function* elementSteps(list: unknown, index: number, point: number): Steps {
  if (isSharedView(list)) yield plainRead(list, index, point);
  return (list as readonly unknown[])[index];
}

/** Gives a built-in function a stepped form. */
export function setForm(owner: object, name: PropertyKey, make: (native: Callable) => Form): void {
  const native = (owner as Record<PropertyKey, unknown>)[name] as Callable | undefined;
  if (native === undefined || Object.hasOwn(native, STEP)) return;
  Object.defineProperty(native, STEP, { value: make(native), configurable: true, writable: true });
}

type Loop = (
  list: ArrayLike<unknown>,
  callback: unknown,
  args: readonly unknown[],
  at: number,
) => Steps;

function* some(
  list: ArrayLike<unknown>,
  callback: unknown,
  args: readonly unknown[],
  at: number,
): Steps<boolean> {
  const { length } = list;
  for (let i = 0; i < length; i++) {
    if (!(i in list)) continue;
    const element = yield* elementSteps(list, i, at);
    if (yield* callSteps(callback, args[0], [element, i, list])) return true;
  }
  return false;
}

function* every(
  list: ArrayLike<unknown>,
  callback: unknown,
  args: readonly unknown[],
  at: number,
): Steps<boolean> {
  const { length } = list;
  for (let i = 0; i < length; i++) {
    if (!(i in list)) continue;
    const element = yield* elementSteps(list, i, at);
    if (!(yield* callSteps(callback, args[0], [element, i, list]))) return false;
  }
  return true;
}

function* forEach(
  list: ArrayLike<unknown>,
  callback: unknown,
  args: readonly unknown[],
  at: number,
): Steps {
  const { length } = list;
  for (let i = 0; i < length; i++) {
    if (!(i in list)) continue;
    const element = yield* elementSteps(list, i, at);
    yield* callSteps(callback, args[0], [element, i, list]);
  }
  return undefined;
}

function* mapped(
  list: ArrayLike<unknown>,
  callback: unknown,
  args: readonly unknown[],
  at: number,
): Steps {
  const results = Array.from<unknown>({ length: 0 });
  results.length = list.length;
  for (let i = 0; i < list.length && i < results.length; i++) {
    if (!(i in list)) continue;
    const element = yield* elementSteps(list, i, at);
    results[i] = yield* callSteps(callback, args[0], [element, i, list]);
  }
  return sameKind(list, results);
}

function* filtered(
  list: ArrayLike<unknown>,
  callback: unknown,
  args: readonly unknown[],
  at: number,
): Steps {
  const results: unknown[] = [];
  const { length } = list;
  for (let i = 0; i < length; i++) {
    if (!(i in list)) continue;
    const element = yield* elementSteps(list, i, at);
    if (yield* callSteps(callback, args[0], [element, i, list])) results.push(element);
  }
  return sameKind(list, results);
}

/** A typed array's method gives a typed array of its kind, over memory of its own. */
function sameKind(list: ArrayLike<unknown>, results: unknown[]): unknown {
  if (!ArrayBuffer.isView(list)) return results;
  return (list.constructor as unknown as { from(values: unknown[]): unknown }).from(results);
}

function search(isForward: boolean, wantsIndex: boolean): Loop {
  return function* (list, callback, args, at) {
    const { length } = list;
    for (let count = 0; count < length; count++) {
      const i = isForward ? count : length - 1 - count;
      const element = yield* elementSteps(list, i, at);
      if (yield* callSteps(callback, args[0], [element, i, list])) return wantsIndex ? i : element;
    }
    return wantsIndex ? -1 : undefined;
  };
}

function fold(isForward: boolean): Loop {
  return function* (list, callback, args, at) {
    const { length } = list;
    let hasResult = args.length > 0;
    let result = args[0];
    for (let count = 0; count < length; count++) {
      const i = isForward ? count : length - 1 - count;
      if (!(i in list)) continue;
      const element = yield* elementSteps(list, i, at);
      if (hasResult) result = yield* callSteps(callback, undefined, [result, element, i, list]);
      else result = element;
      hasResult = true;
    }
    if (!hasResult) throw new TypeError('Reduce of empty array with no initial value');
    return result;
  };
}

function* flatMapped(
  list: ArrayLike<unknown>,
  callback: unknown,
  args: readonly unknown[],
  at: number,
): Steps {
  const results = yield* mapped(list, callback, args, at);
  return (results as unknown[]).flat();
}

/** A stable merge sort whose comparisons may take steps. Returns a new list. */
export function* sortSteps(values: readonly unknown[], compare: unknown): Steps<unknown[]> {
  if (values.length < 2) return [...values];
  const middle = values.length >> 1;
  const left = yield* sortSteps(values.slice(0, middle), compare);
  const right = yield* sortSteps(values.slice(middle), compare);
  const merged: unknown[] = [];
  let l = 0;
  let r = 0;
  while (l < left.length && r < right.length) {
    const order = Number(yield* callSteps(compare, undefined, [left[l], right[r]]));
    merged.push(order > 0 ? right[r++] : left[l++]);
  }
  return [...merged, ...left.slice(l), ...right.slice(r)];
}

function* sorted(list: ArrayLike<unknown>, compare: unknown): Steps {
  const target = list as unknown[];
  const present =
    Object.keys(target).length === target.length ? [...target] : target.filter(() => true);
  const values = present.filter((value) => value !== undefined);
  const result = yield* sortSteps(values, compare);
  const length = target.length;
  for (let i = 0; i < length; i++) {
    if (i < result.length) target[i] = result[i];
    else if (i < present.length) target[i] = undefined;
    else Reflect.deleteProperty(target, i);
  }
  return list;
}

function* copySorted(list: ArrayLike<unknown>, compare: unknown): Steps {
  return yield* sorted(Array.from(list), compare);
}

/** Methods of arrays with a stepped form that takes views, and those that read no element. */
const HARMLESS = new Set(['constructor', 'flatMap', 'keys', 'length', 'toString']);

/** Loops by the name of the method they stand for; arrays and typed arrays have these in common. */
export const LOOPS: Readonly<Record<string, Loop>> = {
  forEach,
  map: mapped,
  filter: filtered,
  some,
  every,
  find: search(true, false),
  findIndex: search(true, true),
  findLast: search(false, false),
  findLastIndex: search(false, true),
  reduce: fold(true),
  reduceRight: fold(false),
};

function looping(native: Callable, loop: Loop): Form {
  return function* (callback, ...args) {
    const isPlain = formOf(callback) === undefined && !isSharedView(this);
    if (isPlain || typeof callback !== 'function') return native.call(this, callback, ...args);
    return yield* loop(this as ArrayLike<unknown>, callback, args, sitePoint);
  };
}

function installArrays(): void {
  for (const [name, loop] of Object.entries(LOOPS)) {
    setForm(Array.prototype, name, (native) => looping(native, loop));
  }
  setForm(Array.prototype, 'flatMap', (native) => looping(native, flatMapped));
  setForm(Array.prototype, 'sort', (native) => looping(native, sorted));
  setForm(Array.prototype, 'toSorted', (native) => looping(native, copySorted));
  setForm(
    Array,
    'from',
    (native) =>
      function* (source, callback, self) {
        const point = sitePoint;
        const isIterable = source !== null && source !== undefined && typeof source !== 'string';
        const values =
          isIterable && typeof (source as Iterable<unknown>)[Symbol.iterator] === 'function'
            ? yield* collect(source, Infinity, point)
            : source;
        if (formOf(callback) === undefined)
          return native.call(this, values, ...[callback, self].filter(isGiven));
        const list = native.call(this, values) as unknown[];
        for (let i = 0; i < list.length; i++)
          list[i] = yield* callSteps(callback, self, [list[i], i]);
        return list;
      },
  );
}

function isGiven(value: unknown): boolean {
  return value !== undefined;
}

function installCollections(): void {
  for (const owner of [Map.prototype, Set.prototype]) {
    setForm(
      owner,
      'forEach',
      (native) =>
        function* (callback, self) {
          if (formOf(callback) === undefined) return native.call(this, callback, self);
          for (const [key, value] of (this as Map<unknown, unknown>).entries()) {
            yield* callSteps(callback, self, [value, key, this]);
          }
          return undefined;
        },
    );
  }
}

function installStrings(): void {
  for (const name of ['replace', 'replaceAll'] as const) {
    setForm(
      String.prototype,
      name,
      (native) =>
        function* (pattern, replacement) {
          if (formOf(replacement) === undefined) return native.call(this, pattern, replacement);
          const text = String(this);
          const matches: unknown[][] = [];
          native.call(text, pattern, (...args: unknown[]) => {
            matches.push(args);
            return '';
          });
          let result = '';
          let end = 0;
          for (const args of matches) {
            const hasGroups = typeof args.at(-1) === 'object';
            const offset = args.at(hasGroups ? -3 : -2) as number;
            result += text.slice(end, offset);
            result += String(yield* callSteps(replacement, undefined, args));
            end = offset + String(args[0]).length;
          }
          return result + text.slice(end);
        },
    );
  }
}

/** Methods of arrays that read the elements of whatever they are called on. */
const BORROWED: ReadonlySet<unknown> = new Set(
  Object.entries(Object.getOwnPropertyDescriptors(Array.prototype))
    .filter(([name]) => !Object.hasOwn(LOOPS, name) && !HARMLESS.has(name))
    .map(([, { value }]) => value),
);

function guardBorrowed(target: unknown, self: unknown): void {
  if (!isSharedView(self) || registers.thread < 0 || !BORROWED.has(target)) return;
  refuseUnseen(sitePoint, 'by a method of Array, which reads it unseen');
}

function installFunctions(): void {
  setForm(
    Function.prototype,
    'call',
    () =>
      function* (self, ...args) {
        guardBorrowed(this, self);
        return yield* callSteps(this, self, args);
      },
  );
  setForm(
    Function.prototype,
    'apply',
    () =>
      function* (self, list) {
        guardBorrowed(this, self);
        return yield* callSteps(this, self, yield* argumentsOf(list));
      },
  );
  setForm(
    Function.prototype,
    'bind',
    (native) =>
      // eslint-disable-next-line require-yield
      function* (self, ...args) {
        guardBorrowed(this, self);
        const bound = native.call(this, self, ...args) as { [STEP]?: Form };
        const form = formOf(this);
        if (form !== undefined) bound[STEP] = (...rest) => form.call(self, ...args, ...rest);
        return bound;
      },
  );
  setForm(
    Reflect,
    'apply',
    () =>
      function* (target, self, list) {
        guardBorrowed(target, self);
        return yield* callSteps(target, self, yield* argumentsOf(list));
      },
  );
}

function* argumentsOf(list: unknown): Steps<unknown[]> {
  if (list === null || list === undefined) return [];
  if (isSharedView(list)) return (yield* collect(list, Infinity, sitePoint)) as unknown[];
  return Array.from(list as ArrayLike<unknown>);
}

/** Gives the built-in functions that call functions their stepped forms. */
export function installCalls(): void {
  installArrays();
  installCollections();
  installStrings();
  installFunctions();
}
