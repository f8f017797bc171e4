/** The hunt's programs on the engine as it is, whatever the profile; and that what is asked of it can fail. */
import { beforeAll, describe, expect, test } from 'vitest';
import { exploreExhaustively } from '../../../src/core/explore/optimal.ts';
import type { ExplorationReport } from '../../../src/core/explore/report.ts';
import type { Program } from '../../../src/core/program.ts';
import { judgingOf } from '../../../src/core/shrink/shrink-threads.ts';
import type { ProfileName } from '../../../src/engines/go-map/index.ts';
import { loadEngine } from '../../../src/instrument/load-program.ts';
import { goMapSuites } from './suites.ts';
import type { AskedCounts } from './misuse-judge.ts';
import { bindThreads, goMapThreads, goMapThreadsSchema } from './program.ts';
import { shareFields } from './shared-fields.ts';
import { sharedEngine, type Call, type SharedEngine } from './threads.ts';

let engine: SharedEngine;
beforeAll(async () => {
  engine = await engineWith((_, code) => code);
});

/** The engine with a change of its source. */
async function engineWith(change: (path: string, code: string) => string): Promise<SharedEngine> {
  const patch = (path: string, code: string): string => change(path, shareFields(path, code));
  return sharedEngine(await loadEngine('go-map', { patch }));
}

/** With one text of one file replaced. */
function engineWithout(file: string, find: string, replace: string): Promise<SharedEngine> {
  return engineWith((path, code) => {
    if (!path.endsWith(file)) return code;
    expect(code.split(find)).toHaveLength(2);
    return code.replace(find, replace);
  });
}

function explore(
  program: Program,
  on: SharedEngine = engine,
  profile: ProfileName = 'corrected',
): ExplorationReport & { readonly asked: AskedCounts | null } {
  const bound = bindThreads(program, on, profile);
  const report = exploreExhaustively(bound.program, judgingOf(bound));
  return { ...report, asked: bound.misuse?.asked ?? null };
}

const misuse = (...threads: (readonly Call[])[]): Program =>
  goMapThreads('misuse', [1, 2, 3], threads, true);

const [readers, misuses] = goMapSuites.map(({ programs }) => [...programs()]);

test('every program of readers holds in every class', () => {
  expect([readers!.length, misuses!.length]).toEqual([16, 19]);
  for (const program of readers!) {
    const { failure, verdict, redundant } = explore(program);
    expect([failure, verdict, redundant], JSON.stringify(program)).toEqual([null, 'holds', 0]);
  }
});

/**
 * Classes of the programs; in how many a call lay under a mark, two writes overlapped, a change was lost.
 *
 * Classes follow the accesses of the engine, so that a change of it may change them; the other counts follow the flags.
 */
const COUNTS: Readonly<Record<ProfileName, readonly number[]>> = {
  'go1.19': [5_123, 112, 200, 2_852],
  'go1.21': [7_175, 112, 200, 2_852],
  'go1.23': [7_175, 112, 200, 2_852],
  corrected: [5_155, 115, 200, 2_852],
};

test.each(Object.entries(COUNTS) as [ProfileName, readonly number[]][])(
  'on %s every program of misuse holds in every class, and is asked what it is about',
  (name, counts) => {
    const sum = [0, 0, 0, 0];
    for (const program of misuses!) {
      const { failure, verdict, complete, redundant, asked } = explore(program, engine, name);
      expect([failure, verdict, redundant], JSON.stringify(program)).toEqual([null, 'holds', 0]);
      const { underMark, overlaps, lost } = asked!;
      expect(underMark, JSON.stringify(program)).toBeGreaterThan(0);
      for (const [at, count] of [complete, underMark, overlaps, lost].entries()) sum[at]! += count;
    }
    expect(sum).toEqual(counts);
  },
);

