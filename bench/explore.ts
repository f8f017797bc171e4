/**
 * Cost of exhaustive exploration, as a ratio to merely replaying the same executions with bare
 * generators.
 *
 * Run: `node dist/bench/explore.js` after a build, or through any TypeScript runner. Ratios of one
 * run are comparable; times are not. Each program is explored until it has taken half a second of
 * CPU time, after a warm-up of its own.
 */
import { exploreExhaustively } from '../src/core/explore/optimal.ts';
import { locations } from '../src/core/memory.ts';
import { registers, type SteppedProgram, type ThreadRun } from '../src/core/step.ts';
import * as programs from '../src/core/selftest/programs-parametric.ts';

const BUDGET_MS = 500;

function schedulesOf(program: SteppedProgram): Uint8Array[] {
  const schedules: Uint8Array[] = [];
  exploreExhaustively(program, {
    keepsGoing: true,
    onExecution: ({ trail }) => {
      if (schedules.length < 20_000) schedules.push(trail.thread.slice(0, trail.length));
      return undefined;
    },
  });
  return schedules;
}

/**
 * Runs the schedules with nothing around them: setup, one generator a thread, `next` for each step.
 */
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

/** CPU time of this process, so that what else runs on the machine counts less. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function timePerRun(work: () => number): number {
  work();
  let runs = 0;
  const start = cpuMs();
  do runs += work();
  while (cpuMs() - start < BUDGET_MS);
  return (cpuMs() - start) / runs;
}

const wanted = process.argv.slice(2);
for (const program of [
  programs.lastzero(10),
  programs.lastzero(15),
  programs.indexer(14),
  programs.increments('incs', 6, 1),
  programs.readers(13),
  programs.lockedIncrements('lockinc', 4, 1),
  programs.readers(3),
  programs.fibBench(3),
]) {
  if (wanted.length > 0 && !wanted.some((name) => program.name!.startsWith(name))) continue;
  const schedules = schedulesOf(program);
  const explored = timePerRun(() => {
    const { complete } = exploreExhaustively(program, { keepsGoing: true });
    return complete;
  });
  locations.begin();
  const replayed = timePerRun(() => {
    replayBare(program, schedules);
    return schedules.length;
  });
  locations.end();
  const line = [
    program.name!.padEnd(12),
    `${(explored * 1000).toFixed(2)} us/execution`,
    `${(1 / explored).toFixed(0)} k/s`,
    `replay ${(replayed * 1000).toFixed(2)} us`,
    `ratio ${(explored / replayed).toFixed(1)}`,
  ];
  process.stdout.write(`${line.join('  ')}\n`);
}
