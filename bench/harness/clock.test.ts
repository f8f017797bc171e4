import { expect, test } from 'vitest';
import { openClock } from './clock.ts';

test('the clock never runs backwards and moves when work is done', () => {
  const clock = openClock();
  const start = clock.now();
  let sum = 0;
  for (let index = 0; index < 3_000_000; index++) sum += Math.sqrt(index);
  const end = clock.now();
  expect(sum).toBeGreaterThan(0);
  expect(end).toBeGreaterThan(start);
  expect(['processor', 'wall']).toContain(clock.kind);
});
