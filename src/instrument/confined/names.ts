/** Built-in names that a confined program may use: none has a memory, tells the time or draws lots. */

/** Properties that are values: the others that these have from birth are functions, or lead out of the values at hand. */
const VALUES = new Set(['length', 'byteLength', 'byteOffset']);

/** Properties that lead out of functions. */
const LEADING_OUT = ['call', 'apply', 'bind', 'caller', 'callee', 'prototype'];

const REFUSED = new Set(
  [Object, Array, String, Number, Boolean, BigInt, Object.getPrototypeOf(Int32Array)]
    .flatMap(({ prototype }: { readonly prototype: object }) =>
      Object.getOwnPropertyNames(prototype),
    )
    .concat(LEADING_OUT)
    .filter((name) => !VALUES.has(name)),
);

/** Whether a property of this name may not be used as a value. */
export function isRefusedName(name: string): boolean {
  return REFUSED.has(name) || name.startsWith('__');
}

/** Methods of arrays, typed arrays, strings and numbers that change nothing, their receiver included. */
const PURE_METHODS = new Set(
  `at charAt charCodeAt codePointAt concat endsWith entries every filter find findIndex findLast findLastIndex flat
  flatMap forEach includes indexOf join keys lastIndexOf map padEnd padStart reduce reduceRight repeat slice some split
  startsWith substring toFixed toLowerCase toReversed toSorted toString toUpperCase trim values`.split(
    /\s+/u,
  ),
);

/** Whether a method of this name changes nothing, whatever it is called on. */
export function isPureMethod(name: string): boolean {
  return PURE_METHODS.has(name);
}

const names = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/u));

/** What may be used of global objects. */
export const PURE_GLOBALS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['Atomics', names('add and compareExchange exchange load notify or store sub wait xor')],
  ['Array', names('from isArray of')],
  ['BigInt', names('asIntN asUintN')],
  ['Math', names('PI abs ceil clz32 floor imul log2 max min round sign sqrt trunc')],
  [
    'Number',
    names('MAX_SAFE_INTEGER MIN_SAFE_INTEGER isFinite isInteger isNaN isSafeInteger parseInt'),
  ],
  ['String', names('fromCharCode')],
]);

/** Global functions that may be called. */
export const PURE_CALLS: ReadonlySet<string> = names(
  'BigInt Boolean Error Number RangeError String TypeError',
);

/** Classes of which objects may be made. */
export const PURE_NEW: ReadonlySet<string> = names(
  `Array BigInt64Array BigUint64Array Error Float32Array Float64Array Int16Array Int32Array Int8Array RangeError
  SharedArrayBuffer TypeError Uint16Array Uint32Array Uint8Array Uint8ClampedArray`,
);
