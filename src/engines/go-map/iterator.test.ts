import { describe, expect, test } from 'vitest';
import { createRandom } from './hash.ts';
import { GoMap, type GoMapIterator, type MapView, type TableView } from './index.ts';

const FLAGS_OF_AN_ITERATOR = 3;

describe('an iterator', () => {
  test('begins at its first step: flags, draw, start bucket and offset', () => {
    const draws = [1, 0b10_1011];
    const map = new GoMap<number, number>({ hint: 20, random: () => draws.shift()! });
    for (let key = 0; key < 20; key++) map.set(key, key);
    const iterator = map.entries();
    expect(iterator.inspect().isStarted).toBe(false);
    expect(map.inspect().flags).toBe(0);
    expect(draws.length).toBe(1);
    iterator.next();
    expect(map.inspect().flags).toBe(FLAGS_OF_AN_ITERATOR);
    const { B, startBucket, offset, checkBucket, isDone } = iterator.inspect();
    expect({ B, startBucket, offset, checkBucket, isDone }).toEqual({
      B: 2,
      startBucket: 0b11,
      offset: 0b010,
      checkBucket: -1,
      isDone: false,
    });
  });

  test('over an empty map ends at once, draws nothing, and stays ended', () => {
    let draws = 0;
    const map = new GoMap<number, number>({ random: () => draws++ });
    const iterator = map.keys();
    expect(iterator.next()).toEqual({ value: undefined, done: true });
    map.set(1, 1);
    expect(iterator.next().done).toBe(true);
    expect(iterator.inspect()).toMatchObject({ isStarted: false, isDone: true });
    expect(draws).toBe(1);
    expect(map.inspect().flags).toBe(0);
  });

  test('gives the value of the moment and skips what was deleted meanwhile', () => {
    const map = GoMap.from(Array.from({ length: 8 }, (_, key) => [key, key] as const));
    const iterator = map.entries();
    const [first] = iterator.next().value!;
    for (let key = 0; key < 8; key++) {
      if (key === first) continue;
      if (key % 2 === 0) map.delete(key);
      else map.set(key, key + 100);
    }
    const rest = [...iterator].toSorted((left, right) => left[0] - right[0]);
    expect(rest).toEqual(
      [1, 3, 5, 7].filter((key) => key !== first).map((key) => [key, key + 100]),
    );
  });

  test('filters an old bucket by its number while the map doubles', () => {
    const map = new GoMap<number, number>({ hash: (key) => key | (key << 24) });
    for (let key = 0; key < 27; key++) map.set(key, key);
    expect(map.inspect().oldBuckets).not.toBeNull();
    const seen: number[] = [];
    let filtered = 0;
    const iterator = map.keys();
    for (const key of iterator) {
      seen.push(key);
      const { checkBucket, pickedInDoubling } = iterator.inspect();
      expect(checkBucket >= 0).toBe(pickedInDoubling);
      if (pickedInDoubling) filtered++;
    }
    expect(filtered).toBeGreaterThan(0);
    expect(seen.toSorted((left, right) => left - right)).toEqual([...Array(27).keys()]);
  });

  test('a callback that throws ends forEach and leaves the map usable', () => {
    const map = GoMap.from<number, number>([[1, 1]]);
    expect(() =>
      map.forEach(() => {
        throw new Error('enough');
      }),
    ).toThrow('enough');
    expect(map.set(2, 2).size).toBe(2);
  });
});

/**
 * The contract of iteration, run against random changes: every production is live and of now, no
 * entry comes twice, and one that is there from start to end comes. Values name entries: an update
 * keeps its entry's value.
 */
class Session {
  readonly iterator: GoMapIterator<[unknown, number]>;
  readonly seen: Set<number> = new Set();
  readonly due: Set<number>;
  readonly faults: string[] = [];
  isDone: boolean = false;

  constructor(map: GoMap<unknown, number>, live: ReadonlyMap<number, unknown>) {
    this.iterator = map.entries();
    this.due = new Set(live.keys());
  }

  step(live: ReadonlyMap<number, unknown>): void {
    const step = this.iterator.next();
    if (step.done === true) {
      this.isDone = true;
      for (const entry of this.due) if (!this.seen.has(entry)) this.faults.push('missed');
      return;
    }
    const [key, entry] = step.value;
    if (!live.has(entry)) this.faults.push('stale');
    else if (!Object.is(live.get(entry), key)) this.faults.push('wrong key');
    if (this.seen.has(entry)) this.faults.push('twice');
    this.seen.add(entry);
  }
}

interface ContractRun {
  readonly faults: string[];
  readonly sameSizeGrowths: number;
}

