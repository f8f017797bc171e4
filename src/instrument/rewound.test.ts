/** Program files that are proved confined are rewound, and nobody can tell; what is seen only at run time ends it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exploreExhaustively } from '../core/explore/optimal.ts';
import type { SteppedProgram } from '../core/step.ts';
import { loadProgram } from './load-program.ts';
import { takeRefusal } from './runtime/index.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mapcheck-rewound-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const WORDS = `setup: () => new Int32Array(new SharedArrayBuffer(16))`;
const ADD = `(m) => { const seen = Atomics.load(m, 0); Atomics.store(m, 0, seen + 1); return seen; }`;
let count = 0;

async function load(
  threads: readonly string[],
  rest = WORDS,
  before = '',
): Promise<SteppedProgram> {
  const code = `import { defineProgram } from 'mapcheck';\n${before}
    export default defineProgram({ name: 'p', ${rest}, threads: [${threads.join(', ')}] });`;
  const file = join(folder, `p${count++}.ts`);
  writeFileSync(file, code);
  return (await loadProgram(file)).program;
}

/** All that can be seen of an exploration, and how often set-up ran. */
function observe(program: SteppedProgram): { seen: string[]; setups: number } {
  const seen: string[] = [];
  let setups = 0;
  const report = exploreExhaustively(
    { ...program, setup: () => (setups++, program.setup()) },
    {
      keepsGoing: true,
      hasHashes: true,
      onExecution: ({ machine, trail, ending, failure }) => {
        const schedule = trail.thread.slice(0, trail.length).join('');
        const { shared, results } = machine;
        seen.push(JSON.stringify([schedule, ending, failure?.message, results, shared]));
        return undefined;
      },
    },
  );
  expect(report.isExhaustive).toBe(true);
  return { seen: [...seen, report.hashSum], setups };
}

function compare(program: SteppedProgram): { rewound: number; whole: number } {
  const rewound = observe(program);
  const whole = observe({ ...program, isConfined: false });
  expect(rewound.seen).toEqual(whole.seen);
  return { rewound: rewound.setups, whole: whole.setups };
}

describe('rewound', () => {
  test('named functions and a check', async () => {
    const top = `function visit(m: Int32Array): void { const seen = Atomics.load(m, 0); Atomics.store(m, 0, seen + 1); }`;
    const check = `check: (m, results) => {
      if (m[0] !== 3 && results.every((seen) => seen !== 1)) throw new Error(\`\${m[0]} of 3: \${m}\`);
    }`;
    const look = '(m) => Atomics.load(m, 0)';
    const program = await load(['visit', look, 'visit', 'visit'], `${WORDS}, ${check}`, top);
    const { rewound, whole } = compare(program);
    expect(whole).toBeGreaterThan(50);
    expect(rewound).toBeLessThan(6);
  });

  test('elements, loops, helpers and arrays of their own', async () => {
    const top = `const COUNT = 2 * 1; const put = (m: Int32Array, at: number): void => { m[at] += 1; };`;
    const threads = [
      '(m) => { m[0] = 42; put(m, 1); return m[2]; }',
      '(m) => { const seen = []; for (let i = 0; i < 3; i++) seen.push(Atomics.load(m, i % COUNT)); return seen; }',
      '(m) => { let sum = 0; for (const word of m) sum += word; return sum; }',
    ];
    const { rewound, whole } = compare(await load(threads, WORDS, top));
    expect(whole).toBeGreaterThan(15);
    expect(rewound).toBeLessThan(6);
  });

  test('a record of views', async () => {
    const setup = `setup: () => {
      const buffer = new SharedArrayBuffer(16);
      return { data: new Int32Array(buffer, 0, 3), flag: new Int32Array(buffer, 12, 1) };
    }`;
    const threads = [
      '(s) => { s.data[0] = 42; Atomics.store(s.flag, 0, 1); s.data[0]++; }',
      '({ data, flag }) => (Atomics.load(flag, 0) === 1 ? data[0] : -1)',
      '(s) => { const data = s.data; data[0] = 7; Atomics.store(s.flag, 0, 2); }',
    ];
    const { rewound, whole } = compare(await load(threads, setup));
    expect(whole).toBeGreaterThan(10);
    expect(rewound).toBeLessThan(6);
  });
});

describe('what is seen only at run time ends rewinding', () => {
  test('a property of a view, under a name that is computed', async () => {
    const thread =
      '(m) => { m[KEY] = (m[KEY] ?? 0) + 1; Atomics.add(m, 0, m[KEY]); Atomics.add(m, 1, 1); }';
    const { rewound, whole } = compare(
      await load([thread, thread, thread], WORDS, `const KEY = 'runs';`),
    );
    expect(rewound).toBe(whole);
  });

  test('a property of a function', async () => {
    const thread = '(m) => { const { at } = m; at[KEY] ??= 0; Atomics.add(m, 0, at[KEY]); }';
    const { rewound, whole } = compare(await load([thread, ADD], WORDS, `const KEY = 'none';`));
    expect(rewound).toBe(whole);
  });

  test.each(['`${m}`', 'String(m)', 'm + ""', 'new Error(m).message', '[m].join()', 'new Set(m)'])(
    'a thread may not read the memory whole: %s',
    async (text) => {
      const thread = `(m) => {\n Atomics.add(m, 1, 1);\n\n const t = ${text}; return t; }`;
      const program = await load([thread, ADD]);
      takeRefusal();
      exploreExhaustively(program, {});
      const refusal = takeRefusal();
      expect(refusal?.todo).toContain('[...view]');
      expect(refusal?.place).toMatch(/\/p\d+\.ts:6:\d+$/u);
      const column = Number(refusal!.place.split(':').at(-1)) - 12;
      expect(column).toBeGreaterThanOrEqual(0);
      expect(column).toBeLessThan(text.length);
    },
  );

  test('the check may make text of it', async () => {
    const check = 'check: (m) => { if (`${m}` !== "3,0,0,0") throw new Error(`${m}`); }';
    const { rewound, whole } = compare(await load([ADD, ADD, ADD], `${WORDS}, ${check}`));
    expect(whole).toBeGreaterThan(20);
    expect(rewound).toBeLessThan(6);
  });
});
