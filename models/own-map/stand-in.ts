/** A map made of the model itself: does what the model says, and nothing else. */
import { SyncMapSpec } from '../sync-map/spec.ts';
import { Unfindable } from '../sync-map/unfindable.ts';
import type { OperationFunction } from './operations.ts';
import type { OwnMap } from './own-map.ts';
import { neverNan, ReferenceMap } from './reference-map.ts';

/** Makes the map of a run, and does each operation on it. */
export interface StandIn {
  readonly create: OwnMap['create'];
  readonly operations: Readonly<Record<string, OperationFunction>>;
}

/** The stand-in for a map of any model but the persistent one. */
export function standInFor(own: OwnMap): StandIn {
  return own.model === 'sync-map' ? concurrentStandIn(own) : mapStandIn(own);
}

interface Subject {
  readonly reference: ReferenceMap;
  readonly capacity: number;
}

function mapStandIn(own: OwnMap): StandIn {
  const isLru = own.model === 'lru-cache';
  const use = ({ reference }: Subject, key: unknown): void => {
    if (isLru) reference.use(key);
  };
  const onSubject = (
    action: (subject: Subject, key: unknown, value: unknown) => unknown,
  ): OperationFunction => {
    return (map, key, value) => action(map as Subject, key, value);
  };
  const entriesOf = ({ reference }: Subject): readonly (readonly [unknown, unknown])[] => {
    const entries = [...reference.entries.values()].map(({ key, value }) => [key, value] as const);
    return own.order === 'reverse' ? entries.toReversed() : entries;
  };
  return {
    create: ({ setup }): Subject => ({
      reference: new ReferenceMap(own.identityOf),
      capacity: isLru ? own.capacityOf(setup) : Number.POSITIVE_INFINITY,
    }),
    operations: {
      get: onSubject((subject, key) => {
        use(subject, key);
        return subject.reference.find(key)?.value;
      }),
      peek: onSubject(({ reference }, key) => reference.find(key)?.value),
      set: onSubject((subject, key, value) => {
        subject.reference.set(key, value);
        use(subject, key);
        subject.reference.evictTo(subject.capacity);
      }),
      has: onSubject(({ reference }, key) => reference.find(key) !== undefined),
      delete: onSubject(({ reference }, key) => reference.delete(key)),
      clear: onSubject(({ reference }) => reference.clear()),
      size: onSubject(({ reference }) => reference.size),
      entries: onSubject(entriesOf),
      keys: onSubject((subject) => entriesOf(subject).map(([key]) => key)),
      values: onSubject((subject) => entriesOf(subject).map(([, value]) => value)),
    },
  };
}

function concurrentStandIn(own: OwnMap): StandIn {
  const hasFloatKeys = own.identityOf === neverNan;
  const identityOf = hasFloatKeys ? (key: unknown): unknown => key : own.identityOf;
  const call = (name: string): OperationFunction => {
    return (map, key, ...rest) => {
      const spec = map as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;
      return spec[name]!(identityOf(key), ...rest);
    };
  };
  const names = ['load', 'store', 'loadOrStore', 'loadAndDelete', 'delete', 'swap'];
  const others = ['compareAndSwap', 'compareAndDelete', 'clear'];
  return {
    create: () => new SyncMapSpec<unknown>(hasFloatKeys),
    operations: {
      ...Object.fromEntries([...names, ...others].map((name) => [name, call(name)])),
      range: (map, visit) => {
        const report = visit as (key: unknown, value: unknown) => boolean;
        for (const [key, value] of (map as SyncMapSpec<unknown>).contents) {
          if (!report(key instanceof Unfindable ? Number.NaN : key, value)) return;
        }
      },
    },
  };
}
