/** `mapcheck show`: a trace or a journal as a page of its own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Command } from 'commander';
import type { Verdict } from '../../core/property.ts';
import type { PageDocument } from '../../report/html/document.ts';
import { journalPage } from '../../report/html/journal.ts';
import { interleavingPage, operationsPage } from '../../report/html/runs.ts';
import { isJournal, summariseJournals } from '../../run/journal/summary.ts';
import { HANG_TIMEOUT_MS } from '../../run/pool.ts';
import { openProject } from '../../run/project.ts';
import { replayGuarded } from '../../run/replay-guarded.ts';
import { replaySchedule } from '../../run/replay-schedule.ts';
import { readAnyTrace } from '../../trace/read.ts';
import { renderPage } from '../html-report.ts';
import { printJson, printLines, type Terminal } from '../terminal.ts';
import { cannotWrite } from '../write-report.ts';

interface ShowFlags {
  readonly out?: string;
  readonly config?: string;
  readonly json?: boolean;
}

/** Adds the command to the program. */
export function addShowCommand(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): void {
  program
    .command('show')
    .summary('a page of HTML to look at a trace or a journal')
    .description(
      'Replays a trace and writes one self-contained page of HTML: its steps thread by thread, to be walked through with the keyboard, beside the source; or what stands in a journal. Exit code 0 when the page is written, whatever it shows.',
    )
    .argument('<trace|journal>', 'a trace file, a journal file or a folder of journals')
    .option('--out <file>', 'where the page goes (default: the name of the trace, with .html)')
    .option('--config <file>', 'configuration (default: mapcheck.config.ts, .mjs, .js or .json)')
    .option('--json', 'one JSON object on stdout, nothing else')
    .action(async (path: string, flags: ShowFlags) => {
      const { document, verdict } = await pageOf(path, flags.config);
      const out = flags.out ?? `${basename(path).replace(/\.(nd)?json$/, '')}.html`;
      writePage(out, renderPage(document));
      if (flags.json === true) printJson(terminal, { verdict, out });
      else printLines(terminal, [`Wrote ${out}`]);
      exit(0);
    });
}

interface Page {
  readonly document: PageDocument;
  /** What the replay came to; `null` for a journal. */
  readonly verdict: Verdict | null;
}

async function pageOf(path: string, config: string | undefined): Promise<Page> {
  if (isJournal(path)) {
    return { document: journalPage(path, await summariseJournals(path)), verdict: null };
  }
  const project = await openProject(config, process.cwd());
  const loaded = readAnyTrace(path, project.targets);
  if ('schedule' in loaded) {
    const replay = await replaySchedule(loaded.schedule, project.targets);
    const document = interleavingPage(path, loaded.schedule.program, replay);
    return { document, verdict: replay.verdict };
  }
  const [report] = await replayGuarded([loaded], {
    hangTimeoutMs: HANG_TIMEOUT_MS,
    config: project.configFile ?? undefined,
  });
  return { document: operationsPage(report!), verdict: report!.verdict };
}

function writePage(out: string, text: string): void {
  try {
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, text);
  } catch (error) {
    throw cannotWrite('html', out, error);
  }
}
