/** Exploration with the graph engine: all classes, or an estimate of how many there are. */
import { learn } from '../../learn.ts';
import { JOIN, LOCK, UNLOCK, type SteppedProgram } from '../../step.ts';
import { locations } from '../../memory.ts';
import { HashSum, HIGH_LANE, LOW_LANE, mixEvent } from '../class-hash.ts';
import type { GraphEvent } from './graph.ts';
import { GraphEngine } from './graph-engine.ts';

export interface GraphReport {
  readonly complete: number;
  readonly deadlocks: number;
  readonly parked: number;
  /** Graphs expanded. */
  readonly visits: number;
  /** Classes that were reached more than once: always 0, or the engine is wrong. */
  readonly duplicates: number;
  readonly isExhaustive: boolean;
  readonly hashSum: string;
}

/** A class as it is found. */
export interface GraphClass {
  readonly low: number;
  readonly high: number;
  readonly ending: 'complete' | 'deadlock' | 'parked';
  /** The events in one of the class's orders; those that are not done are pending for ever. */
  readonly events: readonly GraphEvent[];
}

/** Who wants to see the classes, or to end the work. */
export interface GraphVisitor {
  /** A class was found. If the exploration starts over, `restarted` is called first. */
  readonly found?: (graphClass: GraphClass) => void;
  readonly restarted?: () => void;
  /** Asked before every expansion. Returns true to stop. */
  readonly isOver?: () => boolean;
}

/** Explores all classes of a program, expanding at most `visitsMax` graphs. */
export function exploreGraphs<Shared>(
  program: SteppedProgram<Shared>,
  visitsMax: number,
  visitor: GraphVisitor = {},
): GraphReport {
  locations.begin();
  const engine = new GraphEngine(program as SteppedProgram);
  try {
    learn(engine.machine, 1_000);
    for (;;) {
      const report = explore(engine, visitsMax, visitor);
      // What an execution teaches voids the graphs before it; rarely more than once.
      if (!engine.refresh()) return report;
      visitor.restarted?.();
    }
  } finally {
    engine.machine.end();
  }
}

function explore(engine: GraphEngine, visitsMax: number, visitor: GraphVisitor): GraphReport {
  const counts = { complete: 0, deadlocks: 0, parked: 0, visits: 0, duplicates: 0 };
  const hashes = new HashSum();
  const seen = new Set<string>();
  const stack = [engine.start()];
  while (stack.length > 0 && counts.visits < visitsMax && !engine.machine.hasLearned) {
    if (visitor.isOver?.() === true) break;
    counts.visits++;
    const expansion = engine.expand(stack.pop()!);
    if (expansion.kind === 'successors') stack.push(...expansion.graphs);
    if (expansion.kind !== 'full' || expansion.ending === 'void') continue;
    const { low, high } = hashOf(expansion.events, engine.machine.threadCount);
    const key = `${low},${high}`;
    if (seen.has(key)) counts.duplicates++;
    seen.add(key);
    hashes.add(low, high);
    const { ending, events } = expansion;
    visitor.found?.({ low, high, ending, events });
    if (ending === 'complete') counts.complete++;
    else if (ending === 'parked') counts.parked++;
    else counts.deadlocks++;
  }
  return { ...counts, isExhaustive: stack.length === 0, hashSum: hashes.toString() };
}

/** The class hash, from the events in one of the class's orders; by comparing all pairs. */
function hashOf(all: readonly GraphEvent[], threadCount: number): { low: number; high: number } {
  const events = all.filter((event) => event.last.state === 'done');
  const rows: number[][] = [];
  let low = 0;
  let high = 0;
  for (const [i, { last }] of events.entries()) {
    const row = new Array<number>(threadCount).fill(0);
    for (let j = 0; j < i; j++) {
      const earlier = events[j]!.last;
      const isSameThread = earlier.thread === last.thread;
      const isJoin = last.kind === JOIN && earlier.thread === last.joined;
      const conflicts =
        earlier.location === last.location &&
        last.location >= 0 &&
        (writes(earlier.kind, earlier.isWrite) || writes(last.kind, last.isWrite));
      if (!isSameThread && !isJoin && !conflicts) continue;
      for (let u = 0; u < threadCount; u++) row[u] = Math.max(row[u]!, rows[j]![u]!);
    }
    row[last.thread] = last.index;
    rows.push(row);
    low = (low + mixEvent(last.thread, row, 0, threadCount, LOW_LANE)) | 0;
    high = (high + mixEvent(last.thread, row, 0, threadCount, HIGH_LANE)) | 0;
  }
  return { low, high };
}

function writes(kind: number, isWrite: boolean): boolean {
  return isWrite || kind === LOCK || kind === UNLOCK;
}
