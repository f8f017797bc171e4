/** What callers from several threads are promised. */
import type { Property } from '../../src/core/property.ts';

/** The promise of every operation but Range. */
export const linearizable: Property = {
  name: 'sync-map.linearizable',
  statement:
    'In every real-time order that an interleaving admits, each operation takes effect at one moment between its call and its return.',
  source: 'doc comments of sync/map.go on synchronisation; models/sync-map/spec.ts',
};

/** Nobody waits for ever. */
export const noDeadlock: Property = {
  name: 'sync-map.no-deadlock',
  statement: 'Under every interleaving, every operation ends.',
  source: 'sync/map.go: one mutex, given back on every path',
};

/** The promises beyond those to a single caller. */
export const concurrentProperties: readonly Property[] = [linearizable, noDeadlock];
