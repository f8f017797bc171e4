/**
 * The explorer and fast-check's scheduler on one program of two threads: how long each takes until every class of its
 * interleavings has been seen, and how many executions each makes a second on the way.
 *
 * The peer draws schedules at random and does not know when it has seen them all: it is stopped from outside, by the
 * number of classes that exploring found. Each seed stands for one user who waits.
 */
import fc from 'fast-check';
import { exploreExhaustively } from '../../src/core/explore/optimal.ts';
import { exploreSampled } from '../../src/core/explore/sample/explore-sampled.ts';
import { fib2 } from '../../src/core/selftest/programs-parametric.ts';
import type { SteppedProgram } from '../../src/core/step.ts';
import { formatCount } from '../../src/report/table.ts';
import type { Clock } from '../harness/clock.ts';
import type { Aim } from '../harness/command-line.ts';
import { median } from '../harness/statistics.ts';
import { formatNanoseconds, formatRatio } from '../report/markdown.ts';

/** Rounds of each thread of the program: each reads both words and writes one. */
const ROUNDS = 4;
/** Accesses of the program. */
const ACCESSES = 2 * 3 * ROUNDS;
/** At least this many times as fast as the peer. */
const AIM = 100;
/** How long a search of the peer may take, in budgets: 5 s if the budget is one second. */
const PEER_BUDGETS = 5;

/** The program of the comparison. */
export const PEER_PROGRAM: SteppedProgram = fib2(ROUNDS);

/** Random schedules of the peer with one seed, until every class has been seen or time is up. */
export interface PeerSearch {
  readonly nanoseconds: number;
  readonly runs: number;
  /** Different classes seen. */
  readonly seen: number;
}

/** What the two tools did. */
export interface PeerComparison {
  /** Classes of the program. */
  readonly classes: number;
  /** Nanoseconds of one whole exploration. */
  readonly own: number;
  /** One for each seed. */
  readonly peer: readonly PeerSearch[];
  /** Executions per second of our own random walk, with what it does to tell classes apart. */
  readonly sampled: number;
}

/** Tells of an access of the program. */
export type NoteAccess = (thread: number, word: number, isWrite: boolean) => void;

/** The program as users of `fc.scheduler` write it. */
async function runFibonacci(scheduler: fc.Scheduler, note: NoteAccess): Promise<void> {
  const words = [1, 1];
  const thread = async (t: number): Promise<void> => {
    for (let round = 0; round < ROUNDS; round++) {
      await scheduler.schedule(Promise.resolve());
      note(t, 0, false);
      const x = words[0]!;
      await scheduler.schedule(Promise.resolve());
      note(t, 1, false);
      const y = words[1]!;
      await scheduler.schedule(Promise.resolve());
      note(t, t, true);
      words[t] = x + y;
    }
  };
  await scheduler.waitFor(Promise.all([thread(0), thread(1)]));
}

/** A class as text: the order of the accesses of each word, reads between two writes in any order. */
export class ClassOrder {
  readonly #words: string[][] = [[], []];
  readonly #reads: number[][] = [
    [0, 0],
    [0, 0],
  ];

  /** Takes in an access. */
  add(thread: number, word: number, isWrite: boolean): void {
    const reads = this.#reads[word]!;
    if (!isWrite) {
      reads[thread]!++;
      return;
    }
    this.#words[word]!.push(`${reads.join('.')}w${thread}`);
    reads.fill(0);
  }

  /** The same for all interleavings of a class, and for no others. Reads after the last write are those that are left. */
  text(): string {
    return this.#words.map((order) => order.join()).join(';');
  }
}

/** Runs random schedules of the peer until it has seen so many classes, or so much time is used up. */
export async function searchByPeer(
  seed: number,
  { classes, budgetMs, clock }: { classes: number; budgetMs: number; clock: Clock },
): Promise<PeerSearch> {
  const seen = new Set<string>();
  let runs = 0;
  const start = clock.now();
  const end = start + budgetMs * 1e6;
  const property = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
    const order = new ClassOrder();
    await runFibonacci(scheduler, (thread, word, isWrite) => order.add(thread, word, isWrite));
    seen.add(order.text());
    runs++;
    // A property that fails is how a search ends before its last run.
    return seen.size < classes && clock.now() < end;
  });
  await fc.check(property, { seed, numRuns: 1e9, endOnFailure: true });
  return { nanoseconds: clock.now() - start, runs, seen: seen.size };
}

