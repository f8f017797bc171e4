/** How fast interleavings are explored: `node dist/bench/explore.js --help`. */
import fc from 'fast-check';
import { exploreExhaustively } from '../src/core/explore/optimal.ts';
import * as programs from '../src/core/selftest/programs-parametric.ts';
import { formatCount } from '../src/report/table.ts';
import { locations } from '../src/core/memory.ts';
import { registers, type SteppedProgram, type ThreadRun } from '../src/core/step.ts';
import { openClock } from './harness/clock.ts';
import type { Aim, Benchmark } from './harness/command-line.ts';
import { parseOptions, runIfMain } from './harness/command-line.ts';
import { formatRatio, markdownTable } from './report/markdown.ts';

const OPTIONS = {
  quick: { kind: 'flag', help: 'little time for each program, and no measurement of memory' },
} as const;

const clock = openClock();
/** Schedules kept for the replay to compare with. */
const SCHEDULES_MAX = 20_000;
/** Schedules of the peer, for a full budget. */
const PEER_RUNS = 10_000;
/** Executions over which memory is watched. */
const WATCHED = 1_000_000;

const PROGRAMS: readonly SteppedProgram[] = [
  programs.lastzero(10),
  programs.lastzero(15),
  programs.indexer(14),
  programs.increments('incs', 6, 1),
  programs.readers(13),
  programs.fibBench(4),
  programs.casw(5),
];

/** The benchmark. */
export const exploreBenchmark: Benchmark = {
  name: 'explore',
  title:
    'Exhaustive exploration, every class once, against replaying the same executions with bare generators in the ' +
    'same process. About 1 minute.',
  options: OPTIONS,
  async run(args, output) {
    const options = parseOptions(args, OPTIONS);
    const budgetMs = options.quick ? 50 : 1_000;
    const rows = PROGRAMS.map((program) => {
      output.err(`explore: ${program.name}\n`);
      return measure(program, budgetMs);
    });
    output.err('explore: fast-check\n');
    const peer = await measurePeer(budgetMs);
    const small = [programs.lockedIncrements('lockinc', 4, 1), programs.readers(3)].map(firstCall);
    const memory = options.quick ? '' : memoryText();
    const aims: Aim[] = [
      {
        what: 'executions per second, against fc.scheduler',
        aim: 100,
        measured: peer.own / peer.peer,
      },
      {
        what: 'classes shown per second, against fc.scheduler',
        aim: 100,
        measured: peer.own / peer.peerClasses,
      },
    ];
    const table = markdownTable(
      ['program', 'classes', 'executions per second', 'for one', 'replayed bare', 'ratio'],
      rows,
    );
    const rest = [peerText(peer), ...small, memory].filter((line) => line !== '');
    return { markdown: `${table}\n${rest.join('\n\n')}\n`, aims };
  },
};

function schedulesOf(program: SteppedProgram): Uint8Array[] {
  const schedules: Uint8Array[] = [];
  exploreExhaustively(program, {
    keepsGoing: true,
    onExecution: ({ trail }) => {
      if (schedules.length < SCHEDULES_MAX) {
        schedules.push(trail.thread.slice(0, trail.length));
      }
      return undefined;
    },
  });
  return schedules;
}

/** Runs the schedules with nothing around them: setup, one generator a thread, `next` for each step. */
function replayBare(program: SteppedProgram, schedules: readonly Uint8Array[]): void {
  const runs: ThreadRun[] = [];
  for (const schedule of schedules) {
    locations.restart();
    registers.thread = -1;
    const shared = program.setup();
    for (const [t, thread] of program.threads.entries()) {
      runs[t] = thread(shared);
      runs[t].next();
    }
    for (let i = 0; i < schedule.length; i++) runs[schedule[i]!]!.next();
  }
}

/** Nanoseconds of one unit of work: the best of five rounds, as whatever else runs only adds. */
function timeOf(work: () => number, budgetMs: number): number {
  work();
  let best = Infinity;
  for (let round = 0; round < 5; round++) {
    let units = 0;
    const start = clock.now();
    do units += work();
    while (clock.now() - start < (budgetMs * 1e6) / 5);
    best = Math.min(best, (clock.now() - start) / units);
  }
  return best;
}

