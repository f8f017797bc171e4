/** Operations of `Atomics` that are steps. */
export const ATOMIC_OPERATIONS: ReadonlySet<string> = new Set([
  'load',
  'store',
  'add',
  'sub',
  'and',
  'or',
  'xor',
  'exchange',
  'compareExchange',
  'wait',
  'notify',
]);

/** Methods of AtomicRef, AtomicBoolean and Mutex that are steps, with their number of arguments. */
export const OBJECT_METHODS: Readonly<Record<string, number>> = {
  load: 0,
  store: 1,
  swap: 1,
  compareAndSwap: 2,
  lock: 0,
  tryLock: 0,
  unlock: 0,
};

/** The classes whose construction is announced. */
export const SHARED_CLASSES: ReadonlySet<string> = new Set([
  'SharedArrayBuffer',
  'AtomicRef',
  'AtomicBoolean',
  'Mutex',
]);

/** Classes whose construction goes through the run-time support, and by what name. */
export const SUPPORTED_CLASSES: Readonly<Record<string, string>> = {
  Promise: 'SteppedPromise',
  Proxy: 'TrackedProxy',
};

/**
 * Built-in functions that are refused by the place of their call, when they are given what cannot be stepped: as methods,
 * and as global functions.
 */
export const PLACED_CALLS: ReadonlySet<string> = new Set([
  'assign',
  'catch',
  'compare',
  'concat',
  'copyBytesFrom',
  'deepEqual',
  'deepStrictEqual',
  'defineProperties',
  'defineProperty',
  'decode',
  'encodeInto',
  'finally',
  'format',
  'get',
  'getOwnPropertyDescriptor',
  'getOwnPropertyDescriptors',
  'getRandomValues',
  'groupBy',
  'grow',
  'inspect',
  'isDeepStrictEqual',
  'nextTick',
  'notDeepEqual',
  'notDeepStrictEqual',
  'partialDeepStrictEqual',
  'queueMicrotask',
  'setImmediate',
  'setInterval',
  'setTimeout',
  'stringify',
  'structuredClone',
  'then',
]);

/** Names of the typed arrays, whose constructors read a view they are given. */
export const TYPED_ARRAYS: ReadonlySet<string> = new Set([
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'BigInt64Array',
  'BigUint64Array',
  'Float16Array',
  'Float32Array',
  'Float64Array',
]);

/**
 * Methods that read or write elements of a typed array or DataView, or run an argument that does, wherever they are
 * called on one: in code that cannot be stepped, their receivers are looked at first.
 */
export const VIEW_METHODS: ReadonlySet<string> = new Set([
  'at',
  'copyWithin',
  'entries',
  'every',
  'fill',
  'filter',
  'find',
  'findIndex',
  'findLast',
  'findLastIndex',
  'forEach',
  'includes',
  'indexOf',
  'join',
  'lastIndexOf',
  'map',
  'reduce',
  'reduceRight',
  'reverse',
  'set',
  'slice',
  'some',
  'sort',
  'toReversed',
  'toSorted',
  'values',
  'with',
  'toLocaleString',
  'toString',
  'getInt8',
  'getUint8',
  'getInt16',
  'getUint16',
  'getInt32',
  'getUint32',
  'getFloat32',
  'getFloat64',
  'getBigInt64',
  'getBigUint64',
  'setInt8',
  'setUint8',
  'setInt16',
  'setUint16',
  'setInt32',
  'setUint32',
  'setFloat32',
  'setFloat64',
  'setBigInt64',
  'setBigUint64',
]);

/** Global functions that reach no scheduling point. */
export const PLAIN_GLOBALS: ReadonlySet<string> = new Set([
  'Number',
  'String',
  'Boolean',
  'BigInt',
  'Symbol',
  'Object',
  'Date',
  'RegExp',
  'Error',
  'TypeError',
  'RangeError',
  'SyntaxError',
  'EvalError',
  'ReferenceError',
  'URIError',
  'parseInt',
  'parseFloat',
  'isNaN',
  'isFinite',
  'encodeURIComponent',
  'decodeURIComponent',
  'encodeURI',
  'decodeURI',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
  'require',
]);

/** Global objects whose methods reach no scheduling point; the set holds the methods that may. */
export const PLAIN_NAMESPACES: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['Math', new Set<string>()],
  ['JSON', new Set(['stringify'])],
  ['Number', new Set<string>()],
  ['Symbol', new Set<string>()],
  ['BigInt', new Set<string>()],
  ['String', new Set<string>(['call', 'apply', 'bind'])],
  ['Date', new Set<string>()],
  ['console', new Set<string>()],
  ['performance', new Set<string>()],
  ['process', new Set(['nextTick'])],
  [
    'Object',
    new Set([
      'groupBy',
      'assign',
      'defineProperties',
      'defineProperty',
      'entries',
      'values',
      'getOwnPropertyDescriptor',
      'getOwnPropertyDescriptors',
    ]),
  ],
  ['Array', new Set(['from', 'fromAsync'])],
  [
    'Reflect',
    new Set(['apply', 'construct', 'defineProperty', 'get', 'set', 'getOwnPropertyDescriptor']),
  ],
  ['Promise', new Set<string>()],
  ['ArrayBuffer', new Set<string>()],
  ['Atomics', new Set<string>()],
]);

/**
 * Method names taken for those of strings and numbers unless the module defines one of the same name itself. A wrong
 * guess is reported when it matters, as every step in a place that cannot be stepped is.
 */
export const PLAIN_METHODS: ReadonlySet<string> = new Set([
  'charAt',
  'charCodeAt',
  'codePointAt',
  'substring',
  'substr',
  'toUpperCase',
  'toLowerCase',
  'trim',
  'trimStart',
  'trimEnd',
  'padStart',
  'padEnd',
  'startsWith',
  'endsWith',
  'toFixed',
  'localeCompare',
  'hasOwnProperty',
  'isPrototypeOf',
  'propertyIsEnumerable',
  'normalize',
]);
