/** Immutable's maps: every version stays what it was, whatever comes later. Run in this folder: `npx mapcheck run`. */
import { Map as ImmutableMap, OrderedMap } from 'immutable';
import { defineConfig, defineTarget, type MapcheckConfig } from 'mapcheck';

/** A key with a hash of its own, of which there are only three: the others collide. */
class Colliding {
  readonly n: number;

  constructor(n: number) {
    this.n = n;
  }

  hashCode(): number {
    return this.n % 3;
  }

  equals(other: unknown): boolean {
    return other instanceof Colliding && other.n === this.n;
  }
}

const keys = [
  Number.NaN,
  -0,
  '',
  '0',
  '__proto__',
  'constructor',
  true,
  null,
  undefined,
  0n,
  1n,
  // These two have the same hash.
  'Aa',
  'BB',
  ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((object) => ({ object })),
];
const objectAt = (n: number): object => new Colliding(n);

const config: MapcheckConfig = defineConfig({
  targets: [
    defineTarget({
      name: 'immutable-map',
      model: 'persistent-map',
      create: () => ImmutableMap(),
      keys,
      objectAt,
    }),
    defineTarget({
      name: 'immutable-ordered-map',
      model: 'persistent-map',
      order: 'insertion',
      create: () => OrderedMap(),
      keys,
      objectAt,
    }),
    // The same structure while it may be written to in place.
    defineTarget({
      name: 'immutable-mutable-map',
      model: 'unordered-map',
      create: () => ImmutableMap().asMutable(),
      operations: {
        delete: (map, key) => {
          map.delete(key);
        },
      },
      keys,
      objectAt,
    }),
  ],
});

export default config;