function measure(program: SteppedProgram, budgetMs: number): string[] {
  const schedules = schedulesOf(program);
  let classes = 0;
  const explored = timeOf(() => {
    classes = exploreExhaustively(program, { keepsGoing: true }).complete;
    return classes;
  }, budgetMs);
  locations.begin();
  const replayed = timeOf(() => {
    replayBare(program, schedules);
    return schedules.length;
  }, budgetMs);
  locations.end();
  return [
    program.name!,
    formatCount(classes),
    formatCount(Math.round(1e9 / explored)),
    `${(explored / 1000).toFixed(2)} µs`,
    `${(replayed / 1000).toFixed(2)} µs`,
    formatRatio(explored / replayed),
  ];
}

/** What fast-check's scheduler and this explorer do with one program, `fib2(4)`. */
interface PeerComparison {
  /** Executions per second. */
  readonly peer: number;
  readonly own: number;
  /** Different classes that the peer saw per second, of those it ran. */
  readonly peerClasses: number;
  readonly seen: number;
  readonly runs: number;
}

/** `fib2(4)` as its users write it for `fc.scheduler`; `note` is told of every access. */
async function runFibonacci(
  scheduler: fc.Scheduler,
  note: (thread: number, word: number, isWrite: boolean) => void,
): Promise<void> {
  const words = [1, 1];
  const thread = async (t: number): Promise<void> => {
    for (let round = 0; round < 4; round++) {
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

async function measurePeer(budgetMs: number): Promise<PeerComparison> {
  const program = programs.fib2(4);
  const own = timeOf(() => exploreExhaustively(program, { keepsGoing: true }).complete, budgetMs);
  const runs = Math.round((PEER_RUNS * budgetMs) / 1_000);
  const bare = fc.asyncProperty(fc.scheduler(), (scheduler) => runFibonacci(scheduler, () => {}));
  await fc.assert(bare, { numRuns: 50, seed: 1 });
  const start = clock.now();
  await fc.assert(bare, { numRuns: runs, seed: 2 });
  const elapsed = clock.now() - start;
  const seen = new Set<string>();
  const noted = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
    const order = new ClassOrder();
    await runFibonacci(scheduler, (thread, word, isWrite) => order.add(thread, word, isWrite));
    seen.add(order.text());
  });
  await fc.assert(noted, { numRuns: runs, seed: 2 });
  return {
    peer: (1e9 * runs) / elapsed,
    own: 1e9 / own,
    peerClasses: (1e9 * seen.size) / elapsed,
    seen: seen.size,
    runs,
  };
}

/** A class as text: the order of the accesses of each word, reads between two writes in any order. */
class ClassOrder {
  readonly #words: string[][] = [[], []];
  readonly #reads: number[][] = [
    [0, 0],
    [0, 0],
  ];

  add(thread: number, word: number, isWrite: boolean): void {
    const reads = this.#reads[word]!;
    if (!isWrite) {
      reads[thread]!++;
      return;
    }
    this.#words[word]!.push(`${reads.join('.')}w${thread}`);
    reads.fill(0);
  }

  text(): string {
    return this.#words.map((order) => order.join()).join(';');
  }
}

function peerText({ peer, own, seen, runs }: PeerComparison): string {
  return (
    `fc.scheduler on fib2(4), two threads of 12 accesses: ${formatCount(Math.round(peer))} executions per second, ` +
    `explored ${formatCount(Math.round(own))}, ${formatRatio(own / peer)}; its ${formatCount(runs)} random schedules ` +
    `show ${formatCount(seen)} of the 1,107 classes, which exploring shows once each.`
  );
}

/** The first call for a program, nothing of it warm. */
function firstCall(program: SteppedProgram): string {
  const start = clock.now();
  const { complete } = exploreExhaustively(program, { keepsGoing: true });
  const elapsed = ((clock.now() - start) / 1e6).toFixed(1);
  return `${program.name}, all ${complete} classes, the first call: ${elapsed} ms.`;
}

/** Heap in use along one exploration. Needs `--expose-gc` to say more than what was not collected yet. */
function memoryText(): string {
  const samples: number[] = [];
  exploreExhaustively(programs.fibBench(6), {
    keepsGoing: true,
    executionsMax: WATCHED,
    onExecution: ({ number }) => {
      if (number % (WATCHED / 4) === 0) samples.push(heapMb());
      return undefined;
    },
  });
  const marks = samples.map((mb, index) => {
    const executions = formatCount(((index + 1) * WATCHED) / 4);
    return `${mb.toFixed(1)} MB after ${executions}`;
  });
  return `Heap in use along fib_bench(6): ${marks.join(', ')} executions.`;
}

function heapMb(): number {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage().heapUsed / 1e6;
}

await runIfMain(import.meta.url, exploreBenchmark);
