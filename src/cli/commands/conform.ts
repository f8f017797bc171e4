/** `mapcheck conform`: the engines against the real Go runtime, recorded or live. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { conform } from '../../conform/conform.ts';
import { recordedFiles } from '../../conform/files.ts';
import { conformLive, type LiveReport } from '../../conform/live/live.ts';
import { UsageError } from '../../core/errors.ts';
import { formatConform, formatLive } from '../../report/conform-text.ts';
import { exitCodeOf } from '../exit-code.ts';
import { parseCount, parseSeed } from '../options.ts';
import { printJson, printLines, stdoutPalette, type Terminal } from '../terminal.ts';

interface ConformFlags {
  readonly live?: boolean;
  readonly seed: string;
  readonly count: string;
  readonly go: string;
  readonly traces: string;
  readonly json?: boolean;
}

/** Adds the command to the program. */
export function addConformCommand(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): void {
  program
    .command('conform')
    .summary('compare the engines with the real Go runtime')
    .description(
      'Replays recordings of the real Go runtime and compares result and internal state after every operation. With --live, makes fresh recordings with the Go at hand; `GOTOOLCHAIN=go1.23.4 mapcheck conform --live` chooses another.',
    )
    .argument('[paths...]', 'recordings (.ndjson, .ndjson.gz), or folders of them')
    .option('--live', 'record fresh random traces with the Go on this machine')
    .option('--seed <text>', 'seed of the operations of live traces; any text', '1')
    .option('--count <count>', 'live traces of each kind', '20')
    .option('--go <command>', 'the Go command for live traces', 'go')
    .option(
      '--traces <folder>',
      'where traces are kept; differing live ones go into failures/',
      'traces',
    )
    .option('--json', 'one JSON object on stdout, nothing else')
    .action(async (paths: string[], flags: ConformFlags) => {
      assertSomethingToCompare(paths, flags);
      const isJson = flags.json === true;
      const palette = stdoutPalette(terminal);
      if (flags.live === true) {
        const report = await runLive(flags, terminal);
        const saved = saveFailed(report, join(flags.traces, 'failures', 'go'));
        const { failedTraces, ...rest } = report;
        if (isJson)
          printJson(terminal, { ...rest, savedTraces: saved, failed: failedTraces.length });
        else printLines(terminal, formatLive(report, saved, palette));
        exit(exitCodeOf(report.verdict));
        return;
      }
      const report = conform(recordedFiles(paths));
      if (isJson) printJson(terminal, report);
      else printLines(terminal, formatConform(report, palette));
      exit(exitCodeOf(report.verdict));
    });
}

function assertSomethingToCompare(paths: readonly string[], flags: ConformFlags): void {
  if (paths.length > 0 !== (flags.live === true)) return;
  const isBoth = paths.length > 0;
  throw new UsageError(
    isBoth
      ? '--live makes its own recordings, and paths were given too'
      : 'nothing to compare with',
    {
      code: 'E-USAGE-010',
      place: 'PATH',
      todo: isBoth
        ? 'Give paths or --live, not both.'
        : 'Name recordings, such as traces/golden, or give --live to make fresh ones with Go.',
    },
  );
}

async function runLive(flags: ConformFlags, terminal: Terminal): Promise<LiveReport> {
  terminal.stderr.write('building the recorder and recording\n');
  return conformLive({
    seed: parseSeed('--seed', flags.seed),
    traces: parseCount('--count', flags.count, 1),
    go: flags.go,
  });
}

/** Layouts depend on Go's own random seeds, so a trace that differs is kept whole: no seed brings it back. */
function saveFailed(report: LiveReport, folder: string): string[] {
  return report.failedTraces.map((trace) => {
    const file = join(folder, `${trace.name}.ndjson`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, `${trace.lines.join('\n')}\n`);
    return file;
  });
}
