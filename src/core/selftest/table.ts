/**
 * The ground truth: programs with their exact numbers of classes, from the literature and
 * recomputed by independent methods. Sources: the tables of the POPL 2014 and JACM 2017 papers on
 * optimal DPOR, the test suites of GenMC (`sc.mo`), Nidhugg and Concuerror. The last two rows were
 * found here: random programs on which explorers with one rule left out lost classes, made small.
 */
import type { SteppedProgram } from '../step.ts';
import * as fixed from './programs-fixed.ts';
import * as sized from './programs-parametric.ts';

/** One program and what is known of it. */
export interface GroundTruth {
  readonly program: SteppedProgram;
  /** Classes in which all threads end. */
  readonly complete: number;
  /** Classes that end in a deadlock. */
  readonly deadlocks: number;
  /** Classes in which a thread's assumption fails. */
  readonly parked: number;
}

function row(program: SteppedProgram, complete: number, deadlocks = 0, parked = 0): GroundTruth {
  return { program, complete, deadlocks, parked };
}

function family(
  make: (n: number) => SteppedProgram,
  counts: Readonly<Record<number, number>>,
): GroundTruth[] {
  return Object.entries(counts).map(([n, complete]) => row(make(Number(n)), complete));
}

const increments = (name: string, places: number) => (n: number) =>
  sized.increments(name, n, places);
const locked = (name: string, places: number) => (n: number) =>
  sized.lockedIncrements(name, n, places);
const co1 = (n: number): SteppedProgram => sized.coherence('co1', n, sized.reader(0, 0));
const co4 = (n: number): SteppedProgram => sized.coherence('co4', n, sized.writeAndRead());

/** All rows, families in the order of the reference, sizes ascending. */
export const GROUND_TRUTH: readonly GroundTruth[] = [
  ...family(sized.readers, { 2: 4, 3: 8, 8: 256, 13: 8_192 }),
  ...family(sized.writers, { 2: 6, 3: 24, 5: 720 }),
  ...family(sized.lastwrite, { 2: 2, 4: 24, 6: 720 }),
  ...family(sized.lastzero, { 1: 2, 2: 5, 3: 12, 4: 28, 5: 64, 10: 3_328, 15: 147_456 }),
  ...family(increments('ainc', 1), { 3: 6, 6: 720 }),
  ...family(increments('binc', 2), { 2: 4, 3: 36, 4: 576 }),
  ...family(increments('cinc', 3), { 2: 8, 3: 216 }),
  ...family(sized.wainc, { 2: 6, 4: 120 }),
  ...family(sized.inc, { 2: 4, 3: 36, 4: 576 }),
  ...family(sized.cas, { 2: 2, 4: 4, 8: 8 }),
  ...family(sized.casw, { 2: 6, 3: 66, 4: 1_200, 5: 32_880 }),
  ...family(sized.wcas, { 2: 5, 3: 13, 4: 33, 5: 81, 6: 193, 7: 449, 8: 1_025, 9: 2_305 }),
  ...family(sized.fibBench, { 1: 11, 2: 140, 3: 1_698, 4: 19_605, 5: 218_243 }),
  ...family(sized.fib2, { 1: 3, 2: 19, 3: 141, 4: 1_107 }),
  ...family(sized.filesystem, { 13: 1, 14: 2, 16: 8, 18: 32, 19: 64, 22: 512 }),
  ...family(sized.indexer, { 11: 1, 12: 8, 13: 64, 14: 512, 15: 4_096 }),
  ...family(sized.twoWriters, { 1: 4, 2: 14, 3: 50, 4: 182, 5: 672 }),
  ...family(co1, { 2: 12, 3: 60, 4: 360 }),
  ...family(co4, { 2: 12, 3: 60, 4: 360 }),
  ...family(locked('lockinc', 1), { 2: 2, 4: 24, 5: 120 }),
  ...family(locked('binc-locks', 2), { 2: 4, 3: 36 }),
  ...family(sized.lockreaders, { 2: 2, 4: 24 }),
  row(sized.dining(3), 6, 1),
  row(sized.dining(4), 14, 1),
  row(sized.dining(5), 30, 1),
  row(sized.dining(6), 62, 1),
  ...family(sized.chain2W, { 2: 4, 3: 8, 6: 64 }),
  row(fixed.STORE_BUFFERING, 3),
  row(fixed.MESSAGE_PASSING, 3),
  row(fixed.LOAD_BUFFERING, 3),
  row(fixed.TWO_TWO_WRITES, 3),
  row(fixed.WRITE_TO_READ, 7),
  row(fixed.INDEPENDENT_READS, 15),
  row(fixed.COHERENCE, 36),
  row(fixed.PETERSON, 4, 0, 6),
  row(fixed.CROSSED_LOCKS, 2, 1),
  row(fixed.POPL_EXAMPLE, 5),
  row(fixed.SLEEPING_RACES, 10),
  row(fixed.BEYOND_THE_CORE, 12),
  row(fixed.OPEN_RACES, 112),
];
