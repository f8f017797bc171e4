import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { stripAtomics, stripInspection } from './strip.ts';

describe('observers', () => {
  test('their calls, their tests, their field and inspect() go', () => {
    const { text, count } = stripInspection(
      [
        'class Example {',
        '    #observer;',
        '    constructor(options) {',
        '        this.#observer = options.observer ?? null;',
        '    }',
        '    grow() {',
        '        if (this.isDue)',
        "            this.#observer?.growthStarted?.(this.isDoubling ? 'doubling' : 'same-size');",
        '        if (this.#observer !== null) {',
        '            this.#observer.growthFinished?.();',
        '        }',
        '    }',
        '    inspect() {',
        '        return { size: this.size, chain: () => { return []; } };',
        '    }',
        '    get size() { return 1; }',
        '}',
      ].join('\n'),
    );
    expect(count).toBe(4);
    expect(text).toMatchInlineSnapshot(`
      "class Example {

          constructor(options) {

          }
          grow() {
              if (this.isDue)
                  ;
              if (false) {
                  ;
              }
          }

          get size() { return 1; }
      }"
    `);
  });

  test('a call in a form that is not known is an error that says where', () => {
    const text = 'first();\nmap.observer.moved(7);\n';
    expect(() => stripInspection(text)).toThrow('left after stripping: observer.moved(');
  });
});

describe('atomics', () => {
  test('references become fields', () => {
    const { text } = stripAtomics(
      [
        'this.pointer = new AtomicRef(box);',
        'const snapshot = this.#read.load();',
        'if (this.pointer.compareAndSwap(pointer, box))',
        '    return pointer;',
        'return this.pointer.swap(box);',
        'this.#read.store({ entries: snapshot.entries, amended: true });',
      ].join('\n'),
    );
    expect(text).toMatchInlineSnapshot(`
      "this.pointer = box;
      const snapshot = this.#read;
      if ((this.pointer === pointer && ((this.pointer = box), true)))
          return pointer;
      const previous = this.pointer; this.pointer = box; return previous;
      this.#read = { entries: snapshot.entries, amended: true };"
    `);
  });

  test('an access in a form that is not known is an error', () => {
    expect(() => stripAtomics('return other.pointer.swap(a);')).toThrow(
      'an access to an AtomicRef',
    );
  });
});

// Goal: the rules keep up with the engines. Types aside, source and compiled text write these things alike.
test.each(['go-map', 'sync-map', 'tree-bucket-map'])('finds what there is in %s', (engine) => {
  const folder = new URL(`../../src/engines/${engine}/`, import.meta.url);
  const counts = readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .filter((name) => name !== 'inspection.ts')
    .map((name) => stripInspection(readFileSync(new URL(name, folder), 'utf8')).count);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(3);
});
