import { describe, expect, test } from 'vitest';
import { AtomicRef } from '../../atomics/atomic-ref.ts';
import { Mutex } from '../../atomics/mutex.ts';
import {
  atomicCompareExchange,
  atomicLoad,
  atomicNotify,
  atomicStore,
  atomicWait,
  created,
  loopEdge,
  mutexLock,
  mutexUnlock,
  objectLoad,
  objectStore,
  plainRead,
  plainWrite,
  spin,
  spinEntry,
  type SteppedProgram,
  type StepResult,
} from '../step.ts';
import { exploreExhaustively } from './optimal.ts';

type Run = Generator<number, unknown, StepResult>;
/** A thread, or a part of one, without a result. */
type Steps = Generator<number, void, StepResult>;

function wordsProgram(
  threads: readonly ((words: Int32Array) => Run)[],
  more: Partial<SteppedProgram<Int32Array>> = {},
): SteppedProgram<Int32Array> {
  return { setup: () => new Int32Array(created(new SharedArrayBuffer(16))), threads, ...more };
}

function* load(words: Int32Array, place: number): Generator<number, number, StepResult> {
  yield atomicLoad(words, place, 100 + place);
  return Atomics.load(words, place);
}

function* store(words: Int32Array, place: number, value: number): Steps {
  yield atomicStore(words, place, 200 + place);
  Atomics.store(words, place, value);
}

describe('assertions', () => {
  function* increment(words: Int32Array): Steps {
    const value = yield* load(words, 0);
    yield* store(words, 0, value + 1);
  }

  test('finds a lost update and stops there', () => {
    const program = wordsProgram([increment, increment], {
      check: (words) => {
        if (words[0] !== 2) throw new Error(`expected 2, found ${words[0]}`);
      },
    });
    const report = exploreExhaustively(program);
    expect(report.verdict).toBe('fails');
    expect(report.failure).toMatchObject({
      kind: 'assertion',
      message: 'the check at the end threw Error: expected 2, found 1',
      schedule: [0, 1, 0, 1],
    });
    expect(report.isExhaustive).toBe(false);
  });

  test('goes on after a failure if asked to', () => {
    const program = wordsProgram([increment, increment], {
      check: (words) => {
        if (words[0] !== 2) throw new Error('lost');
      },
    });
    const report = exploreExhaustively(program, { keepsGoing: true });
    expect(report).toMatchObject({ verdict: 'fails', complete: 4, isExhaustive: true });
  });

  test('a thread that throws fails with its number', () => {
    function* picky(words: Int32Array): Steps {
      if ((yield* load(words, 0)) === 7) throw new RangeError('seven');
    }
    const report = exploreExhaustively(wordsProgram([(words) => store(words, 0, 7), picky]));
    expect(report.failure).toMatchObject({
      kind: 'assertion',
      thread: 1,
      message: 'thread 2 threw RangeError: seven',
    });
  });

  test('the check receives the results of all threads', () => {
    const seen = new Set<string>();
    const program = wordsProgram([(words) => load(words, 0), (words) => store(words, 0, 5)], {
      check: (_, results) => {
        seen.add(JSON.stringify(results));
      },
    });
    expect(exploreExhaustively(program).verdict).toBe('holds');
    expect([...seen].sort()).toEqual(['[0,null]', '[5,null]']);
  });
});

describe('data races', () => {
  function* publish(words: Int32Array): Steps {
    yield plainWrite(words, 0);
    words[0] = 42;
    yield* store(words, 1, 1);
  }

  test('a plain access behind a flag is no race', () => {
    function* consume(words: Int32Array): Steps {
      if ((yield* load(words, 1)) === 0) return;
      yield plainRead(words, 0);
    }
    expect(exploreExhaustively(wordsProgram([publish, consume])).verdict).toBe('holds');
  });

  test('the same without looking at the flag is one, with both accesses', () => {
    function* consume(words: Int32Array): Steps {
      yield* load(words, 1);
      yield plainRead(words, 0);
    }
    const report = exploreExhaustively(wordsProgram([publish, consume]));
    expect(report.failure?.kind).toBe('race');
    const [first, second] = report.failure!.race!;
    expect(report.failure!.schedule[first]).not.toBe(report.failure!.schedule[second]);
    expect(report.failure!.message).toContain('setup #0, byte 0');
  });

  test('two atomic writes order nothing', () => {
    function* second(words: Int32Array): Steps {
      yield* store(words, 1, 2);
      yield plainRead(words, 0);
    }
    const { failure } = exploreExhaustively(wordsProgram([publish, second]));
    // In the first run already, where both atomic writes come before the plain read.
    expect(failure).toMatchObject({ kind: 'race', execution: 1, schedule: [0, 0, 1, 1] });
  });

  test('a lock orders plain accesses', () => {
    function* locked({ mutex, words }: { mutex: Mutex; words: Int32Array }): Steps {
      yield mutexLock(mutex);
      mutex.lock();
      yield plainRead(words, 0);
      const value = words[0]!;
      yield plainWrite(words, 0);
      words[0] = value + 1;
      yield mutexUnlock(mutex);
      mutex.unlock();
    }
    const report = exploreExhaustively({
      setup: () => ({
        mutex: created(new Mutex()),
        words: new Int32Array(created(new SharedArrayBuffer(4))),
      }),
      threads: [locked, locked, locked],
    });
    expect(report).toMatchObject({ verdict: 'holds', complete: 6 });
  });

  test('elements of different sizes race exactly if their bytes overlap', () => {
    const writeHalf = (half: number) =>
      function* (words: Int32Array): Steps {
        const halves = new Int16Array(words.buffer);
        yield plainWrite(halves, half);
        halves[half] = 1;
      };
    function* writeWord(words: Int32Array): Steps {
      yield plainWrite(words, 0);
      words[0] = 2;
    }
    const apart = exploreExhaustively(wordsProgram([writeHalf(2), writeWord, writeHalf(3)]));
    expect(apart).toMatchObject({ verdict: 'holds', complete: 1 });
    const overlapping = exploreExhaustively(wordsProgram([writeHalf(1), writeWord]));
    expect(overlapping.failure?.kind).toBe('race');
  });

  test('a plain access against an atomic one is reported only on request', () => {
    function* atomic(words: Int32Array): Steps {
      yield* store(words, 0, 1);
    }
    function* plain(words: Int32Array): Steps {
      yield plainRead(words, 0);
    }
    const program = wordsProgram([atomic, plain]);
    expect(exploreExhaustively(program).verdict).toBe('holds');
    expect(exploreExhaustively(program, { findsMixedRaces: true }).failure?.kind).toBe('race');
  });
});

