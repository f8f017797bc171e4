/**
 * The engines against brute force on random programs, class by class.
 *
 * Hand-picked programs agree long before an explorer is right: one that agreed with brute force on
 * thousands of small programs still lost classes of a program of six threads. So program k of a
 * seed has a shape of its own: how many threads, how long, how many places, and which few of the
 * operations it uses, so that rare combinations come up as often as common ones.
 */
import type { Random } from 'fast-check';
import { createStream } from '../../random/stream.ts';
import { deriveState, expandSeed, type SeedState } from '../../random/seed.ts';
import { bruteForce } from '../explore/brute-force.ts';
import { exploreGraphs } from '../explore/graph/explore-graphs.ts';
import { UnsupportedStepError } from '../explore/graph/graph-engine.ts';
import { exploreExhaustively } from '../explore/optimal.ts';
import type { SteppedProgram } from '../step.ts';
import {
  randomInstructions,
  randomProgram,
  type Instruction,
  type RandomShape,
} from './random-program.ts';

/** What the engines may spend on one program. */
export interface CampaignLimits {
  /** Prefixes that brute force may visit; a program that needs more is not compared with it. */
  readonly prefixesMax: number;
  /** Graphs that the graph engine may expand; a program that needs more is not compared with it. */
  readonly visitsMax: number;
}

/** The classes of a program as one engine counts them. */
export interface ClassCount {
  readonly complete: number;
  readonly deadlocks: number;
  readonly hashSum: string;
}

/** What comparing the engines on one program came to. */
export interface Comparison {
  /** The optimal explorer's answer. */
  readonly optimal: ClassCount;
  /** Executions begun and abandoned as redundant. */
  readonly redundant: number;
  /** The other engines' answers; `null` where the limits or the steps it knows did not allow one. */
  readonly brute: ClassCount | null;
  readonly graphs: ClassCount | null;
  /** Classes that the graph engine reached more than once. */
  readonly duplicates: number;
  /** What an engine threw, or `null`. */
  readonly fault: string | null;
  readonly agrees: boolean;
}

/** A program on which the engines differ. */
export interface Difference {
  /** Number of the program in its campaign. */
  readonly program: number;
  /** Made small: the engines differ on it too. */
  readonly instructions: readonly (readonly Instruction[])[];
  readonly comparison: Comparison;
}

/** What became of a part of a campaign. */
export interface CampaignReport {
  readonly programs: number;
  readonly comparedWithBruteForce: number;
  readonly comparedWithGraphs: number;
  /** Classes of the programs that were compared. */
  readonly classes: number;
  /** The first program on which the engines differ, or `null`. */
  readonly difference: Difference | null;
}

/** What the graph engine knows, and with it what it does not know. */
const COMMON: readonly Instruction['op'][] = [
  'load',
  'store',
  'read',
  'write',
  'add',
  'cas',
  'lock',
  'unlock',
  'tryLock',
];
const ALL: readonly Instruction['op'][] = [
  ...COMMON,
  'wait',
  'timedWait',
  'notify',
  'half',
  'await',
];

/** Compares the engines on programs `first` to `first + count - 1` of a seed. */
export function compareEngines(
  seed: string,
  first: number,
  count: number,
  limits: CampaignLimits,
): CampaignReport {
  const base = expandSeed(seed, 'selftest/programs');
  let comparedWithBruteForce = 0;
  let comparedWithGraphs = 0;
  let classes = 0;
  for (let k = first; k < first + count; k++) {
    const instructions = instructionsOf(base, k);
    const comparison = compare(randomProgram(instructions), limits);
    if (comparison === null) continue;
    if (comparison.brute !== null) comparedWithBruteForce++;
    if (comparison.graphs !== null) comparedWithGraphs++;
    classes += comparison.optimal.complete + comparison.optimal.deadlocks;
    if (comparison.agrees) continue;
    const difference = shrink(k, instructions, comparison, limits);
    return {
      programs: k - first + 1,
      comparedWithBruteForce,
      comparedWithGraphs,
      classes,
      difference,
    };
  }
  return { programs: count, comparedWithBruteForce, comparedWithGraphs, classes, difference: null };
}