/** Measures both. `timeOf` gives the nanoseconds of one unit of work. */
export async function comparePeer(
  clock: Clock,
  budgetMs: number,
  timeOf: (work: () => number, budgetMs: number) => number,
): Promise<PeerComparison> {
  let classes = 0;
  const own = timeOf(() => {
    classes = exploreExhaustively(PEER_PROGRAM, { keepsGoing: true }).complete;
    return 1;
  }, budgetMs);
  const schedules = 2_000;
  const walk = timeOf(() => {
    exploreSampled(PEER_PROGRAM, { strategy: 'random', schedules, keepsGoing: true });
    return schedules;
  }, budgetMs);
  // What is compiled while the first schedules run is not held against the peer.
  await searchByPeer(1, { classes, budgetMs: budgetMs / 2, clock });
  const peer: PeerSearch[] = [];
  for (const seed of [2, 3, 4]) {
    peer.push(await searchByPeer(seed, { classes, budgetMs: budgetMs * PEER_BUDGETS, clock }));
  }
  return { classes, own, peer, sampled: 1e9 / walk };
}

/** How long the peer takes with the seed in the middle; for seeds that came to no end, how long they took so far. */
function untilSeen({ peer }: PeerComparison): number {
  return median(peer.map(({ nanoseconds }) => nanoseconds));
}

/** Whether most seeds came to see all classes; otherwise what they took is less than what they would take. */
function isKnown({ classes, peer }: PeerComparison): boolean {
  return peer.filter(({ seen }) => seen === classes).length * 2 > peer.length;
}

/** The aim that the comparison bears on. */
export function peerAim(comparison: PeerComparison): Aim {
  const stopped = isKnown(comparison)
    ? ''
    : `, which was stopped before that, after ${formatNanoseconds(untilSeen(comparison))}`;
  return {
    what: `time until every class of a program has been seen, against fc.scheduler${stopped}`,
    aim: AIM,
    measured: untilSeen(comparison) / comparison.own,
  };
}

/** What was compared, in words and numbers. */
export function peerText(comparison: PeerComparison): string {
  const { classes, own, peer, sampled } = comparison;
  const count = (value: number): string => formatCount(Math.round(value));
  const middle = (of: (search: PeerSearch) => number): number => median(peer.map(of));
  const finished = peer.filter(({ seen }) => seen === classes).length;
  const ratio = formatRatio(untilSeen(comparison) / own);
  const executions = (1e9 * classes) / own;
  const peerExecutions = middle(({ runs, nanoseconds }) => (1e9 * runs) / nanoseconds);
  return [
    `Against \`fc.scheduler\` of fast-check on fib2(${ROUNDS}), two threads with ${ACCESSES} accesses in all and ` +
      `${count(classes)} classes of interleavings.`,
    `What one wants of either tool is to have seen every class. Exploring shows each once, and ends: ${formatNanoseconds(own)}.`,
    'The peer draws schedules at random, so that it sees common classes again and again and rare ones late, and never ' +
      'knows that it has seen all: its accesses are noted, and it is stopped once it has, or when its time is up.',
    `Of ${peer.length} seeds ${finished} saw all; the median is ${count(middle(({ seen }) => seen))} classes in ` +
      `${count(middle(({ runs }) => runs))} schedules and ${formatNanoseconds(untilSeen(comparison))}, ` +
      `${isKnown(comparison) ? '' : 'at least '}${ratio} the time of exploring.`,
    'Executions per second say what one execution costs, not what it is good for: ' +
      `the peer ${count(peerExecutions)}, exploring ${count(executions)} (${formatRatio(executions / peerExecutions)}), ` +
      `our own random walk, which like the peer only samples, ${count(sampled)} (${formatRatio(sampled / peerExecutions)}).`,
  ].join(' ');
}
