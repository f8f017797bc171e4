import { expect, test } from 'vitest';
import {
  shardOfTicket,
  shardTicketCount,
  ticketAt,
  ticketCount,
  ticketOfShard,
  type CampaignPlan,
} from './plan.ts';

const plan = (targets: number, runs: number): CampaignPlan => ({
  seed: '1',
  targets: Array.from({ length: targets }, (_, index) => `target ${index}`),
  runs,
  knownFails: false,
});

test.each([
  [1, 49, 1],
  [6, 1000, 1],
  [6, 1000, 2],
  [4, 1000, 7],
  [6, 100, 50],
  [3, 5000, 3],
])('%i targets, %i runs: %i shards take each ticket once, evenly', (targets, runs, count) => {
  const whole = plan(targets, runs);
  const seen: number[] = [];
  const sizes: number[] = [];
  for (let index = 1; index <= count; index++) {
    const size = shardTicketCount(whole, { index, count });
    sizes.push(size);
    for (let position = 0; position < size; position++) {
      const ticket = ticketOfShard({ index, count }, position);
      expect(shardOfTicket(count, ticket)).toBe(index);
      expect(Math.floor(ticket / count)).toBe(position);
      seen.push(ticket);
    }
  }
  expect(seen.toSorted((left, right) => left - right)).toEqual(
    Array.from({ length: ticketCount(whole) }, (_, ticket) => ticket),
  );
  expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
});

// Targets take turns, and so do shards: without a twist, shard 1 of 2 would get every ticket of targets 1, 3 and 5.
test.each([
  [6, 2],
  [4, 2],
  [6, 3],
  [6, 6],
])('%i targets: each of %i shards gets its part of each target', (targets, count) => {
  const whole = plan(targets, 10_000);
  for (let index = 1; index <= count; index++) {
    const byTarget = new Array<number>(targets).fill(0);
    for (let position = 0; position < shardTicketCount(whole, { index, count }); position++) {
      byTarget[ticketAt(whole, ticketOfShard({ index, count }, position)).targetIndex]!++;
    }
    for (const tickets of byTarget) {
      expect(tickets).toBeGreaterThan(120 / count);
      expect(tickets).toBeLessThan(320 / count);
    }
  }
});

test('more runs than can be counted are refused, with the number that can', () => {
  expect(() => ticketCount(plan(6, 2 ** 50))).toThrow(/expected at most \d+/);
});