/** Program k: the same for ever, whatever was drawn for others. */
function instructionsOf(base: SeedState, k: number): readonly (readonly Instruction[])[] {
  const random = createStream(deriveState(base, k));
  return randomInstructions(random, shapeOf(random));
}

function shapeOf(random: Random): RandomShape {
  const isWide = random.nextInt(0, 4) === 0;
  const known = random.nextInt(0, 1) === 0 ? COMMON : ALL;
  const opCount = random.nextInt(2, 6);
  const ops = Array.from({ length: opCount }, () => known[random.nextInt(0, known.length - 1)]!);
  const longest = random.nextInt(2, 5);
  return {
    threads: isWide ? [5, 6] : [2, 4],
    operations: isWide ? [1, 2] : [1, longest],
    places: random.nextInt(1, 4),
    ops,
  };
}

/** Explores one program with every engine that can; `null` where no oracle gets to the end. */
export function compare(program: SteppedProgram, limits: CampaignLimits): Comparison | null {
  try {
    return explore(program, limits);
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    const nothing = { complete: 0, deadlocks: 0, hashSum: '' };
    const counts = { optimal: nothing, redundant: 0, brute: null, graphs: null, duplicates: 0 };
    return { ...counts, fault, agrees: false };
  }
}

function explore(program: SteppedProgram, limits: CampaignLimits): Comparison | null {
  const oracle = bruteForce(program, { prunesPrefixes: true, prefixesMax: limits.prefixesMax });
  const brute = oracle.isExhaustive ? countOf(oracle) : null;
  const second = graphsOf(program, limits.visitsMax);
  const graphs = second === null ? null : countOf(second);
  if (brute === null && graphs === null) return null;
  const found = exploreExhaustively(program, {
    keepsGoing: true,
    hasHashes: true,
    findsRaces: false,
  });
  const optimal = countOf(found);
  const duplicates = second?.duplicates ?? 0;
  const agrees =
    found.redundant === 0 &&
    duplicates === 0 &&
    [brute, graphs].every((other) => other === null || isSame(optimal, other));
  return { optimal, redundant: found.redundant, brute, graphs, duplicates, fault: null, agrees };
}

function graphsOf(
  program: SteppedProgram,
  visitsMax: number,
): (ClassCount & { readonly duplicates: number }) | null {
  try {
    const report = exploreGraphs(program, visitsMax);
    return report.isExhaustive ? report : null;
  } catch (error) {
    if (error instanceof UnsupportedStepError) return null;
    throw error;
  }
}

function countOf({ complete, deadlocks, hashSum }: ClassCount): ClassCount {
  return { complete, deadlocks, hashSum };
}

function isSame(a: ClassCount, b: ClassCount): boolean {
  return a.complete === b.complete && a.deadlocks === b.deadlocks && a.hashSum === b.hashSum;
}

/** Leaves out threads, then operations, as long as the engines still differ. */
function shrink(
  program: number,
  instructions: readonly (readonly Instruction[])[],
  found: Comparison,
  limits: CampaignLimits,
): Difference {
  let best = instructions;
  let comparison = found;
  for (let isSmaller = true; isSmaller;) {
    isSmaller = false;
    for (const candidate of smallerThan(best)) {
      const tried = compare(randomProgram(candidate), limits);
      if (tried === null || tried.agrees) continue;
      [best, comparison, isSmaller] = [candidate, tried, true];
      break;
    }
  }
  return { program, instructions: best, comparison };
}

function* smallerThan(
  instructions: readonly (readonly Instruction[])[],
): Generator<readonly (readonly Instruction[])[]> {
  for (let t = 0; t < instructions.length && instructions.length > 1; t++) {
    yield instructions.filter((_, u) => u !== t);
  }
  for (const [t, list] of instructions.entries()) {
    for (let i = 0; i < list.length; i++) {
      yield instructions.with(
        t,
        list.filter((_, j) => j !== i),
      );
    }
  }
}
