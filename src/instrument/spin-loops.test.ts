import { describe, expect, test } from 'vitest';
import { registers, KIND_MASK, SPIN, WAIT } from '../core/step.ts';
import { AtomicRef } from '../atomics/index.ts';
import { instrument } from './instrument.ts';
import { STEP } from './runtime/index.ts';
import { load, snippetModule } from './testing/compare.ts';

/** Loops with what their back edge is: `spin`, `edge`, or `flag` for a spin unless a call turns out to be unknown. */
const LOOPS: readonly (readonly [loop: string, kind: string])[] = [
  ['while (Atomics.load(view, 0) !== 0) {}', 'spin'],
  ['while (Atomics.compareExchange(view, 0, 0, 1) !== 0);', 'spin'],
  ['for (;;) { const old = Atomics.load(view, 0); if (old === 1) break; }', 'spin'],
  ['do { var x = Atomics.load(view, 1); } while (x > 0)', 'spin'],
  ['let s; while ((s = Atomics.exchange(view, 0, 1)) !== 0) log;', 'spin'],
  ['let s; do { s = Atomics.load(view, 0); } while (s !== 0 && view[1] === 2)', 'spin'],
  [
    'while (true) { let state; state = Atomics.exchange(view, 0, 1); if (state === 0) return; Atomics.wait(view, 0, state); }',
    'spin',
  ],
  [
    'while (!tryLock()) {} function tryLock() { return Atomics.compareExchange(view, 0, 0, 1) === 0; }',
    'spin',
  ],
  [
    'for (let k = 3; Atomics.load(view, k) !== 0; ) { if (view[0] === 4) throw new Error(String(k)); }',
    'spin',
  ],
  ['while (plain.load() !== 0) {}', 'flag'],
  [
    'for (;;) { const p = plain.load(); if (p === null) break; if (plain.compareAndSwap(p, 1)) break; }',
    'flag',
  ],
  ['for (let k = 0; k < 3; k++) Atomics.load(view, k);', 'edge'],
  ['let n = 0; while (Atomics.load(view, 0) !== 0) n++;', 'edge'],
  ['let n = 0; while (Atomics.load(view, 0) !== 0) { n = n + 1; }', 'edge'],
  ['let s = 0; while (Atomics.load(view, 0) !== s) { if (view[1]) s = 1; }', 'edge'],
  ['let s; for (;;) { if (view[1]) s = Atomics.load(view, 0); if (s === 9) break; }', 'edge'],
  ['let s = 0; while (s !== 9) { s = Atomics.load(view, 0); }', 'edge'],
  ['while (Atomics.load(view, 0) !== 0) plain[0] = 1;', 'edge'],
  ['while (Atomics.load(view, 0) !== 0) plain.x += 1;', 'edge'],
  ['while (Atomics.load(view, 0) !== 0) log();', 'edge'],
  ['while (Atomics.load(view, 0) !== 0) { try { log; } catch {} }', 'edge'],
  ['while (count()) {} function count() { c++; return Atomics.load(view, 0); } var c;', 'edge'],
  ['while (deep()) {} function deep() { return Atomics.load(view, 0) && deep(); }', 'edge'],
  ['class A { get g() { return view[0]; } } const a = new A(); while (a.g !== 0) {}', 'spin'],
  ['class A { get #g() { return view[0]; } m() { while (this.#g !== 0); } }', 'spin'],
  [
    'let c = 0; const o = { get g() { return c++; } }; while (Atomics.load(view, 0) > o.g) {}',
    'edge',
  ],
  ['while (true) { if (plain.done) break; }', 'edge'],
  ['const it = plain.values(); while (!it.next().done) Atomics.load(view, 0);', 'edge'],
];

describe('the back edge of a loop', () => {
  test.each(LOOPS)('%s: %s', (loop, kind) => {
    const { code } = instrument(snippetModule(`log; ${loop}`), 'loop.js', { isCommonJs: true });
    const spins = code.split('yield $_spin(').length - 1;
    const edges = code.split('$_loopEdge($_b').length - 1;
    expect([spins, edges]).toEqual(kind === 'spin' ? [1, 0] : kind === 'edge' ? [0, 1] : [1, 1]);
  });
});

function kindsOf(body: string, plain: unknown): readonly number[] {
  const { code } = instrument(snippetModule(body), 'loop.js', { isCommonJs: true });
  const { run } = load(code, 'loop.js');
  const kinds: number[] = [];
  registers.thread = 0;
  const thread = run[STEP]!(() => {}, new Int32Array(new SharedArrayBuffer(8)), plain);
  for (
    let next = thread.next();
    !next.done;
    next = thread.next(kinds.at(-1) === WAIT ? 'not-equal' : undefined)
  ) {
    kinds.push(next.value & KIND_MASK);
    if (kinds.length > 100) break;
  }
  registers.thread = -1;
  return kinds;
}

test('a call that only looks like an atomic one makes the loop an ordinary one', () => {
  const counter = { n: 0, load: () => ++counter.n };
  expect(kindsOf('while (plain.load() < 5) {}', counter)).not.toContain(SPIN);
  const ref = new AtomicRef(1);
  expect(kindsOf('while (plain.load() < 5) {}', ref)).toContain(SPIN);
});

test('no back edge is taken before the first iteration or after the last', () => {
  const kinds = kindsOf(
    'Atomics.store(view, 0, 1); do {} while (Atomics.load(view, 0) === 0); while (Atomics.load(view, 0) === 0) {}',
    [],
  );
  expect(kinds).not.toContain(SPIN);
});