describe('waiting', () => {
  function* wait(words: Int32Array, timeout?: number): Run {
    return yield atomicWait(words, 0, 0, timeout);
  }
  function* wake(words: Int32Array): Run {
    yield* store(words, 0, 1);
    return yield atomicNotify(words, 0, undefined);
  }
  function resultsOf(program: SteppedProgram<Int32Array>): string[] {
    const seen = new Set<string>();
    const check = (_: Int32Array, results: readonly unknown[]): void => {
      seen.add(results.join());
    };
    exploreExhaustively({ ...program, check }, { keepsGoing: true });
    return [...seen].sort();
  }

  test('a wait is woken or finds the value changed, and nothing else', () => {
    expect(resultsOf(wordsProgram([(words) => wait(words), wake]))).toEqual([
      'not-equal,0',
      'ok,1',
    ]);
  });

  test('a timeout is a choice', () => {
    expect(resultsOf(wordsProgram([(words) => wait(words, 5), wake]))).toEqual([
      'not-equal,0',
      'ok,1',
      'timed-out,0',
    ]);
  });

  test('a timeout of 0 never queues', () => {
    expect(resultsOf(wordsProgram([(words) => wait(words, 0), wake]))).toEqual([
      'not-equal,0',
      'timed-out,0',
    ]);
  });

  test('a notify that comes too early leaves a deadlock', () => {
    function* notifyOnly(words: Int32Array): Steps {
      yield atomicNotify(words, 0, undefined);
    }
    const report = exploreExhaustively(wordsProgram([(words) => wait(words), notifyOnly]), {
      keepsGoing: true,
    });
    expect(report).toMatchObject({ complete: 1, deadlocks: 1 });
    expect(report.failure).toMatchObject({
      kind: 'deadlock',
      message: 'no thread can move: thread 1 waits to be notified at setup #0, byte 0',
    });
  });

  test('a notify of one wakes the thread that waited first', () => {
    function* notifyOne(words: Int32Array): Steps {
      yield atomicNotify(words, 0, 1);
    }
    const report = exploreExhaustively(
      wordsProgram([(words) => wait(words), (words) => wait(words), notifyOne]),
      { keepsGoing: true },
    );
    expect(report.complete).toBe(0);
    expect(report.deadlocks).toBe(6);
  });
});

describe('spin loops', () => {
  function* spinLock(words: Int32Array): Steps {
    spinEntry(1);
    for (;;) {
      yield atomicCompareExchange(words, 0, 0);
      if (Atomics.compareExchange(words, 0, 0, 1) === 0) break;
      yield spin(1);
    }
    const value = yield* load(words, 1);
    yield* store(words, 1, value + 1);
    yield* store(words, 0, 0);
  }

  test('a spin lock is no deadlock, and its waiting is bounded', () => {
    const report = exploreExhaustively(
      wordsProgram([spinLock, spinLock], {
        check: (words) => {
          if (words[1] !== 2) throw new Error('not exclusive');
        },
      }),
    );
    expect(report).toMatchObject({ verdict: 'holds', deadlocks: 0, redundant: 0 });
  });

  test('a loop that waits for what never comes is a deadlock that names the loop', () => {
    function* forever(words: Int32Array): Steps {
      spinEntry(9);
      while ((yield* load(words, 0)) !== 5) yield spin(9);
    }
    const report = exploreExhaustively(wordsProgram([forever, (words) => store(words, 0, 4)]));
    expect(report.failure).toMatchObject({
      kind: 'deadlock',
      message: 'no thread can move: thread 1 spins in loop 9',
    });
  });

  test('a bound on steps is inconclusive and names the loop', () => {
    function* count(words: Int32Array): Steps {
      for (let i = 0; ; i++) {
        if ((yield* load(words, 0)) === i + 1e6) return;
        loopEdge(17);
      }
    }
    const report = exploreExhaustively(wordsProgram([count]), { stepsMax: 50 });
    expect(report).toMatchObject({ verdict: 'inconclusive', truncated: 1, complete: 0 });
    expect(report.bound).toMatchObject({
      bound: 'steps',
      limit: 50,
      thread: 0,
      loop: 17,
      point: 100,
    });
  });

  test('a loop without any step is a bound too', () => {
    function* idle(words: Int32Array): Steps {
      yield* load(words, 0);
      for (;;) loopEdge(3);
    }
    const report = exploreExhaustively(wordsProgram([idle]));
    expect(report).toMatchObject({
      verdict: 'inconclusive',
      bound: { bound: 'local-loop', loop: 3 },
    });
  });
});

