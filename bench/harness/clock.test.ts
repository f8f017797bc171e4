import { expect, test } from 'vitest';
import { openClock } from './clock.ts';

test.each([undefined, '/nowhere/at/all', '/dev/null'])('moves when work is done (%s)', (path) => {
  const clock = openClock(path);
  const start = clock.now();
  let sum = 0;
  for (let index = 0; index < 3_000_000; index++) sum += Math.sqrt(index);
  const end = clock.now();
  expect(sum).toBeGreaterThan(0);
  expect(end).toBeGreaterThan(start);
  expect(path === undefined || clock.kind === 'wall').toBe(true);
});