describe('two writes at once', () => {
  const program = misuse([['set', 1, 11]], [['set', 2, 22]]);

  test("Go's XOR notices both, but where a change of the flags is lost", () => {
    expect(explore(program)).toMatchObject({ failure: null, asked: { overlaps: 4, lost: 60 } });
  });

  test('without the premise that no change is lost the rule is false of Go', async () => {
    // Both read the flags before either writes them: the mark stands, and who ends first sees nothing.
    const bound = bindThreads(program, engine);
    let unnoticed = 0;
    const report = exploreExhaustively(bound.program, {
      ...judgingOf(bound),
      onExecution: ({ machine }) => {
        if (machine.results.every((result) => typeof result !== 'string')) unnoticed++;
        return undefined;
      },
    });
    expect(report.failure).toBe(null);
    expect(unnoticed).toBeGreaterThan(0);
  });

  test.each([
    ['that marks by OR', 'map.flags ^= FLAG_HASH_WRITING;', 'map.flags |= FLAG_HASH_WRITING;'],
    [
      'that does not look at its mark again',
      'if ((map.flags & FLAG_HASH_WRITING) === 0) throw',
      'if (map === null) throw',
    ],
  ])('a write %s is found', async (_, find, replace) => {
    const { failure } = explore(program, await engineWithout('state.ts', find, replace));
    expect(failure?.property).toBe('map.writers-notice-each-other');
    expect(failure?.message).toContain(
      'both marked the map before either looked at its mark again',
    );
  });
});

describe('a call while a write is marked', () => {
  test.each([
    ['get', 'go-map/go-map.ts', 'concurrent map read and map write', [['get', 1]]],
    ['next', 'iterator.ts', 'concurrent map iteration and map write', [['next']]],
  ] as const)('%s that does not look is found', async (_, file, due, calls) => {
    const look = new RegExp(
      String.raw`if \(\(map\.flags & FLAG_HASH_WRITING\) !== 0\) (\{\s+)?throw new FatalError\('${due}'\);(\s+\})?`,
      'u',
    );
    const blind = await engineWith((path, code) => {
      if (!path.endsWith(file)) return code;
      expect(code).toMatch(look);
      return code.replace(look, '');
    });
    const program = misuse([['set', 1, 11]], calls);
    expect(explore(program).failure).toBe(null);
    const { failure } = explore(program, blind);
    expect(failure?.property).toBe('map.callers-notice-a-write');
  });

  // A write that does not look undoes the mark, so that both are fatal as they end: nobody can tell.

  test('a step that looks only before the first entry is found', async () => {
    const first = await engineWithout(
      'iterator.ts',
      'if ((map.flags & FLAG_HASH_WRITING) !== 0) {',
      'if (this.foundBlock === BLANK && (map.flags & FLAG_HASH_WRITING) !== 0) {',
    );
    const program = misuse([['delete', 1]], [['next'], ['next']]);
    expect(explore(program, first).failure?.property).toBe('map.callers-notice-a-write');
  });

  test('and that finds the map empty looks at nothing else: nothing is asked of it', () => {
    const program = goMapThreads('misuse', [1], [[['clear']], [['get', 1]]], true);
    const { failure, asked } = explore(program);
    expect(failure).toBe(null);
    expect(asked!.underMark).toBeGreaterThan(0);
  });
});

describe('the shape of such programs in files', () => {
  test('takes every program of the hunt, and the first ones, which ask nothing', () => {
    for (const program of [...readers!, ...misuses!]) {
      expect(goMapThreadsSchema.parse(program)).toEqual(program);
    }
    const first = { setup: { keys: [1], isHashed: false }, threads: [[{ op: 'get', k: 1 }]] };
    expect(goMapThreadsSchema.safeParse(first).success).toBe(true);
  });

  test('refuses writers among readers', () => {
    const program = goMapThreads('readers', [1], [[['set', 1, 1]]], true);
    expect(goMapThreadsSchema.safeParse(program).success).toBe(false);
  });
});
