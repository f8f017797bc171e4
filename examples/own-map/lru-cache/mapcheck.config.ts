/**
 * lru-cache, held to an exact eviction order. Run in this folder: `npx mapcheck run`.
 *
 * Its documentation rules out `undefined` as a key or a value; the second target shows what happens to such a key.
 */
import { LRUCache } from 'lru-cache';
import { defineConfig, defineTarget, type MapcheckConfig } from 'mapcheck';

type Defined = string | number | bigint | boolean | object;
type Cache = LRUCache<Defined, Defined>;

const create = (max: unknown): Cache => new LRUCache({ max: Number(max) });
const values = [Number.NaN, '', -0, false, null, { object: 0 }];

const config: MapcheckConfig = defineConfig({
  targets: [
    defineTarget({
      name: 'lru-cache',
      model: 'lru-cache',
      setups: [{ max: 3 }, { max: 1 }, { max: 10 }],
      capacity: ({ max }) => Number(max),
      create: ({ setup }) => create(setup['max']),
      // Iteration begins with what was used last.
      order: 'reverse',
      keys: [Number.NaN, -0, 2 ** 32, '', '0', '__proto__', true, null, 0n, 1n, { object: 0 }],
      values,
    }),
    defineTarget({
      name: 'lru-cache-undefined-key',
      model: 'lru-cache',
      capacity: 3,
      create: () => create(3),
      order: 'reverse',
      keys: [undefined],
      values,
    }),
    // Nothing is said about changes during an iteration; this asks for no more than that no entry comes twice.
    defineTarget({
      name: 'lru-cache-used-while-iterating',
      model: 'lru-cache',
      capacity: 3,
      create: () => create(3),
      hasLiveIterators: true,
      keys: [''],
      values,
    }),
  ],
});

export default config;
