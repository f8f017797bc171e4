/** `mapcheck history`: judges recorded histories. */
import { Option, type Command } from 'commander';
import type { Budget } from '../../core/check/linearize/budget.ts';
import { DEFAULT_BUDGET } from '../../core/check/linearize/budget.ts';
import { CONDITIONS, type Condition } from '../../core/check/linearize/conditions/condition.ts';
import { PROMISES } from '../../core/check/linearize/contracts.ts';
import { explain, type Explanation } from '../../core/check/linearize/explain/explain.ts';
import type { Algorithm } from '../../core/check/linearize/judge.ts';
import { suggest } from '../../core/did-you-mean.ts';
import { UsageError } from '../../core/errors.ts';
import type { Verdict } from '../../core/property.ts';
import { JudgeStream, type HistoryReport } from '../../history/judge-stream.ts';
import { historyJson } from '../../report/history-json.ts';
import { formatHistoryReport, formatHistorySummary } from '../../report/history-text.ts';
import { EXIT_INTERRUPTED, exitCodeOf } from '../exit-code.ts';
import { growingBytes, historyBytes, historyFiles } from '../history-input.ts';
import { Interruption } from '../interruption.ts';
import { parseCount, parseDurationMs } from '../options.ts';
import { printJson, printLines, stdoutPalette, type Terminal } from '../terminal.ts';

const ALGORITHMS: readonly Algorithm[] = ['auto', 'search', 'monitor'];
const POLL_MS = 200;
const DEFAULT_EXPLANATIONS = '3';

interface HistoryFlags {
  readonly algorithm: Algorithm;
  readonly budget?: string;
  readonly condition: Condition;
  readonly contract: string[];
  readonly explain: string;
  readonly follow?: boolean;
  readonly idle?: string;
  readonly json?: boolean;
}

type Report = HistoryReport<Explanation>;

/** Adds the command to the program. */
export function addHistoryCommand(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): void {
  program
    .command('history')
    .summary('judge recorded histories of concurrent maps')
    .description(
      'Judges recorded histories: is there an order of the operations that keeps to real time and that a sequential map allows? The format is described in docs/histories.md.',
    )
    .argument('<files...>', '.ndjson or .ndjson.gz files, folders of them, or - for stdin')
    .addOption(
      new Option('--algorithm <name>', 'auto takes the search only where the monitor cannot tell')
        .choices(ALGORITHMS)
        .default('auto'),
    )
    .option(
      '--budget <limit>',
      `configurations that searches may explore for each history (default: ${DEFAULT_BUDGET.nodes}), or a time such as 30s`,
    )
    .addOption(
      new Option('--condition <name>', 'the consistency condition')
        .choices(CONDITIONS)
        .default('linearizable'),
    )
    .option(
      '--contract <operation=promise>',
      'clear=atomic|each-key, len=atomic|ignored, range=clauses|snapshot|ignored, load=ignored, get=ignored; repeatable',
      (text: string, before: string[]) => [...before, text],
      [],
    )
    .option('--explain <count>', 'explain at most so many failing histories', DEFAULT_EXPLANATIONS)
    .option('--follow', 'judge a growing file live; ends at the first history that fails')
    .option('--idle <duration>', 'with --follow: end when nothing came for so long')
    .option('--json', 'one JSON object on stdout, nothing else')
    .action(async (paths: string[], flags: HistoryFlags) => {
      const judging = new HistoryJudging(flags, terminal);
      if (flags.follow === true) exit(await judging.follow(paths));
      else exit(await judging.judgeAll(historyFiles(paths)));
    });
}

class HistoryJudging {
  readonly #flags: HistoryFlags;
  readonly #terminal: Terminal;
  readonly #promises: Readonly<Record<string, string>>;
  readonly #explanationsMax: number;
  readonly #reports: Report[] = [];
  #explainedCount = 0;

  constructor(flags: HistoryFlags, terminal: Terminal) {
    this.#flags = flags;
    this.#terminal = terminal;
    this.#promises = parsePromises(flags.contract);
    this.#explanationsMax = parseCount('--explain', flags.explain, 0);
    if (flags.budget !== undefined) parseBudget(flags.budget, terminal.now);
  }

  async judgeAll(files: readonly string[]): Promise<number> {
    for (const file of files) {
      const stream = this.#stream(file);
      for await (const chunk of historyBytes(file)) stream.push(chunk);
      stream.end();
    }
    return this.#finish();
  }

