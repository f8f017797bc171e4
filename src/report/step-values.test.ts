import { expect, test } from 'vitest';
import { stepValues } from './step-values.ts';

const step = (kind: string, read: unknown, written?: unknown) => ({ kind, read, written });

test('reads, writes, changes, and conditional writes that did not happen', () => {
  const steps = [
    step('load', 1),
    step('store', undefined, 'a'),
    step('update', 2n, 3n),
    step('compareExchange', 4, undefined),
    step('notify', undefined),
    // The end of a wait, at the place of the wait.
    step('wake', undefined),
  ];
  expect(stepValues(steps)).toEqual(['1', '= "a"', '2n -> 3n', '4, not swapped', '', 'wakes']);
});

test('objects keep their names through a run', () => {
  class Node {}
  const [first, second, plain] = [new Node(), new Node(), {}];
  const odd = new Proxy(
    {},
    {
      get: () => {
        throw new Error('do not ask');
      },
    },
  );
  const steps = [
    step('load', null),
    step('compareExchange', null, first),
    step('update', first, second),
    step('update', second, plain),
    step('load', first),
    step('store', undefined, odd),
    step('store', undefined, Object.create(null)),
  ];
  expect(stepValues(steps)).toEqual([
    'null',
    'null -> Node 1',
    'Node 1 -> Node 2',
    'Node 2 -> object 3',
    'Node 1',
    '= object 4',
    '= object 5',
  ]);
});
