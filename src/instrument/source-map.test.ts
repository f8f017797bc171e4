import { SourceMap } from 'node:module';
import { describe, expect, test } from 'vitest';
import { registers } from '../core/step.ts';
import { instrument } from './instrument.ts';
import { STEP } from './runtime/index.ts';
import { load, snippetModule } from './testing/compare.ts';
import { SNIPPETS } from './testing/snippets.ts';

type Places = readonly string[];

function world(): [(value: unknown) => void, Int32Array, unknown[]] {
  return [() => {}, new Int32Array(new SharedArrayBuffer(32)), [30, 10, 20]];
}

/** Positions of the frames of a file in the stack of what `body` throws. */
function placesOf(body: () => unknown, file: string): Places {
  try {
    body();
  } catch (error) {
    const frames = (error as Error).stack!.matchAll(new RegExp(`${file}:(\\d+):(\\d+)`, 'gu'));
    return [...frames].map(([, line, column]) => `${line}:${column}`);
  }
  return ['no error'];
}

function mapped(places: Places, map: SourceMap): Places {
  return places.map((place) => {
    const [line, column] = place.split(':').map(Number);
    const entry = map.findEntry(line! - 1, column! - 1) as {
      originalLine?: number;
      originalColumn?: number;
    };
    return entry.originalLine === undefined
      ? 'unmapped'
      : `${entry.originalLine + 1}:${entry.originalColumn! + 1}`;
  });
}

function compare(body: string): { plain: Places; stepped: Places } {
  const source = snippetModule(body);
  const plain = placesOf(() => load(source, 'plain.js').run(...world()), 'plain.js');
  const { code, map } = instrument(source, 'snippet.js', { isCommonJs: true });
  const { run } = load(code, 'stepped.js');
  registers.thread = 0;
  const stepped = placesOf(() => {
    const thread = run[STEP]!(...world());
    for (let next = thread.next(); !next.done; next = thread.next());
  }, 'stepped.js');
  registers.thread = -1;
  return { plain, stepped: mapped(stepped, new SourceMap(map as never)) };
}

const FAILURES: Readonly<Record<string, string>> = {
  'a throw after a step': `const x = view[0];\n  if (x === 0) {\n    throw new Error('x');\n  }`,
  'a throw in an arrow that was lifted': `const f = (a) => {\n  view[0] = a;\n\n    throw new Error('x');\n};\nlog(1);\n   f(3);`,
  'a throw in a closure that was not': `let n = 0;\nconst f = (a) => {\n  n += view[0];\n    throw new Error('x');\n};\n   [1].forEach(() => log(view[1] + n)); f(3);`,
  'a throw in a method behind multi-line parameters': `class A {\n m(a, // one\n   b = view[0],\n   c = {\n q: 1 }) {\n      throw new Error('x'); } }\n  new A()\n    .m(1);`,
  'a call of nothing': `const o = { f: null };\n Atomics.load(view, 0);\n   o.f(view[1],\n   2);`,
  'a property of nothing': `let o;\n\n log(view[0] + o\n   .x);`,
  'atomics out of range': `const k = 99;\n log(1); return 1 +\n   Atomics.load(view, k);`,
  'a function declared below': `log(Atomics.load(view, 0));\n\n inner(\n 1);\n function inner(a) {\n return view[0] +\n  deeper(a); }\n function deeper() { view[0] = 1; throw new Error('x'); }`,
  'a getter': `class A { get g() {\n view[0]++;\n   throw new Error('x'); } }\n const a = new A();\n return 1 + a.g;`,
  'a generator': `function* g() { yield view[0];\n\n   throw new Error('x'); }\n for (const x of g()) log(x);`,
  'a throw in a finally': `try { view[0] = 1; } finally {\n  for (;;) {\n log(view[0]); throw new Error('x'); } }`,
  'a constructor': `class A { constructor() { this.a = 1;\n  throw new Error('x'); } }\n view[0] = 1;\n  return new A();`,
};

