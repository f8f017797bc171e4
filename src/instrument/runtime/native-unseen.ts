/**
 * Built-in functions that read shared memory, or call back, where no step could be announced: a few get stepped forms,
 * the others are refused when a thread hands them a shared view or a function that takes steps.
 */
import { isSharedView, plainWrite, registers } from '../../core/step.ts';
import type { SharedView } from '../../core/memory.ts';
import { currentSite, formOf, setForm } from './native-calls.ts';
import { snapshot } from './native-views.ts';
import { refuse, refuseUnseen, UnsteppableError } from './refuse.ts';

type View = SharedView & { [index: number]: never };

/** Functions that read the elements of a view they are given, by the global object that owns them. */
const READING: readonly (readonly [owner: string, names: readonly string[]])[] = [
  [
    'Object',
    [
      'assign',
      'defineProperties',
      'defineProperty',
      'entries',
      'getOwnPropertyDescriptor',
      'getOwnPropertyDescriptors',
      'groupBy',
      'values',
    ],
  ],
  ['Reflect', ['defineProperty', 'get', 'set', 'getOwnPropertyDescriptor']],
  ['Map', ['groupBy']],
  ['Iterator', ['from']],
  ['Buffer', ['from', 'compare', 'copyBytesFrom', 'isUtf8', 'isAscii']],
  ['crypto', ['getRandomValues']],
];

/** Functions that read whatever views stand anywhere in what they are given, by the global object that owns them. */
const READING_ALL: readonly (readonly [owner: string, names: readonly string[]])[] = [
  ['JSON', ['stringify']],
  ['Buffer', ['concat']],
  ['globalThis', ['structuredClone']],
  ['node:util', ['format', 'inspect', 'isDeepStrictEqual']],
  [
    'node:assert',
    [
      'deepEqual',
      'deepStrictEqual',
      'notDeepEqual',
      'notDeepStrictEqual',
      'partialDeepStrictEqual',
    ],
  ],
];

/** Functions that run their callback when no thread runs any more. */
const LATER: readonly (readonly [owner: string, names: readonly string[]])[] = [
  ['globalThis', ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask']],
  ['process', ['nextTick']],
];

function ownerOf(name: string): Record<string, unknown> | undefined {
  const globals = globalThis as unknown as Record<string, unknown>;
  if (name.startsWith('node:')) {
    const { process } = globals as { process?: { getBuiltinModule?: (id: string) => object } };
    return process?.getBuiltinModule?.(name) as Record<string, unknown> | undefined;
  }
  return (name === 'globalThis' ? globals : globals[name]) as Record<string, unknown> | undefined;
}

function refuseWhere(
  owner: object,
  name: string,
  reason: string,
  isMet: (value: unknown) => boolean,
): void {
  if (typeof (owner as Record<string, unknown>)[name] !== 'function') return;
  setForm(
    owner,
    name,
    (native) =>
      // eslint-disable-next-line require-yield
      function* (...args) {
        if (registers.thread >= 0 && (args.some((value) => isMet(value)) || isMet(this))) {
          (isMet === takesSteps ? refuse : refuseUnseen)(currentSite(), reason);
        }
        return native.apply(this, args);
      },
  );
}

/** Whether a value is a view of shared memory, or holds one in a property, an element or an entry. */
function holdsView(value: unknown, seen: Set<object> = new Set<object>()): boolean {
  if (typeof value !== 'object' || value === null || seen.has(value)) return false;
  if (value instanceof SharedArrayBuffer) return true;
  if (ArrayBuffer.isView(value)) return value.buffer instanceof SharedArrayBuffer;
  seen.add(value);
  const isCollection = value instanceof Map || value instanceof Set;
  if (isCollection) for (const entry of value) if (holdsView(entry, seen)) return true;
  const properties = Object.values(Object.getOwnPropertyDescriptors(value));
  return properties.some((property) => holdsView(property.value as unknown, seen));
}

const takesSteps = (value: unknown): boolean => formOf(value) !== undefined;

function installText(): void {
  setForm(
    TextDecoder.prototype,
    'decode',
    (native) =>
      function* (input, ...rest) {
        const isShared = isSharedView(input);
        if (!isShared && registers.thread >= 0 && holdsView(input)) {
          refuseUnseen(currentSite(), 'by TextDecoder.decode, which reads it unseen');
        }
        const text = isShared ? yield* snapshot(input as View, currentSite()) : input;
        return native.call(this, text, ...rest);
      },
  );
  setForm(
    TextEncoder.prototype,
    'encodeInto',
    (native) =>
      function* (text, target) {
        if (!isSharedView(target)) return native.call(this, text, target);
        const view = target as View;
        const point = currentSite();
        const bytes = new Uint8Array(view.length);
        const result = native.call(this, text, bytes) as { readonly written: number };
        for (let i = 0; i < result.written; i++) {
          yield plainWrite(view, i, point);
          view[i] = bytes[i] as never;
        }
        return result;
      },
  );
}

function installBuffers(): void {
  const { prototype } = (ownerOf('Buffer') ?? {}) as { readonly prototype?: object };
  if (prototype === undefined) return;
  for (const name of Object.getOwnPropertyNames(prototype)) {
    // The methods of typed arrays that Buffer has under their own names have stepped forms, or read nothing.
    if (['constructor', 'subarray', 'parent', 'offset', 'asciiSlice'].includes(name)) continue;
    const { value } = Object.getOwnPropertyDescriptor(prototype, name) ?? {};
    if (typeof value !== 'function' || takesSteps(value)) continue;
    refuseWhere(prototype, name, 'by a method of Buffer', isSharedView);
  }
}

function refuseReading(
  functions: readonly (readonly [owner: string, names: readonly string[]])[],
  isMet: (value: unknown) => boolean,
): void {
  for (const [owner, names] of functions) {
    const object = ownerOf(owner);
    if (object === undefined) continue;
    for (const name of names) {
      const shown = owner === 'globalThis' ? name : `${owner.replace('node:', '')}.${name}`;
      refuseWhere(object, name, `by ${shown}, which reads it unseen`, isMet);
    }
  }
}

/** Gives these functions their stepped forms. */
export function installUnseen(): void {
  refuseReading(READING, isSharedView);
  refuseReading(READING_ALL, holdsView);
  const isBuffer = (value: unknown): boolean => value instanceof SharedArrayBuffer;
  for (const name of ['slice', 'grow']) {
    const reason = `by SharedArrayBuffer's ${name}, which is seen by no other thread's steps`;
    refuseWhere(SharedArrayBuffer.prototype, name, reason, isBuffer);
  }
  for (const [owner, names] of LATER) {
    const object = ownerOf(owner);
    if (object === undefined) continue;
    for (const name of names)
      refuseWhere(
        object,
        name,
        `by way of ${name}, which calls back when no thread runs`,
        takesSteps,
      );
  }
  for (const name of ['then', 'catch', 'finally']) {
    const reason = `by way of a promise's ${name}, which calls back when no thread runs`;
    refuseWhere(Promise.prototype, name, reason, takesSteps);
  }
  installText();
  installBuffers();
}

/**
 * What stepped modules construct instead of `Promise`.
 *
 * An executor that is refused leaves the promise pending: rejecting it would report the refusal a second time, as an
 * unhandled rejection.
 */
export function SteppedPromise(executor: unknown): Promise<unknown> {
  if (typeof executor !== 'function') return new Promise(executor as never);
  return new Promise((resolve, reject) => {
    try {
      executor(resolve, reject);
    } catch (error) {
      if (!(error instanceof UnsteppableError)) reject(error);
    }
  });
}
