/** What is proven confined is rewound with the same answers; what could carry something between threads is not proven. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exploreExhaustively } from '../../core/explore/optimal.ts';
import type { SteppedProgram } from '../../core/step.ts';
import { instrument } from '../instrument.ts';
import { loadProgram } from '../load-program.ts';
import type { Confinement } from './proof.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mapcheck-confined-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const IMPORT = `import { defineProgram } from 'mapcheck';\n`;
const WORDS = `setup: () => new Int32Array(new SharedArrayBuffer(16))`;
const ADD = `(m) => { const seen = Atomics.load(m, 0); Atomics.store(m, 0, seen + 1); return seen; }`;

/** A program with these parts; \`before\` stands at the top level. */
function source(threads: readonly string[], rest = WORDS, before = ''): string {
  const list = threads.join(',\n    ');
  return `${IMPORT}${before}\nexport default defineProgram({\n  name: 'p',\n  ${rest},\n  threads: [\n    ${list},\n  ],\n});\n`;
}

function confinement(code: string): Confinement {
  return instrument(code, 'p.ts').confinement;
}

async function load(code: string): Promise<SteppedProgram> {
  const file = join(folder, `p${Math.abs(code.length * 31 + code.charCodeAt(90))}.ts`);
  writeFileSync(file, code);
  const { program } = await loadProgram(file);
  return program;
}