describe('an error points at the place it has in the source', () => {
  for (const [name, body] of Object.entries(FAILURES)) {
    test(name, () => {
      const { plain, stepped } = compare(body);
      expect(plain.length).toBeGreaterThan(0);
      expect(stepped[0]).toBe(plain[0]);
      // Further frames of the stack are those of the plain run, with frames of iteration between them at most.
      const frames = [...stepped];
      expect(plain.every((place) => frames.splice(0, frames.indexOf(place) + 1).length > 0)).toBe(
        true,
      );
    });
  }
});

test('copied words are mapped to themselves', () => {
  let matchCount = 0;
  let wordCount = 0;
  for (const body of Object.values(SNIPPETS)) {
    const source = snippetModule(body);
    const { code, map } = instrument(source, 'snippet.js', { isCommonJs: true });
    const lines = source.split('\n');
    const decoded = new SourceMap(map as never);
    const matched = new Set<string>();
    code.split('\n').forEach((text, line) => {
      for (const { index, 0: word } of text.matchAll(/[\w$#]+/gu)) {
        const entry = decoded.findEntry(line, index) as unknown as Readonly<Record<string, number>>;
        if (entry['generatedLine'] !== line || entry['generatedColumn'] !== index) continue;
        const original = lines[entry['originalLine']!]!.slice(entry['originalColumn']);
        if (original.startsWith(word))
          matched.add(`${entry['originalLine']}:${entry['originalColumn']}`);
      }
    });
    // The others are operands that stand in several places of the new form, and keywords of loops.
    wordCount += [...source.matchAll(/[\w$#]+/gu)].length;
    matchCount += matched.size;
  }
  expect(matchCount / wordCount).toBeGreaterThan(0.6);
});

const TYPED = `import type { Nothing } from './types.ts';
import { type Other, used, UnusedType } from './more.ts';

export interface Shape<T> {
  readonly a: T;
}
type Alias = { [key: string]: number };
declare const ambient: number;

export abstract class Box<T extends object = {}> implements Shape<number> {
  declare ghost: string;
  readonly a: number = 1;
  private b?: string;
  protected c!: Map<string, T>;
  static readonly #view: Int32Array = new Int32Array(2);
  [key: string]: unknown;
  constructor(public x: number, private readonly y = 2) {}
  abstract nope(): void;
  over(a: string): string;
  over(a: number): number;
  over(this: Box<T>, a: unknown): unknown { return (a as number)! + (this.y satisfies number) + Box.#view[0]!; }
  static of<T extends object>(value?: T): Box<T> | undefined { return value as never; }
}
export const f = <T,>(a: T, b?: number): { a: T;
  b: number } => ({ a, b: b ?? (used as unknown as number) });
export enum Color { Red, Green = 5, Blue, Name = 'n' }
let definite!: number;
export function g<T>(this: void, { a, b }: { a: T; b: number }, ...rest: number[]): asserts a is T & {} { definite = <number>b; }
export type { Alias };
export { used, type Other as Again };
export default f<string>;
`;

test('types leave spaces behind: lines and columns of the code stay', () => {
  const { code, map, points } = instrument(TYPED, 'typed.ts');
  const text = code.replace(
    /^import \{[^}]*\} from "mapcheck\/stepped";(?:var \$_b=[^;]*;)?(?:[\w$]+\[[^;]*;)*/u,
    '',
  );
  expect(text).not.toMatch(
    /interface|implements|readonly|abstract|declare|satisfies|asserts|UnusedType|Nothing|Alias/u,
  );
  expect(code.split('\n').slice(0, 32)).toHaveLength(TYPED.split('\n').length);
  expect(points.map(({ line, column, expression }) => `${line}:${column} ${expression}`)).toEqual([
    `21:${TYPED.split('\n')[20]!.indexOf('Box.#view') + 1} Box.#view[0]`,
  ]);
  expect(map.sources).toEqual(['typed.ts']);
  expect(code).toContain('import {used} from "./more.ts"');
  expect(code).toContain('this.x=x;this.y=y;');
  expect(code.split('\n')[26]).toContain('let definite');
});
