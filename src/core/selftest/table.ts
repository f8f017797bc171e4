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
  /** Reads-from maps of the complete classes; `null` where none is known. */
  readonly readsFrom: number | null;
}

/** What is known of a program beside its complete classes. */
interface Known {
  readonly deadlocks?: number;
  readonly parked?: number;
  readonly readsFrom?: number | null;
}

function row(program: SteppedProgram, complete: number, known: Known = {}): GroundTruth {
  const { deadlocks = 0, parked = 0, readsFrom = null } = known;
  return { program, complete, deadlocks, parked, readsFrom };
}

/** Reads-from maps by size; by default as many as classes. */
type ReadsFrom = (n: number, complete: number) => number | null;
const asClasses: ReadsFrom = (_, complete) => complete;
const notKnown: ReadsFrom = () => null;

function family(
  make: (n: number) => SteppedProgram,
  counts: Readonly<Record<number, number>>,
  readsFrom: ReadsFrom,
): GroundTruth[] {
  return Object.entries(counts).map(([n, complete]) =>
    row(make(Number(n)), complete, { readsFrom: readsFrom(Number(n), complete) }),
  );
}

const increments = (name: string, places: number) => (n: number) =>
  sized.increments(name, n, places);
const locked = (name: string, places: number) => (n: number) =>
  sized.lockedIncrements(name, n, places);
const co1 = (n: number): SteppedProgram => sized.coherence('co1', n, sized.reader(0, 0));
const co4 = (n: number): SteppedProgram => sized.coherence('co4', n, sized.writeAndRead());

/** All rows, families in the order of the reference, sizes ascending. */
export const GROUND_TRUTH: readonly GroundTruth[] = [
  ...family(sized.readers, { 2: 4, 3: 8, 8: 256, 13: 8_192 }, asClasses),
  ...family(sized.writers, { 2: 6, 3: 24, 5: 720 }, (n) => n + 1),
  ...family(sized.lastwrite, { 2: 2, 4: 24, 6: 720 }, (n) => n),
  ...family(sized.lastzero, { 1: 2, 2: 5, 3: 12, 4: 28, 5: 64, 10: 3_328, 15: 147_456 }, asClasses),
  ...family(increments('ainc', 1), { 3: 6, 6: 720 }, asClasses),
  ...family(increments('binc', 2), { 2: 4, 3: 36, 4: 576 }, asClasses),
  ...family(increments('cinc', 3), { 2: 8, 3: 216 }, asClasses),
  ...family(sized.wainc, { 2: 6, 4: 120 }, notKnown),
  ...family(sized.inc, { 2: 4, 3: 36, 4: 576 }, (n) => (n + 1) ** (n - 1)),
  ...family(sized.cas, { 2: 2, 4: 4, 8: 8 }, (n) => n),
  ...family(sized.casw, { 2: 6, 3: 66, 4: 1_200, 5: 32_880 }, (n) => [4, 24, 200, 2_160][n - 2]!),
  ...family(
    sized.wcas,
    { 2: 5, 3: 13, 4: 33, 5: 81, 6: 193, 7: 449, 8: 1_025, 9: 2_305 },
    asClasses,
  ),
  ...family(sized.fibBench, { 1: 11, 2: 140, 3: 1_698, 4: 19_605, 5: 218_243 }, (n, complete) =>
    n <= 3 ? complete : null,
  ),
  ...family(sized.fib2, { 1: 3, 2: 19, 3: 141, 4: 1_107 }, asClasses),
  ...family(sized.filesystem, { 13: 1, 14: 2, 16: 8, 18: 32, 19: 64, 22: 512 }, notKnown),
  ...family(sized.indexer, { 11: 1, 12: 8, 13: 64, 14: 512, 15: 4_096 }, notKnown),
  ...family(sized.twoWriters, { 1: 4, 2: 14, 3: 50, 4: 182, 5: 672 }, (n) => 2 * n + 1),
  ...family(co1, { 2: 12, 3: 60, 4: 360 }, (n) => n ** 3 + 2 * n),
  ...family(co4, { 2: 12, 3: 60, 4: 360 }, (n) => n ** 2 + n + 1),
  ...family(locked('lockinc', 1), { 2: 2, 4: 24, 5: 120 }, asClasses),
  ...family(locked('binc-locks', 2), { 2: 4, 3: 36 }, asClasses),
  ...family(sized.lockreaders, { 2: 2, 4: 24 }, notKnown),
  row(sized.dining(3), 6, { deadlocks: 1, readsFrom: 6 }),
  row(sized.dining(4), 14, { deadlocks: 1, readsFrom: 14 }),
  row(sized.dining(5), 30, { deadlocks: 1, readsFrom: 30 }),
  row(sized.dining(6), 62, { deadlocks: 1, readsFrom: 62 }),
  ...family(sized.chain2W, { 2: 4, 3: 8, 6: 64 }, () => 1),
  row(fixed.STORE_BUFFERING, 3),
  row(fixed.MESSAGE_PASSING, 3),
  row(fixed.LOAD_BUFFERING, 3),
  row(fixed.TWO_TWO_WRITES, 3, { readsFrom: 1 }),
  row(fixed.WRITE_TO_READ, 7),
  row(fixed.INDEPENDENT_READS, 15),
  row(fixed.COHERENCE, 36, { readsFrom: 21 }),
  row(fixed.PETERSON, 4, { parked: 6 }),
  row(fixed.CROSSED_LOCKS, 2, { deadlocks: 1 }),
  row(fixed.POPL_EXAMPLE, 5),
  row(fixed.SLEEPING_RACES, 10),
  row(fixed.BEYOND_THE_CORE, 12),
  row(fixed.OPEN_RACES, 112),
  row(fixed.separateOperations(1), 1),
  row(fixed.separateOperations(2), 3),
  row(fixed.separateOperations(3), 19),
  row(fixed.separateOperations(4), 207),
  row(fixed.incrementOperations(2), 6),
  row(fixed.incrementOperations(3), 120),
  row(fixed.atomicOperations(2), 4),
  row(fixed.atomicOperations(3), 42),
  row(fixed.BUFFERING_OPERATIONS, 27),
];

/** A program and its classes with at most 0, 1, 2, … preemptions. */
export interface PreemptionTruth {
  readonly program: SteppedProgram;
  readonly counts: readonly number[];
}

/** Classes that need few preemptions; the last count is that of all. */
export const PREEMPTION_TRUTH: readonly PreemptionTruth[] = [
  { program: sized.increments('binc', 2, 2), counts: [2, 4] },
  { program: sized.increments('binc', 3, 2), counts: [6, 24, 36] },
  { program: sized.inc(4), counts: [24, 168, 432, 576] },
  { program: sized.casw(2), counts: [2, 4, 6] },
  { program: sized.casw(3), counts: [6, 24, 54, 66] },
  { program: fixed.PETERSON, counts: [2, 2, 4] },
  { program: fixed.COHERENCE, counts: [18, 36] },
  { program: fixed.INDEPENDENT_READS, counts: [14, 15] },
  { program: fixed.STORE_BUFFERING, counts: [2, 3] },
  { program: fixed.MESSAGE_PASSING, counts: [2, 3] },
  { program: fixed.TWO_TWO_WRITES, counts: [2, 3] },
  { program: sized.fibBench(2), counts: [6, 33, 98, 137, 140] },
  { program: sized.lastzero(5), counts: [64] },
  { program: sized.readers(4), counts: [16] },
  { program: sized.cas(4), counts: [4] },
  { program: sized.dining(3), counts: [6] },
];
