import { describe, expect, test } from 'vitest';
import {
  IterationSession,
  isCurrent,
  isFirstTime,
  isNotCleared,
  isNotDeleted,
  isNotOver,
  isOfTheMap,
  missedEntries,
} from './iteration.ts';
import { MapSpec } from './spec.ts';

/** A map with the keys 1, 2 and 3, each with ten times itself, and a loop that has just begun. */
function begun(): { spec: MapSpec; session: IterationSession } {
  const spec = new MapSpec('float64');
  for (const key of [1, 2, 3]) spec.set(key, key * 10);
  return { spec, session: new IterationSession(spec) };
}

/** Produces a live key with its value. */
function produce(session: IterationSession, key: unknown): void {
  const entry = session.spec.find(key)!;
  session.accept(session.match(key, entry.value).entry!);
}

function missedKeys(session: IterationSession): unknown[] {
  return missedEntries(session).map(({ key }) => key);
}

describe('clause 1: the order is unspecified', () => {
  test.each([[[1, 2, 3]], [[3, 1, 2]]])('%j is complete', (order) => {
    const { session } = begun();
    for (const key of order) produce(session, key);
    expect(missedKeys(session)).toEqual([]);
  });

  test('but what never was in the map is not of it', () => {
    const { session } = begun();
    expect(isOfTheMap(session.match(2, 20))).toBe(true);
    expect(isOfTheMap(session.match(4, 40))).toBe(false);
    expect(isOfTheMap(session.match(Number.NaN, 0))).toBe(false);
  });
});

describe('clause 2: nothing deleted comes', () => {
  test('a deleted entry is refused, a live one is not', () => {
    const { spec, session } = begun();
    spec.delete(2);
    expect(isNotDeleted(session.match(2, 20))).toBe(false);
    expect(isNotDeleted(session.match(1, 10))).toBe(true);
  });

  test('a key that was set again may come', () => {
    const { spec, session } = begun();
    spec.delete(2);
    spec.set(2, 21);
    expect(isNotDeleted(session.match(2, 21))).toBe(true);
  });
});

describe('clause 3: what is inserted during the loop may come or not', () => {
  test('both are right', () => {
    const { spec, session } = begun();
    spec.set(4, 40);
    for (const key of [1, 2, 3]) produce(session, key);
    expect(missedKeys(session)).toEqual([]);
    const production = session.match(4, 40);
    expect(isOfTheMap(production) && isFirstTime(session, production)).toBe(true);
  });
});

describe('clause 4: what is there from start to end comes', () => {
  test('what is left out is missed', () => {
    const { session } = begun();
    produce(session, 1);
    expect(missedKeys(session)).toEqual([2, 3]);
  });

  test('what was deleted, or deleted and set again, is not', () => {
    const { spec, session } = begun();
    spec.delete(2);
    spec.delete(3);
    spec.set(3, 31);
    produce(session, 1);
    expect(missedKeys(session)).toEqual([]);
  });

  test('an update does not make an entry a new one', () => {
    const { spec, session } = begun();
    spec.set(2, 21);
    produce(session, 1);
    produce(session, 3);
    expect(missedKeys(session)).toEqual([2]);
  });

  test('each NaN counts', () => {
    const spec = new MapSpec('float64');
    spec.set(Number.NaN, 1);
    spec.set(Number.NaN, 1);
    const session = new IterationSession(spec);
    session.accept(session.match(Number.NaN, 1).entry!);
    expect(missedEntries(session)).toHaveLength(1);
    session.accept(session.match(Number.NaN, 1).entry!);
    expect(missedEntries(session)).toHaveLength(0);
  });
});

describe('clause 5: what comes is the entry as it is now', () => {
  test('an old value is refused, the new one is not', () => {
    const { spec, session } = begun();
    spec.set(2, 21);
    expect(isCurrent(session.match(2, 20))).toBe(false);
    expect(isCurrent(session.match(2, 21))).toBe(true);
  });

  test('the sign of a zero key counts', () => {
    const spec = new MapSpec('float64');
    spec.set(0, 1);
    const session = new IterationSession(spec);
    spec.set(-0, 1);
    expect(isCurrent(session.match(0, 1))).toBe(false);
    expect(isCurrent(session.match(-0, 1))).toBe(true);
  });
});

describe('clause 6: at most once', () => {
  test('the same entry again is refused', () => {
    const { session } = begun();
    produce(session, 2);
    expect(isFirstTime(session, session.match(2, 20))).toBe(false);
    expect(isFirstTime(session, session.match(3, 30))).toBe(true);
  });

  test('the same key as a new entry is not', () => {
    const { spec, session } = begun();
    produce(session, 2);
    spec.delete(2);
    spec.set(2, 20);
    expect(isFirstTime(session, session.match(2, 20))).toBe(true);
  });

  test('NaN as often as there are entries of that value', () => {
    const spec = new MapSpec('float64');
    spec.set(Number.NaN, 1);
    const session = new IterationSession(spec);
    session.accept(session.match(Number.NaN, 1).entry!);
    expect(isFirstTime(session, session.match(Number.NaN, 1))).toBe(false);
  });
});

describe('clause 7: after a clear nothing from before it', () => {
  test('a cleared entry is refused, one set since is not', () => {
    const { spec, session } = begun();
    spec.clear();
    expect(isNotCleared(session.match(2, 20))).toBe(false);
    spec.set(2, 22);
    expect(isNotCleared(session.match(2, 22))).toBe(true);
  });

  test('a NaN read from where only cleared entries are is one of those', () => {
    const spec = new MapSpec('float64');
    spec.set(Number.NaN, 1);
    const session = new IterationSession(spec);
    spec.clear();
    spec.set(Number.NaN, 1);
    expect(isNotCleared(session.match(Number.NaN, 1))).toBe(true);
    expect(isNotCleared(session.match(Number.NaN, 1, true))).toBe(false);
  });
});

describe('clause 8: nothing from nothing', () => {
  test('a loop over an empty or a nil map is over at once', () => {
    expect(isNotOver(new IterationSession(new MapSpec('javascript')))).toBe(false);
    expect(isNotOver(new IterationSession(new MapSpec('javascript', true)))).toBe(false);
    expect(isNotOver(begun().session)).toBe(true);
  });
});
