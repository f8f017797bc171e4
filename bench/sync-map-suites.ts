/** The suites of concurrent sync.Map programs, all of them, with their classes: `node dist/bench/sync-map-suites.js`. */
import { writeFileSync } from 'node:fs';
import { steppedEngine } from '../models/sync-map/concurrent/engine.ts';
import { exploreMapProgram } from '../models/sync-map/concurrent/explore.ts';
import { exploreSuite, type SuiteReport } from '../models/sync-map/concurrent/run-suite.ts';
import { syncMapSuites } from '../models/sync-map/concurrent/suites.ts';
import { loadEngine } from '../src/instrument/load-program.ts';
import type { Benchmark } from './harness/command-line.ts';
import { parseOptions, runIfMain } from './harness/command-line.ts';
import { markdownTable } from './report/markdown.ts';

/** Where `--write` puts the table, from the root of the project. */
const TABLE_PATH = 'docs/sync-map-suites.md';

const OPTIONS = {
  write: { kind: 'flag', help: `write the table to ${TABLE_PATH}` },
} as const;

const INTRODUCTION = `# Suites of concurrent sync.Map programs

Every program of two threads with up to two operations each, and of three threads with one, from each start state, is
explored exhaustively: one execution for each class of interleavings. The numbers behind a start state are the operations
of each thread. In each class the operations must be linearizable
in every real-time order that the class admits, Range must keep its clauses, the rules of state must hold in every state
in which the mutex is free, and read, dirty and misses must be what the mid-level model says after every critical section.
No execution is redundant and no program deadlocks.

Operations: Load, Swap, LoadOrStore, LoadAndDelete, CompareAndSwap and CompareAndDelete of key 1; Load, Swap and
LoadAndDelete of key 2; Range; Clear. Store and Delete take the steps of Swap and LoadAndDelete and return less. Of
programs that differ by the order of threads, or by exchanging keys that the start treats alike, one is kept.

The table is written by \`npm run build && node dist/bench/sync-map-suites.js --write\`; \`mapcheck ci\` explores the same
suites, and a test holds the counts of some of them against this table.

`;

/** The table of these reports. */
function tableOf(reports: readonly SuiteReport[]): string {
  const row = (name: string, all: readonly SuiteReport[]): string[] => [
    name,
    ...[
      all.reduce((sum, { programs }) => sum + programs, 0),
      all.reduce((sum, { classes }) => sum + classes, 0),
      Math.max(...all.map(({ classesMax }) => classesMax)),
      all.reduce((sum, { steps }) => sum + steps, 0),
    ].map((count) => count.toLocaleString('en-US')),
  ];
  return markdownTable(
    ['suite', 'programs', 'classes', 'most in one', 'new steps'],
    [...reports.map((report) => row(report.suite, [report])), row('all', reports)],
  );
}

/** The benchmark. */
export const suitesBenchmark: Benchmark = {
  name: 'sync-map-suites',
  title: 'Explores every suite of concurrent sync.Map programs. Half a minute.',
  options: OPTIONS,
  async run(args, output) {
    const options = parseOptions(args, OPTIONS);
    const engine = steppedEngine(await loadEngine('sync-map'));
    const { user, system } = process.cpuUsage();
    const reports: SuiteReport[] = [];
    for (const suite of syncMapSuites) {
      output.err(`${suite.name}\n`);
      const report = exploreSuite(suite, (program) => exploreMapProgram(program, engine));
      if (report.found !== null) throw new Error(JSON.stringify(report.found));
      reports.push(report);
    }
    const spent = process.cpuUsage();
    const seconds = (spent.user + spent.system - user - system) / 1e6;
    const classes = reports.reduce((sum, report) => sum + report.classes, 0);
    const markdown = tableOf(reports);
    if (options.write) {
      writeFileSync(TABLE_PATH, INTRODUCTION + markdown);
      output.err(`wrote ${TABLE_PATH}\n`);
    }
    const rate = `${Math.round(classes / seconds)} executions a second of CPU time, judging included\n`;
    return { markdown: `${markdown}\n${rate}`, aims: [] };
  },
};

await runIfMain(import.meta.url, suitesBenchmark);
