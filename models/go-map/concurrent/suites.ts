/**
 * The programs that show whether GoMap keeps its promises to several threads: readers alone, then writers beside anybody.
 *
 * `clear` writes all cells of the map: beside another write it has tens of thousands of classes, so it stands beside one
 * step of an iterator only.
 */
import type { Program } from '../../../src/core/program.ts';
import type { Suite } from '../../sync-map/concurrent/suites.ts';
import { goMapThreads } from './program.ts';
import type { Call } from './threads.ts';

const FEW = [1, 2, 3];
/** The next new key begins a growth. */
const FULL = [1, 2, 3, 4, 5, 6, 7, 8];
/** With the 27th key four buckets become eight, and some of them have been moved when the threads begin. */
const GROWING = Array.from({ length: 27 }, (_, index) => index + 1);

const READERS: readonly (readonly (readonly Call[])[])[] = [
  [[['get', 1]], [['get', 2]]],
  [[['get', 1]], [['has', 9]], [['size']]],
  [[['forEach']], [['forEach']]],
  [[['forEach']], [['get', 2]]],
];

const NEW: Call = ['set', 9, 90];
const UPDATE: Call = ['set', 1, 11];
const DELETE: Call = ['delete', 1];

const LOOKS: readonly (readonly Call[])[] = [
  [['get', 1]],
  [['has', 9]],
  [['next']],
  [['next'], ['next']],
];

/** Two threads that must not be at it at once. */
const MISUSES: readonly (readonly [keys: readonly number[], ...threads: (readonly Call[])[]])[] = [
  ...[NEW, UPDATE, DELETE].flatMap((write) => LOOKS.map((look) => [FEW, [write], look] as const)),
  [FEW, [['clear']], [['next']]],
  [FEW, [UPDATE], [UPDATE]],
  [FEW, [UPDATE], [NEW]],
  [FEW, [UPDATE], [DELETE]],
  [FEW, [NEW], [DELETE]],
  [FEW, [DELETE], [DELETE]],
  [FULL, [NEW], [['get', 1]]],
] as never;

/** All of them, in the order in which mutants are hunted with them. */
export const goMapSuites: readonly Suite[] = [
  { name: 'readers alone', start: '', shape: 'readers alone', programs: readers },
  { name: 'writers beside others', start: '', shape: 'writers beside others', programs: misuses },
];

function* readers(): Generator<Program> {
  for (const isHashed of [false, true]) {
    for (const keys of [FEW, GROWING]) {
      for (const threads of READERS) yield goMapThreads('readers', keys, threads, isHashed);
    }
  }
}

function* misuses(): Generator<Program> {
  for (const [keys, ...threads] of MISUSES) yield goMapThreads('misuse', keys, threads, true);
}
