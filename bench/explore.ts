/** How fast interleavings are explored: `node dist/bench/explore.js --help`. */
import { exploreExhaustively } from '../src/core/explore/optimal.ts';
import * as programs from '../src/core/selftest/programs-parametric.ts';
import { formatCount } from '../src/report/table.ts';
import { locations } from '../src/core/memory.ts';
import { registers, type SteppedProgram, type ThreadRun } from '../src/core/step.ts';
import { openClock } from './harness/clock.ts';
import { comparePeer, peerAim, peerText } from './exploration/peer.ts';
import type { Benchmark } from './harness/command-line.ts';
import { parseOptions, runIfMain } from './harness/command-line.ts';
import { formatRatio, markdownTable } from './report/markdown.ts';

const OPTIONS = {
  quick: { kind: 'flag', help: 'little time for each program, and no measurement of memory' },
} as const;

const clock = openClock();
/** Schedules kept for the replay to compare with. */
const SCHEDULES_MAX = 20_000;
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

const LEGEND =
  'These programs are confined: their threads share elements of typed arrays and nothing else. They say so; of program ' +
  'files it is proved where it can be. An execution then takes up the one before it where they part, and runs again only ' +
  'the threads that took a step since. "Not rewound" is the speed without that, as programs have it that share locks, ' +
  'atomic objects or plain objects. Replaying bare runs every execution from the start.';

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
    const peer = await comparePeer(clock, budgetMs, timeOf);
    const small = [programs.lockedIncrements('lockinc', 4, 1), programs.readers(3)].map(firstCall);
    const memory = options.quick ? '' : memoryText();
    const table = markdownTable(
      [
        'program',
        'classes',
        'executions per second',
        'not rewound',
        'for one',
        'replayed bare',
        'ratio',
      ],
      rows,
    );
    const rest = [LEGEND, peerText(peer), ...small, memory].filter((line) => line !== '');
    return { markdown: `${table}\n${rest.join('\n\n')}\n`, aims: [peerAim(peer)] };
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
  const explore = (given: SteppedProgram): number =>
    timeOf(() => {
      classes = exploreExhaustively(given, { keepsGoing: true }).complete;
      return classes;
    }, budgetMs);
  const explored = explore(program);
  const whole = explore({ ...program, isConfined: false });
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
    formatCount(Math.round(1e9 / whole)),
    `${(explored / 1000).toFixed(2)} µs`,
    `${(replayed / 1000).toFixed(2)} µs`,
    formatRatio(explored / replayed),
  ];
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
