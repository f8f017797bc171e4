import { describe, expect, test } from 'vitest';
import { createWords } from '../selftest/programs-parametric.ts';
import { atomicLoad, atomicStore, mutexLock, mutexUnlock, created } from '../step.ts';
import type { SteppedProgram } from '../step.ts';
import { Mutex } from '../../atomics/mutex.ts';
import { exploreExhaustively } from '../explore/optimal.ts';
import { leaveOutThreads, withoutThreads } from './empty-threads.ts';
import { shrinkThreads } from './shrink-threads.ts';

type Run = Generator<number, number>;

function* add(words: Int32Array): Run {
  yield atomicLoad(words, 0, 1);
  const seen = words[0]!;
  yield atomicStore(words, 0, 2);
  return (words[0] = seen + 1);
}

function* look(words: Int32Array): Run {
  yield atomicLoad(words, 0, 3);
  return words[0]!;
}

function program(
  threads: SteppedProgram<Int32Array>['threads'],
  check: (words: Int32Array, results: readonly unknown[]) => void,
): SteppedProgram {
  return { setup: () => createWords(1), threads, check } as SteppedProgram;
}

function shrunk(failing: SteppedProgram): readonly number[] {
  const { failure } = exploreExhaustively(failing);
  const smaller = leaveOutThreads(failing, failure!.schedule)!;
  const again = exploreExhaustively(withoutThreads(failing, smaller.leftOut));
  expect(again.failure?.kind).toBe(failure!.kind);
  return smaller.leftOut;
}

describe('leaves out whole threads', () => {
  test('that a lost update does not need', () => {
    const failing = program([look, add, look, add], (words) => {
      if (words[0] !== 2) throw new Error('lost');
    });
    expect(shrunk(failing)).toEqual([0, 2]);
  });

  test('but none whose absence alone makes the check fail', () => {
    const failing = program([add, add, add], (words) => {
      if (words[0] !== 3) throw new Error('lost');
    });
    expect(shrunk(failing)).toEqual([]);
  });

  test('unless the check fails whatever happens', () => {
    const failing = program([add, look, add], () => {
      throw new Error('never right');
    });
    expect(shrunk(failing)).toEqual([1, 2]);
  });

  test('and those that keep out of a deadlock', () => {
    const failing: SteppedProgram<readonly Mutex[]> = {
      setup: () => [created(new Mutex()), created(new Mutex()), created(new Mutex())],
      threads: [hold(0, 1), hold(2, 2), hold(1, 0)],
    };
    expect(shrunk(failing as SteppedProgram)).toEqual([1]);
  });
});

function hold(first: number, second: number): (locks: readonly Mutex[]) => Generator<number, void> {
  return function* (locks) {
    const places = first === second ? [first] : [first, second];
    for (const place of places) {
      yield mutexLock(locks[place]!);
      locks[place]!.lock();
    }
    for (const place of places) {
      yield mutexUnlock(locks[place]!);
      locks[place]!.unlock();
    }
  };
}

test('a program made of operations loses those that the failure does not need', () => {
  // Threads of letters: `r` remembers, `w` writes what was remembered and 1, `-` looks.
  const build = (threads: readonly string[]): SteppedProgram =>
    program(
      threads.map(
        (letters) =>
          function* (words: Int32Array): Run {
            let seen = 0;
            for (const letter of letters) {
              yield letter === 'w' ? atomicStore(words, 0, 2) : atomicLoad(words, 0, 1);
              if (letter === 'w') words[0] = seen + 1;
              else if (letter === 'r') seen = words[0]!;
            }
            return seen;
          },
      ),
      (words) => {
        const writes = threads.join('').split('w').length - 1;
        if (words[0]! < writes) throw new Error('lost');
      },
    );
  function* candidates(threads: readonly string[]): Generator<readonly string[]> {
    for (const [t, letters] of threads.entries()) {
      for (let i = 0; i < letters.length; i++) {
        yield threads.with(t, letters.slice(0, i) + letters.slice(i + 1));
      }
    }
  }
  const start = ['-r-w', '-rw-', '--'];
  const { failure } = exploreExhaustively(build(start));
  const smaller = shrinkThreads(
    { build: (threads) => ({ program: build(threads) }), candidates },
    start,
    failure!.schedule,
  )!;
  expect(smaller).toMatchObject({ program: ['w', 'rw', ''], isMinimal: true });
});
