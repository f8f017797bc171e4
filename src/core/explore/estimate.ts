/**
 * An estimate of the number of classes, before or while they are explored.
 *
 * Source: stochastic enumeration (Rubinstein; Vaisman and Kroese), after Knuth, "Estimating the
 * Efficiency of Backtrack Programs", 1975. The tree of execution graphs is gone through level by
 * level with a random selection of at most `POPULATION` graphs, each of which stands for as many as
 * its level has in proportion. The sum of what the full graphs stand for has the number of classes
 * as its expectation: the tree does not depend on the order of exploration, so there is no bias.
 * Levels that fit are taken whole, so small programs are counted exactly. One graph at a time, as
 * Knuth had it, leaves nearly all the weight to rare branches: it missed the 15 classes of four
 * dining philosophers in 2,000 probes.
 */
import { learn } from '../learn.ts';
import { createIntegers, type Integers } from '../../random/integers.ts';
import { deriveState, expandSeed } from '../../random/seed.ts';
import { locations } from '../memory.ts';
import type { SteppedProgram } from '../step.ts';
import { linearize, type Graph } from './graph/graph.ts';
import { GraphEngine, UnsupportedStepError } from './graph/graph-engine.ts';

/** Graphs of a level that are followed. */
const POPULATION = 64;

export interface ClassEstimate {
  /** Mean of the rounds. */
  readonly classes: number;
  /** Ends of the interval of two standard errors around it; the lower one is at least 0. */
  readonly low: number;
  readonly high: number;
  readonly rounds: number;
}

/**
 * Estimates how many classes a program has, or returns `null` if it uses steps that the graph
 * engine does not support.
 */
export function estimateClasses<Shared>(
  program: SteppedProgram<Shared>,
  options: { readonly rounds?: number; readonly seed?: string } = {},
): ClassEstimate | null {
  const rounds = options.rounds ?? 12;
  const state = expandSeed(options.seed ?? '1', 'explore/estimate');
  const engine = new GraphEngine(program as SteppedProgram);
  locations.begin();
  try {
    learn(engine.machine, 1_000);
    let sum = 0;
    let squares = 0;
    for (let k = 0; k < rounds; k++) {
      const counted = enumerate(engine, createIntegers(deriveState(state, k)));
      sum += counted;
      squares += counted * counted;
      if (!engine.refresh()) continue;
      // What was learned voids the rounds so far.
      [k, sum, squares] = [-1, 0, 0];
    }
    const classes = sum / rounds;
    const variance = Math.max(0, squares / rounds - classes * classes);
    const error = 2 * Math.sqrt(variance / Math.max(1, rounds - 1));
    return { classes, low: Math.max(0, classes - error), high: classes + error, rounds };
  } catch (error) {
    if (error instanceof UnsupportedStepError) return null;
    throw error;
  } finally {
    engine.machine.end();
  }
}

/** One round: the number of classes as seen by one random selection. */
function enumerate(engine: GraphEngine, random: Integers): number {
  let level: readonly Graph[] = [engine.start()];
  let classes = 0;
  for (let weight = 1; level.length > 0;) {
    const next: Graph[] = [];
    for (const graph of level) {
      const expansion = engine.expand(graph);
      if (expansion.kind === 'full' && expansion.ending !== 'void') classes += weight;
      if (expansion.kind !== 'successors') continue;
      for (const successor of expansion.graphs) {
        if (linearize(successor) !== null) next.push(successor);
      }
    }
    const followed = select(next, random);
    if (followed.length > 0) weight *= next.length / followed.length;
    level = followed;
  }
  return classes;
}

/** A random selection of at most `POPULATION`, all with the same chance. */
function select(graphs: Graph[], random: Integers): readonly Graph[] {
  if (graphs.length <= POPULATION) return graphs;
  for (let i = 0; i < POPULATION; i++) {
    const j = i + random.below(graphs.length - i);
    const chosen = graphs[j]!;
    graphs[j] = graphs[i]!;
    graphs[i] = chosen;
  }
  return graphs.slice(0, POPULATION);
}