  /** Judges what has come, again whenever more came. */
  async follow(paths: readonly string[]): Promise<number> {
    const [file] = paths;
    if (paths.length !== 1 || file === undefined || file === '-') {
      throw new UsageError(`found ${paths.length} inputs, expected one file`, {
        code: 'E-USAGE-020',
        place: '--follow',
        todo: 'Follow one growing file; pipe a stream into `mapcheck history -` instead.',
      });
    }
    const idleMs =
      this.#flags.idle === undefined ? null : parseDurationMs('--idle', this.#flags.idle);
    const interruption = new Interruption();
    const stream = this.#stream(file);
    let judgedCount = -1;
    try {
      const options = { pollMs: POLL_MS, idleMs, signal: interruption.signal };
      for await (const chunk of growingBytes(file, options)) {
        if (chunk.length > 0) {
          stream.push(chunk);
          continue;
        }
        const report = stream.verdictSoFar();
        if (report !== null && report.operations !== judgedCount) {
          judgedCount = report.operations;
          if (report.verdict === 'not-linearizable') {
            this.#add(report);
            return this.#finish();
          }
          this.#terminal.stderr.write(
            `${report.operations} operations, ${report.verdict} so far\n`,
          );
        }
        if (this.#reports.some(({ verdict }) => verdict === 'not-linearizable')) {
          return this.#finish();
        }
      }
    } finally {
      interruption.dispose();
    }
    if (interruption.wasInterrupted) return EXIT_INTERRUPTED;
    stream.end();
    return this.#finish();
  }

  #stream(file: string): JudgeStream<Explanation> {
    const { algorithm, budget, condition } = this.#flags;
    const { now } = this.#terminal;
    return new JudgeStream<Explanation>({
      file,
      condition,
      judging: { algorithm },
      promises: this.#promises,
      makeBudget: () => (budget === undefined ? DEFAULT_BUDGET : parseBudget(budget, now)),
      now,
      explain: (history, judgement, contracts) => {
        if (condition !== 'linearizable' || this.#explainedCount >= this.#explanationsMax)
          return null;
        this.#explainedCount++;
        return explain(history, judgement, contracts);
      },
      onReport: (report) => this.#add(report),
    });
  }

  #add(report: Report): void {
    this.#reports.push(report);
    if (this.#flags.json === true) return;
    const palette = stdoutPalette(this.#terminal);
    printLines(this.#terminal, formatHistoryReport(report, this.#flags.condition, palette));
  }

  #finish(): number {
    const verdicts = this.#reports.map(({ verdict }) => verdict);
    const verdict: Verdict = verdicts.includes('not-linearizable')
      ? 'fails'
      : verdicts.includes('inconclusive')
        ? 'inconclusive'
        : 'holds';
    const { condition } = this.#flags;
    if (this.#flags.json === true) {
      printJson(this.#terminal, historyJson(verdict, condition, this.#reports));
    } else printLines(this.#terminal, [formatHistorySummary(verdicts, condition)]);
    return exitCodeOf(verdict);
  }
}

/** A count of configurations, or a time; the clock starts when the budget is made. */
function parseBudget(text: string, now: () => number): Budget {
  if (/^\d+$/.test(text)) {
    return { nodes: parseCount('--budget', text, 1), isOver: DEFAULT_BUDGET.isOver };
  }
  const limitMs = parseDurationMs('--budget', text);
  const startMs = now();
  return { nodes: Number.POSITIVE_INFINITY, isOver: () => now() - startMs > limitMs };
}

/** Promises by operation, as `--contract` gives them. */
function parsePromises(texts: readonly string[]): Record<string, string> {
  const chosen: Record<string, string> = {};
  for (const text of texts) {
    const [operation = '', promise = ''] = text.split('=', 2);
    const known = Object.hasOwn(PROMISES, operation) ? PROMISES[operation]! : null;
    if (known === null) {
      throw new UsageError(`no contract to choose for ${JSON.stringify(operation)}`, {
        code: 'E-USAGE-021',
        place: '--contract',
        todo: suggest(operation, Object.keys(PROMISES)),
      });
    }
    if (!known.includes(promise)) {
      throw new UsageError(`unknown promise ${JSON.stringify(promise)} of ${operation}`, {
        code: 'E-USAGE-021',
        place: '--contract',
        todo: suggest(promise, known),
      });
    }
    chosen[operation] = promise;
  }
  return chosen;
}