function observe(program: SteppedProgram): { seen: string[]; setups: number } {
  const seen: string[] = [];
  let setups = 0;
  const setup = (): unknown => {
    setups++;
    return program.setup();
  };
  const report = exploreExhaustively(
    { ...program, setup },
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

/** Programs that are proven, by what has to be true of what setup returns. */
const PROVEN: readonly (readonly [string, Confinement, string])[] = [
  [
    'named functions and a check',
    'views',
    source(
      ['count', '(visits) => Atomics.load(visits, 0)', 'count'],
      `${WORDS}, check(visits: Int32Array, results: readonly unknown[]) {
        if (visits[0] !== 2 && results.every((seen) => seen === 0)) throw new Error(\`\${visits[0]} of 2: \${visits}\`);
      }`,
      `function count(visits: Int32Array): void { const seen = Atomics.load(visits, 0); Atomics.store(visits, 0, seen + 1); }`,
    ),
  ],
  [
    'elements, loops, helpers and arrays of their own',
    'view',
    source(
      [
        '(m) => { m[0] = 42; bump(m, 1); return m[2]; }',
        `(m) => { const seen = []; for (let i = 0; i < 3; i++) { seen.push(Atomics.load(m, i % WORDS)); } seen[0] += 1; return seen; }`,
        `(memory: Int32Array) => { const v = memory; let sum = 0; for (const word of v) sum += word; return sum; }`,
      ],
      WORDS,
      `type Words = Int32Array; const WORDS = 2 * 1;
       const bump = (words: Words, at: number): void => { Atomics.add(words, at, 1); };`,
    ),
  ],
  [
    'an object of typed arrays',
    'views',
    source(
      [
        `({ data, flag }) => { data[0] = 42; Atomics.store(flag, 0, 1); data[0]++; }`,
        `(shared) => { if (Atomics.load(shared.flag, 0) === 1) return shared.data[0]; return -1; }`,
        `(shared) => { shared.data[0] = 1; Atomics.store(shared.flag, 0, 2); }`,
        `(shared) => { const data = shared.data; try { data[1]++; } catch (error) { throw error; } finally { data[2] = data.length; } }`,
      ],
      `setup: () => {
        const buffer = new SharedArrayBuffer(16);
        const data = new Int32Array(buffer, 0, 3);
        data[0] = 7;
        return { data, flag: new Int32Array(buffer, 12, 1), size: 3 };
      }`,
    ),
  ],
  [
    'methods that change nothing, and callbacks',
    'views',
    source([
      ADD,
      `(m) => { Atomics.exchange(m, 1, Math.max(1, 2)); return m.slice(0, 1).map((word) => word + 1)[0]; }`,
      `(m) => Array.from({ length: 2 }, (_, i) => Atomics.add(m, i, 1)).join('-')`,
    ]),
  ],
];

describe('proven', () => {
  test.each(PROVEN)('%s', async (_name, expected, code) => {
    expect(confinement(code)).toBe(expected);
    const program = await load(code);
    expect(program.isConfined?.(program.setup())).toBe(true);
    const rewound = observe(program);
    const whole = observe({ ...program, isConfined: () => false });
    expect(rewound.seen).toEqual(whole.seen);
    expect(rewound.setups).toBeLessThan(whole.setups - 3);
    expect(rewound.setups).toBeLessThan(6);
  });
});

/** What carries something from one thread to another or from one run to the next, or might. */
const NOT_PROVEN: Readonly<Record<string, string>> = {
  'a log at the top level': source([ADD, '(m) => { log.push(m[0]); }'], WORDS, 'const log = [];'),
  'a counter': source(['(m) => { runs++; Atomics.add(m, 0, 1); }'], WORDS, 'let runs = 0;'),
  'a variable at the top level': source(['(m) => Atomics.add(m, 0, n)'], WORDS, 'let n = 0;'),
  'a constant object': source(['(m) => Atomics.add(m, 0, o.n)'], WORDS, 'const o = { n: 1 };'),
  'a class': source([ADD], WORDS, 'class Log {}'),
  'a statement at the top level': source([ADD], WORDS, 'if (1) { }'),
  'two programs': source([ADD], WORDS, 'const p = defineProgram({ threads: [] });'),
  'a property that is assigned': source([
    '({ words }) => { words.last = 1; Atomics.load(words, 0); }',
  ]),
  'a property with a name of its own': source([
    '({ words }, n) => { words.n = 1; Atomics.load(words, 0); }',
  ]),
  'a variable that nobody uses': source([ADD], WORDS, 'let n = 0;'),
  'a property of a function': source(
    [ADD, '(m) => { help[0] = m[0]; }'],
    WORDS,
    'function help() {}',
  ),
  'a function as a value': source(
    [ADD, '(m) => { const f = help; f[m[0]]; }'],
    WORDS,
    'function help() {}',
  ),
  'a random number': source(['(m) => Atomics.add(m, 0, Math.random())']),
  'a random function': source(['(m) => Atomics.add(m, 0, [1].map(Math.random)[0])']),
  'a clock': source(['(m) => Atomics.add(m, 0, Date.now())']),
  'an object that tells the time': source([
    '(m) => { const now = new Date(); Atomics.add(m, 0, 1); }',
  ]),
  'the console': source(['(m) => { console.log(Atomics.load(m, 0)); }']),
  'a global name': source(['(m) => { const all = globalThis; all[Atomics.load(m, 0)]; }']),
  'a global function': source(['(m) => fetch(Atomics.load(m, 0))']),
  'a regular expression': source(['(m) => { const r = /a/g; Atomics.load(m, 0); }']),
  'a text made of the memory': source(['(m) => { const t = `${m}`; Atomics.load(m, 0); }']),
  'another text made of it': source(['(m) => { const t = m + ""; Atomics.load(m, 0); }']),
  'a text made of a property': source([
    '(m) => { const t = `${m.words}`; Atomics.load(m.words, 0); }',
  ]),
  'an error that tells of the memory': source(['(m) => { if (m[0]) throw new Error(m); }']),
  'the memory in a list': source(['(m) => { const list = [m]; Atomics.load(m, 0); }']),
  'the memory as a result': source(['(m) => { Atomics.load(m, 0); return m; }']),
  'the memory in a variable': source([
    '(m) => { let v = m; const t = `${v}`; Atomics.load(m, 0); }',
  ]),
  'the buffer': source(['({ words }) => { const b = words.buffer; Atomics.load(words, 0); }']),
  'the buffer by a text': source([
    '({ words }) => { const b = words["buffer"]; Atomics.load(words, 0); }',
  ]),
  'the buffer by a pattern': source(['({ words: { buffer } }) => { Atomics.load(buffer, 0); }']),
  'a method taken off': source([
    '(m) => { const list = [0]; const f = list.at; Atomics.load(m, 0); }',
  ]),
  'a computed method': source(['(m) => { const list = [0]; list[m[0]](); }']),
  'a computed method with a name of its own': source([
    '(m) => { const list = [0]; const at = m[0]; list[at](); }',
  ]),
  'a method that changes': source(['(m) => { m.fill(Atomics.load(m, 0)); }']),
  'a callback given the memory': source([
    '(m) => m.map((word, i, all) => { const t = `${all}`; return i; })',
  ]),
  'a callback with the memory in a rest': source([
    '(m) => m.map((...rest) => { const t = `${rest}`; return 1; })',
  ]),
  'an array of another function': source([
    '(m) => { const list = []; [1].forEach(() => { list.push(m[0]); }); }',
  ]),
  this: source(['function (m) { const all = this; Atomics.load(m, 0); }']),
  arguments: source(['function () { const all = arguments; }']),
  'a generator': source(['function* (m) { Atomics.load(m, 0); }']),
  'an async function': source(['async (m) => { Atomics.load(m, 0); }']),
  'a closure that lives on': source(
    ['make()'],
    WORDS,
    'function make() { return (m) => Atomics.add(m, 0, 1); }',
  ),
  'a variable of a function around': source([
    '(m) => { let n = 0; [1].forEach(() => { n++; }); m[0] = n; }',
  ]),
  'a rest of the shared object': source(['({ a, ...rest }) => { Atomics.load(a, 0); }']),
  'all arguments': source(['(...all) => { Atomics.load(all[0], 0); }']),
  'an element of what is not known': source(
    [ADD, '(m) => { help([m[0]]); }'],
    WORDS,
    'function help(list) { list[0] = 1; }',
  ),
  'a check that writes': source([ADD, ADD], `${WORDS}, check: (m) => { Atomics.store(m, 0, 0); }`),
  'a check that assigns': source(
    [ADD],
    `${WORDS}, check: write`,
    'function write(m) { const list = [0]; list[0] = m[0]; }',
  ),
  'a check whose help writes': source(
    [ADD, '(m) => { reset(m); }'],
    `${WORDS}, check: (m) => { reset(m); }`,
    'function reset(m) { m[0] = 0; }',
  ),
  'a check that sorts the results': source(
    [ADD],
    `${WORDS}, check: (m, results) => { results.sort(); }`,
  ),
  'a check that pushes to them': source(
    [ADD],
    `${WORDS}, check: (m, results) => { results.push(1); }`,
  ),
  invariants: source([ADD], `${WORDS}, invariants: {}`),
  'other modules': source([ADD], WORDS, `import './help.ts';`),
  'another name of mapcheck': source([ADD], WORDS, `import { SyncMap } from 'mapcheck';`),
  'what is re-exported': source([ADD], WORDS, `export * from './help.ts';`),
};

describe('not proven', () => {
  test.each(Object.entries(NOT_PROVEN))('%s', (_what, code) => {
    expect(confinement(code)).toBe('none');
  });

  test('what setup returns has to be what the proof needs', async () => {
    const element = '(m) => { m[0] = 1; }';
    const list = await load(source([element, element], 'setup: () => [0]'));
    expect(list.isConfined?.(list.setup())).toBe(false);
    const mixed = 'setup: () => ({ words: new Int32Array(new SharedArrayBuffer(4)), log: [] })';
    const thread = '({ words }) => Atomics.add(words, 0, 1)';
    const log = await load(source([thread, thread], mixed));
    expect(log.isConfined?.(log.setup())).toBe(false);
    const views = 'setup: () => ({ words: new Int32Array(new SharedArrayBuffer(4)) })';
    const whole = await load(source([thread, '(all) => { all["more"] = 1; }'], views));
    expect(whole.isConfined?.(whole.setup())).toBe(false);
    const array = 'setup: () => [new Int32Array(new SharedArrayBuffer(4))]';
    const first = await load(source(['(all) => { Atomics.load(all.first, 0); }'], array));
    expect(first.isConfined?.(first.setup())).toBe(false);
    const part = await load(source([thread, '(all) => Atomics.add(all.words, 0, 1)'], views));
    expect(part.isConfined?.(part.setup())).toBe(true);
  });

  test('a helper that is given a property here and the whole there', () => {
    const thread = '(all) => { help(all.words); help(all); }';
    const help = 'function help(words) { words[0] = 1; }';
    expect(confinement(source([thread], WORDS, help))).toBe('view');
    expect(confinement(source([thread.replace('help(all);', '')], WORDS, help))).toBe('views');
  });

  test('a property of the memory, by a name that shows only at run time, ends rewinding', async () => {
    const key = `const KEY = 'runs';`;
    const thread = `(m) => { m[KEY] = (m[KEY] ?? 0) + 1; Atomics.add(m, 0, m[KEY]); Atomics.add(m, 1, 1); }`;
    const code = source([thread, thread, thread], WORDS, key);
    expect(confinement(code)).toBe('view');
    const program = await load(code);
    const rewound = observe(program);
    const whole = observe({ ...program, isConfined: () => false });
    expect(rewound).toEqual(whole);
  });
});
