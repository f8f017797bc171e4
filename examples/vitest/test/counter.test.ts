import { checkProgram, test } from 'mapcheck/vitest';
import { describe, expect } from 'vitest';
import { Counter } from '../src/counter.ts';

describe('a counter', () => {
  test.program('counts each of two increments under its lock', {
    setup: () => new Counter(),
    threads: [(counter) => counter.increment(), (counter) => counter.increment()],
    check: (counter, results) => {
      expect(counter.value).toBe(2);
      expect(new Set(results)).toEqual(new Set([1, 2]));
    },
  });

  const hasty = {
    name: 'hasty increments',
    setup: () => new Counter(),
    threads: [
      (counter: Counter) => counter.incrementHastily(),
      (counter: Counter) => counter.incrementHastily(),
    ],
    check: (counter: Counter) => {
      if (counter.value !== 2) throw new Error(`counted ${counter.value} of 2`);
    },
  };

  test('loses an increment that is hasty, and says how', async () => {
    await expect(checkProgram(hasty)).rejects.toThrowErrorMatchingInlineSnapshot(`
      [ProgramFailure: FAIL  hasty increments / assertion   test/counter.test.ts
        the check at the end threw Error: counted 1 of 2
        4 steps, 1 preemption, and no fewer will do; found with 4 steps and 2 preemptions

           #  T1                                            T2                                            value  place
           0  Atomics.load(this.#words, VALUE)                                                            0      src/counter.ts:27:19
        *  1                                                Atomics.load(this.#words, VALUE)              0      src/counter.ts:27:19
           2                                                Atomics.store(this.#words, VALUE, value + 1)  = 1    src/counter.ts:28:12
        -  3  Atomics.store(this.#words, VALUE, value + 1)                                                = 1    src/counter.ts:28:12

        * preemption: the thread before could have gone on   - switch: it had ended, or could not

        Necessary orderings (turn any of them round, and the failure is gone):
          T1's load of this.#words[VALUE] (src/counter.ts:27:19) came before T2's store of it (src/counter.ts:28:12)
          T2's load of this.#words[VALUE] (src/counter.ts:27:19) came before T1's store of it (src/counter.ts:28:12)

      hasty increments: stopped at the first failure, after 2 classes.]
    `);
  });

  test('more threads than can be explored in a test are sampled', async () => {
    const increment = (counter: Counter) => counter.increment();
    const program = {
      setup: () => new Counter(),
      threads: [increment, increment, increment, increment],
      check: (counter: Counter) => expect(counter.value).toBe(4),
    };
    await expect(program).toHoldUnder('portfolio', { max: 200 });
    await expect(hasty).not.toHoldUnder('pct', { max: 200 });
  });

  test.program.fails('a defect that is known stays among the tests', hasty);

  test('ordinary tests of stepped modules run as ever', () => {
    const counter = new Counter();
    expect([counter.increment(), counter.incrementHastily(), counter.value]).toEqual([1, 2, 2]);
  });
});
