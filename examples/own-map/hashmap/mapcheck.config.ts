/** hashmap: any key, with equality of its own for dates, patterns and arrays. In this folder: `npx mapcheck run`. */
import { HashMap } from 'hashmap';
import { defineConfig, defineTarget, type MapcheckConfig } from 'mapcheck';

/** Numbers of one hash: hashmap 3.0.1 mixes the two halves of a number, so that one half can undo the other. */
function collidingNumbers(count: number): number[] {
  const halves = new Uint32Array(2);
  const number = new Float64Array(halves.buffer);
  const mix = (left: number, right: number): number => Math.imul(left ^ right, 2_654_435_761) >>> 0;
  const found: number[] = [];
  for (let low = 1; found.length < count; low++) {
    halves.set([low, mix(2_132_410_373, low) ^ 0x1234_5678]);
    if (Number.isFinite(number[0]!)) found.push(number[0]!);
  }
  return found;
}

/** Equal by value in pairs, says its documentation. */
const OBJECTS: readonly (() => object)[] = [
  () => ({}),
  () => ({}),
  () => new Date(5),
  () => new Date(5),
  () => /a/g,
  () => /a/g,
  () => [1, [Number.NaN]],
  () => [1, [Number.NaN]],
  () => [1, Number.NaN],
  () => [],
];

/** What hashmap takes for the same key. */
function identityOf(key: unknown): unknown {
  if (key instanceof Date) return `date ${key.getTime()}`;
  if (key instanceof RegExp) return `pattern ${key.source} ${key.flags}`;
  return Array.isArray(key) ? `array ${JSON.stringify(key)}` : key;
}

const keys = [
  Number.NaN,
  -0,
  2 ** 31,
  2 ** 32,
  '',
  '0',
  'NaN',
  '__proto__',
  true,
  false,
  null,
  undefined,
  ...collidingNumbers(6),
];

/** `delete` returns the map, so it says nothing of whether the key was there. */
const remove = (map: HashMap, key: unknown): void => {
  map.delete(key);
};

const config: MapcheckConfig = defineConfig({
  targets: [
    defineTarget({
      name: 'hashmap',
      model: 'unordered-map',
      create: () => new HashMap(),
      operations: { delete: remove },
      keys: [...keys, ...OBJECTS.map((_, object) => ({ object }))],
      objectAt: (n) => OBJECTS[n]!(),
      keyIdentity: identityOf,
    }),
    defineTarget({
      name: 'hashmap-bigint-keys',
      model: 'unordered-map',
      create: () => new HashMap(),
      operations: { delete: remove },
      keys: [0n],
    }),
    // Nothing is said about changes during an iteration; this asks for no more than that entries that stay are given.
    defineTarget({
      name: 'hashmap-changed-while-iterating',
      model: 'unordered-map',
      create: () => new HashMap(),
      operations: {
        delete: remove,
        *entries(map: HashMap) {
          for (const { key, value } of map) yield [key, value];
        },
        // Lists, made at once: nothing to iterate over.
        keys: null,
        values: null,
      },
      hasLiveIterators: true,
      keys,
    }),
  ],
});

export default config;
