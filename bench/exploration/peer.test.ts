import { expect, test } from 'vitest';
import { exploreExhaustively } from '../../src/core/explore/optimal.ts';
import { exploreSampled } from '../../src/core/explore/sample/explore-sampled.ts';
import type { Execution } from '../../src/core/explore/report.ts';
import { KIND_BITS, KIND_MASK, LOAD } from '../../src/core/step.ts';
import { aimsText } from '../all.ts';
import { ClassOrder, PEER_PROGRAM, peerAim, peerText, searchByPeer } from './peer.ts';
import type { PeerComparison, PeerSearch } from './peer.ts';

const CLASSES = 1_107;
const CLOCK = { kind: 'wall', now: (): number => performance.now() * 1e6 } as const;

function orderOf({ trail }: Execution): string {
  const order = new ClassOrder();
  for (let i = 0; i < trail.length; i++) {
    const code = trail.code[i]!;
    order.add(trail.thread[i]!, code >> KIND_BITS, (code & KIND_MASK) !== LOAD);
  }
  return order.text();
}

/** The classes as exploring tells them apart. */
function exploredOrders(): Set<string> {
  const orders = new Set<string>();
  exploreExhaustively(PEER_PROGRAM, {
    onExecution: (execution) => {
      orders.add(orderOf(execution));
      return undefined;
    },
  });
  return orders;
}

test('classes are told apart for the peer as the explorer tells them apart', () => {
  const orders = exploredOrders();
  expect(orders.size).toBe(CLASSES);
  const hashOf = new Map<string, string>();
  let repeated = 0;
  exploreSampled(PEER_PROGRAM, {
    strategy: 'random',
    schedules: 3_000,
    hasHashes: true,
    onExecution: (execution) => {
      const { trail } = execution;
      const order = orderOf(execution);
      const hash = `${trail.hashHigh()}.${trail.hashLow()}`;
      expect(orders).toContain(order);
      if (hashOf.has(order)) repeated++;
      expect(hashOf.get(order) ?? hash).toBe(hash);
      hashOf.set(order, hash);
      return undefined;
    },
  });
  expect(repeated).toBeGreaterThan(1_000);
});

test('the peer is stopped when it has seen so many classes, and sees the same ones again with the same seed', async () => {
  const given = { classes: 12, budgetMs: 60_000, clock: CLOCK };
  const first = await searchByPeer(5, given);
  expect(first.seen).toBe(12);
  expect(first.runs).toBeGreaterThanOrEqual(12);
  const second = await searchByPeer(5, given);
  expect({ ...second, nanoseconds: 0 }).toEqual({ ...first, nanoseconds: 0 });
});

test('the peer is stopped when its time is up', async () => {
  let now = 0;
  const clock = { kind: 'wall', now: () => (now += 1e6) } as const;
  const { seen, runs, nanoseconds } = await searchByPeer(5, {
    classes: CLASSES,
    budgetMs: 9,
    clock,
  });
  expect([seen < CLASSES, runs, nanoseconds]).toEqual([true, 9, 10e6]);
});

const search = (seconds: number, runs: number, seen: number): PeerSearch => ({
  nanoseconds: seconds * 1e9,
  runs,
  seen,
});

test('the comparison says what is known and what is only a bound', () => {
  const stopped: PeerComparison = {
    classes: CLASSES,
    own: 2e6,
    peer: [search(5, 60_000, 1_080), search(3, 36_000, CLASSES), search(5, 50_000, 1_090)],
    sampled: 240_000,
  };
  expect(peerText(stopped)).toMatchInlineSnapshot(
    `"Against \`fc.scheduler\` of fast-check on fib2(4), two threads with 24 accesses in all and 1,107 classes of interleavings. What one wants of either tool is to have seen every class. Exploring shows each once, and ends: 2.00 ms. The peer draws schedules at random, so that it sees common classes again and again and rare ones late, and never knows that it has seen all: its accesses are noted, and it is stopped once it has, or when its time is up. Of 3 seeds 1 saw all; the median is 1,090 classes in 50,000 schedules and 5.00 s, at least 2500.00× the time of exploring. Executions per second say what one execution costs, not what it is good for: the peer 12,000, exploring 553,500 (46.13×), our own random walk, which like the peer only samples, 240,000 (20.00×)."`,
  );
  expect(aimsText([peerAim(stopped)])).toMatch(
    /against fc\.scheduler, which was stopped before that, after 5\.00 s +\| ≥ 100× +\| 2500\.00× +\| reached/,
  );
  const finished = { ...stopped, peer: stopped.peer.map((one) => ({ ...one, seen: CLASSES })) };
  expect(peerText(finished)).toContain('and 5.00 s, 2500.00× the time of exploring');
  expect(peerAim(finished).what).not.toContain('stopped');
  expect(aimsText([peerAim({ ...finished, own: 1e8 })])).toMatch(/50\.00× +\| missed/);
});