describe('invariants', () => {
  test('are tested in states that only another order of the same class passes through', () => {
    // The two writes are independent: one execution stands for both orders, and in one of them x
    // runs ahead of y.
    const threads = [
      (words: Int32Array) => store(words, 0, 1),
      (words: Int32Array) => store(words, 1, 1),
    ];
    const neverAhead = (behind: number) => ({
      name: 'never ahead',
      test: (words: Int32Array) => {
        if (words[1 - behind]! > words[behind]!) throw new Error(`${words[0]}, ${words[1]}`);
      },
    });
    expect(exploreExhaustively(wordsProgram(threads)).complete).toBe(1);
    for (const behind of [0, 1]) {
      const program = wordsProgram(threads, { invariants: [neverAhead(behind)] });
      expect(exploreExhaustively(program).failure?.kind).toBe('invariant');
    }
  });

  test('a state between two steps of one thread is seen', () => {
    function* twoSteps(words: Int32Array): Steps {
      yield* store(words, 0, 1);
      yield* store(words, 1, 1);
    }
    const program = wordsProgram([twoSteps], {
      invariants: [
        {
          name: 'equal',
          test: (words) => {
            if (words[0] !== words[1]) throw new Error('torn');
          },
        },
      ],
    });
    expect(exploreExhaustively(program).failure).toMatchObject({
      kind: 'invariant',
      message: 'equal: Error: torn',
      schedule: [0],
    });
  });
});

describe('names of shared objects', () => {
  test('do not depend on which thread comes first to create or to use one', () => {
    function* own(words: Int32Array): Steps {
      const value = yield* load(words, 0);
      const ref = created(new AtomicRef(value));
      yield objectStore(ref);
      ref.store(1);
      yield objectLoad(ref);
    }
    const report = exploreExhaustively(
      wordsProgram([own, (words) => store(words, 0, 1), own], {
        check: (words) => {
          if (words[0] !== 1) throw new Error('impossible');
        },
      }),
    );
    expect(report).toMatchObject({ verdict: 'holds', complete: 4, divergence: null });
  });
});

describe('nondeterminism', () => {
  test('is found by running again, with the first step that differs', () => {
    let runs = 0;
    function* moody(words: Int32Array): Steps {
      yield* load(words, 0);
      yield* load(words, 1 + (runs++ % 2));
    }
    const report = exploreExhaustively(wordsProgram([moody, (words) => store(words, 0, 1)]));
    expect(report.verdict).toBe('nondeterministic');
    expect(report.divergence).toMatchObject({ stepIndex: 1, thread: 0 });
  });

  test('is found in values too, of steps and of results', () => {
    let runs = 0;
    function* storing(words: Int32Array): Steps {
      yield atomicStore(words, 0);
      Atomics.store(words, 0, ++runs);
    }
    function* returning(words: Int32Array): Generator<number, number, StepResult> {
      yield atomicLoad(words, 0);
      return Atomics.load(words, 1) + ++runs;
    }
    expect(exploreExhaustively(wordsProgram([storing])).divergence).toMatchObject({
      stepIndex: 0,
      first: 'value 0, then 2',
      second: 'value 0, then 3',
    });
    const program = wordsProgram([returning]);
    expect(exploreExhaustively(program).divergence).toMatchObject({
      stepIndex: 1,
      second: 'returned 6',
    });
  });
});

test('a program that touches nothing shared shows it', () => {
  function* idle(): Steps {}
  const report = exploreExhaustively(wordsProgram([idle, idle]));
  expect(report).toMatchObject({ locationCount: 0, complete: 1 });
});

describe('budgets', () => {
  test('a budget of executions is inconclusive', () => {
    const threads = [1, 2, 3].map((value) => (words: Int32Array) => store(words, 0, value));
    const report = exploreExhaustively(wordsProgram(threads), { executionsMax: 4 });
    expect(report).toMatchObject({
      verdict: 'inconclusive',
      complete: 4,
      bound: { bound: 'executions', limit: 4 },
    });
  });
});