function runContract(seed: number, profile: 'corrected' | 'go1.23'): ContractRun {
  const random = createRandom(seed);
  const isFloat = seed % 2 === 0;
  let sameSizeGrowths = 0;
  const map = new GoMap<unknown, number>({
    profile,
    seed,
    keys: isFloat ? 'float64' : 'javascript',
    wipe: seed % 3 === 0,
    // Few buckets are in use at a time, so that overflow buckets pile up; the seed moves them
    // about.
    hash: (key, hash0, draw) =>
      key === key
        ? (Math.imul(Number(key ?? 0), 0x9e3779b1) & 0xff000000) |
          ((Number(key ?? 0) ^ hash0) & 0xffff)
        : Math.imul(draw ^ hash0, 0x9e3779b1),
    observer: {
      growthStarted: (kind) => {
        if (kind === 'same-size') sameSizeGrowths++;
      },
    },
  });
  const live = new Map<number, unknown>();
  const entryOf = new Map<unknown, number>();
  let sessions: Session[] = [];
  const ended: Session[] = [];
  let nextEntry = 0;
  let base = 0;
  const drop = (entry: number): void => {
    live.delete(entry);
    for (const session of sessions) session.due.delete(entry);
  };
  for (let operation = 0; operation < 1500; operation++) {
    const phase = Math.floor(operation / 24);
    if (operation % 48 === 0) base = random() % 8;
    const key = base + 16 * (random() % 16);
    const kind = random() % 100;
    if (isFloat && kind < 3) {
      live.set(++nextEntry, Number.NaN);
      map.set(Number.NaN, nextEntry);
    } else if (kind < 72 && phase % 2 === 0) {
      const entry = entryOf.get(key) ?? ++nextEntry;
      entryOf.set(key, entry);
      live.set(entry, key);
      map.set(key, entry);
    } else if (kind < 72) {
      const entry = entryOf.get(key);
      expect(map.delete(key)).toBe(entry !== undefined);
      if (entry !== undefined) drop(entry);
      entryOf.delete(key);
    } else if (kind < 75 && sessions.length < 4) {
      sessions.push(new Session(map, live));
      sessions.at(-1)!.step(live);
    } else if (kind === 99 && random() % 20 === 0) {
      map.clear();
      entryOf.clear();
      for (const entry of Array.from(live.keys())) drop(entry);
    } else if (sessions.length > 0) {
      sessions[random() % sessions.length]!.step(live);
    }
    ended.push(...sessions.filter((session) => session.isDone));
    sessions = sessions.filter((session) => !session.isDone);
  }
  for (const session of sessions) while (!session.isDone) session.step(live);
  return { faults: [...ended, ...sessions].flatMap((session) => session.faults), sameSizeGrowths };
}

const RUNS = 250;

test('the corrected profile keeps the contract of iteration without exception', () => {
  let sameSizeGrowths = 0;
  for (let seed = 1; seed <= RUNS; seed++) {
    const run = runContract(seed, 'corrected');
    expect(run.faults, `seed ${seed}`).toEqual([]);
    sameSizeGrowths += run.sameSizeGrowths;
  }
  expect(sameSizeGrowths).toBeGreaterThan(100);
});

test('the same changes show the defects of the faithful profile', () => {
  const faults = new Set<string>();
  for (let seed = 1; seed <= RUNS; seed++) {
    for (const fault of runContract(seed, 'go1.23').faults) faults.add(fault);
  }
  expect(faults.has('stale')).toBe(true);
});

describe('inspection', () => {
  function liveCells(view: MapView): [unknown, unknown][] {
    const cells: [unknown, unknown][] = [];
    const addBucket = (table: TableView, bucket: number): void => {
      for (let cell = 0; cell < 8; cell++) {
        if (table.tophash(bucket, cell) < 5) continue;
        cells.push([table.key(bucket, cell), table.value(bucket, cell)]);
      }
    };
    for (const table of [view.buckets, view.oldBuckets]) {
      if (table === null) continue;
      for (let main = 0; main < table.bucketCount; main++) {
        for (let bucket = main; bucket >= 0; bucket = table.overflow(bucket)) {
          addBucket(table, bucket);
        }
      }
    }
    return cells;
  }

  test('is one live view that shows every live cell once', () => {
    const map = new GoMap<number, number>();
    const view = map.inspect();
    expect(view.buckets).toBeNull();
    for (let key = 0; key < 27; key++) map.set(key, -key);
    expect(map.inspect()).toBe(view);
    expect(view.buckets).toBe(view.buckets);
    expect(view.count).toBe(27);
    const cells = liveCells(view).toSorted((left, right) => Number(left[0]) - Number(right[0]));
    expect(cells).toEqual(Array.from({ length: 27 }, (_, key) => [key, -key]));
    expect(view.hash(5)).toBe(view.hash(5));
    expect(map.inspect().flags).toBe(0);
  });

  test.each([
    [true, undefined],
    [false, 5],
  ])('an evacuated cell keeps its memory unless it was wiped: wipe %s', (wipe, key) => {
    const map = new GoMap<number, number>({ wipe, hash: (k) => k | (k << 24), hint: 26 });
    for (let k = 1; k < 27; k++) map.set(k, k);
    map.set(33, 33);
    const old = map.inspect().oldBuckets!;
    expect(old.tophash(1, 0)).toBe(2);
    const kept = [0, 1, 2, 3, 4, 5].map((cell) => old.key(1, cell));
    expect(kept.includes(5)).toBe(key !== undefined);
    expect(kept[0]).toBe(wipe ? undefined : 1);
    expect(old.value(1, 0)).toBe(wipe ? undefined : 1);
  });
});
